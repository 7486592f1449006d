import NovaKernel

extension Export {
    /// The recorded bytes as a capture in pcapng, for Wireshark: a TCP connection for each attempt, made up around the
    /// bytes, from its three-way handshake to its end.
    ///
    /// Addresses, ports and sequence numbers are not the real ones, and TLS is not there: 10.0.0.1 talks in the clear to
    /// port 80 of 10.0.0.2. The file holds what was sent and received. Its times are the calendar's if the header has
    /// that, and count from 1970 if not.
    public static func pcapng(_ trace: Trace, _ traffic: [Traffic]) throws(Failure) -> [UInt8] {
        guard traffic.contains(where: { !$0.bytes.isEmpty }) else { throw .noTraffic }
        let times = try trace.attemptTimes()
        var file = CaptureFile(began: trace.header.began ?? 0)
        for (attempt, pieces) in traffic.byAttempt {
            var connection = SyntheticConnection(attempt: attempt)
            let first = pieces.first?.t ?? 0
            let known = times[attempt] ?? Trace.AttemptTimes()
            connection.open(
                dialing: min(known.dialing ?? first, first), dialed: min(known.dialed ?? first, first), &file)
            for piece in pieces { connection.carry(piece, &file) }
            if let ended = known.ended { connection.close(known.transportEnd, at: max(ended, connection.last), &file) }
        }
        return file.bytes
    }
}

/// The blocks of a pcapng file (draft-ietf-opsawg-pcapng), little-endian.
struct CaptureFile {
    /// Raw IP: a packet begins with its IP header.
    private static let linkTypeRaw: UInt16 = 101
    private(set) var bytes: [UInt8] = []
    private let began: UInt64

    /// A file without packets. Times count from `began`, in nanoseconds since 1970.
    init(began: UInt64) {
        self.began = began
        block(0x0A0D_0D0A) { body in
            body.append(little: UInt32(0x1A2B_3C4D))  // the byte order
            body.append(little: UInt16(1))
            body.append(little: UInt16(0))
            body.append(little: UInt64.max)  // the section's length is not told
        }
        block(1) { body in
            body.append(little: Self.linkTypeRaw)
            body.append(little: UInt16(0))
            body.append(little: UInt32(0))  // packets are whole
            body.append(little: UInt16(9))  // if_tsresol: times in nanoseconds
            body.append(little: UInt16(1))
            body += [9, 0, 0, 0]
            body.append(little: UInt32(0))  // the end of the options
        }
    }

    private mutating func block(_ type: UInt32, _ write: (inout [UInt8]) -> Void) {
        var body: [UInt8] = []
        write(&body)
        while !body.count.isMultiple(of: 4) { body.append(0) }
        let length = UInt32(body.count + 12)
        bytes.append(little: type)
        bytes.append(little: length)
        bytes += body
        bytes.append(little: length)
    }

    /// Adds a packet that crossed the wire at `t` nanoseconds since the beginning.
    mutating func add(_ packet: [UInt8], at t: UInt64) {
        let (sum, overflow) = began.addingReportingOverflow(t)
        let time = overflow ? .max : sum
        block(6) { body in
            body.append(little: UInt32(0))
            body.append(little: UInt32(truncatingIfNeeded: time >> 32))
            body.append(little: UInt32(truncatingIfNeeded: time))
            body.append(little: UInt32(packet.count))
            body.append(little: UInt32(packet.count))
            body += packet
        }
    }
}

/// A TCP connection that is made up around bytes which crossed a real one.
struct SyntheticConnection {
    private static let client: [UInt8] = [10, 0, 0, 1]
    private static let server: [UInt8] = [10, 0, 0, 2]
    private static let serverPort: UInt16 = 80
    /// The largest piece a packet carries, in bytes.
    static let segment = 16_384

    private let clientPort: UInt16
    private var sent: UInt32
    private var received: UInt32
    private var identification: UInt16 = 0
    /// When the last packet crossed the wire.
    private(set) var last: UInt64 = 0

    /// The connection of an attempt, which has a port of its own among 16,000.
    init(attempt: UInt32) {
        clientPort = 49_152 + UInt16(attempt % 16_000)
        sent = attempt &* 1_000_003
        received = attempt &* 2_000_003
    }

    /// The three-way handshake.
    mutating func open(dialing: UInt64, dialed: UInt64, _ file: inout CaptureFile) {
        add(.sent, [.syn], [], at: min(dialing, dialed), &file)
        add(.received, [.syn, .ack], [], at: dialed, &file)
        add(.sent, [.ack], [], at: dialed, &file)
    }

    /// Bytes in one direction, in segments, and the other end's acknowledgement.
    mutating func carry(_ piece: Traffic, _ file: inout CaptureFile) {
        var rest = piece.bytes[...]
        while !rest.isEmpty {
            let part = rest.prefix(Self.segment)
            rest = rest.dropFirst(part.count)
            add(piece.direction, rest.isEmpty ? [.ack, .psh] : [.ack], part, at: piece.t, &file)
            add(piece.direction == .sent ? .received : .sent, [.ack], [], at: piece.t, &file)
        }
    }

    /// The end: the server's where its transport was ended or reset, ours where the attempt was given up, none where
    /// the network was lost: nothing crossed it then.
    mutating func close(_ end: TransportEnd?, at t: UInt64, _ file: inout CaptureFile) {
        switch end {
        case .failed(errno: 32), .failed(errno: 104): add(.received, [.rst, .ack], [], at: t, &file)
        case .failed: break
        case .endOfStream, .truncated, .tls:
            add(.received, [.fin, .ack], [], at: t, &file)
            add(.sent, [.fin, .ack], [], at: t, &file)
            add(.received, [.ack], [], at: t, &file)
        case nil: add(.sent, [.fin, .ack], [], at: t, &file)  // whether it was answered, nobody knows
        }
    }

    private mutating func add(
        _ direction: Traffic.Direction, _ flags: TCPFlags, _ payload: ArraySlice<UInt8>, at t: UInt64,
        _ file: inout CaptureFile
    ) {
        let isSent = direction == .sent
        let segment = TCPSegment(
            source: isSent ? Self.client : Self.server, target: isSent ? Self.server : Self.client,
            sourcePort: isSent ? clientPort : Self.serverPort, targetPort: isSent ? Self.serverPort : clientPort,
            sequence: isSent ? sent : received, acknowledged: flags.contains(.ack) ? (isSent ? received : sent) : 0,
            flags: flags, payload: payload)
        identification &+= 1
        last = max(last, t)
        file.add(segment.packet(identification), at: last)
        let length = UInt32(payload.count) &+ (flags.isDisjoint(with: [.syn, .fin]) ? 0 : 1)
        if isSent { sent &+= length } else { received &+= length }
    }
}
