import NovaKernel
import NovaWire

/// Replaces the payloads in a stream of frames, however it is cut; headers, close codes and our own pings' tokens stay.
struct FrameRedactor {
    private enum Place {
        case header
        /// In a payload of which so many bytes are to come; `at` counts from its first.
        case payload(FrameHeader, key: UInt32, at: Int)
        /// Behind a close frame or what breaks the protocol: nobody reads it.
        case beyond
    }

    private let parser: FrameHeaderParser
    private var place = Place.header
    private var header: [UInt8] = []
    private let paths: [JSONPath]?
    private var message: MessageStandIn
    private var control = StandIn(isText: false)
    /// What the present pong has said so far.
    private var pong: [UInt8] = []
    /// The tokens of pings that may be answered.
    var tokens: [PingToken] = []

    /// For frames that are sent to `role`; of messages of JSON this is secret, or, if it is nil, all.
    init(to role: WireRole, secretsAt paths: [JSONPath]?) {
        parser = FrameHeaderParser(role: role)
        self.paths = paths
        message = MessageStandIn(.binary, secretsAt: paths)
    }

    /// What stands in for the next bytes.
    mutating func replace(_ bytes: some Sequence<UInt8>) -> [UInt8] { bytes.map { next($0) } }

    private mutating func next(_ byte: UInt8) -> UInt8 {
        switch place {
        case .header: return nextOfHeader(byte)
        case .payload(let frame, let key, let at): return nextOfPayload(byte, frame, key, at)
        case .beyond: return UInt8(ascii: "x")
        }
    }

    private mutating func nextOfHeader(_ byte: UInt8) -> UInt8 {
        header.append(byte)
        let parsed = header.withUnsafeBytes { bytes in
            bytes.baseAddress.map { parser.parse($0, count: bytes.count) } ?? .incomplete
        }
        switch parsed {
        case .incomplete: break
        case .violation: place = .beyond
        case .header(let frame, _, let key):
            header.removeAll(keepingCapacity: true)
            begin(frame)
            place = frame.payloadCount == 0 ? behind(frame) : .payload(frame, key: key, at: 0)
        }
        return byte
    }

    private func behind(_ frame: FrameHeader) -> Place { frame.opcode == .close ? .beyond : .header }

    private mutating func begin(_ frame: FrameHeader) {
        switch frame.opcode {
        case .text: message = MessageStandIn(.text, secretsAt: paths)
        case .binary: message = MessageStandIn(.binary, secretsAt: paths)
        case .continuation: break  // goes on
        case .close: control = StandIn(isText: true)
        case .ping, .pong: control = StandIn(isText: false)
        }
    }

    private mutating func nextOfPayload(_ byte: UInt8, _ frame: FrameHeader, _ key: UInt32, _ at: Int) -> UInt8 {
        let mask = frame.isMasked ? UInt8(truncatingIfNeeded: key >> (8 * UInt32(at & 3))) : 0
        place = at + 1 == frame.payloadCount ? behind(frame) : .payload(frame, key: key, at: at + 1)
        return standIn(byte ^ mask, frame, at) ^ mask
    }

    /// Whether a pong has said what the pong to one of our pings does, this byte included. It must be shown, or a replay
    /// would miss it; where it says something else, the rest is the server's own.
    private mutating func isOfToken(_ byte: UInt8, _ frame: FrameHeader, _ at: Int) -> Bool {
        guard frame.payloadCount == PingToken.byteCount else { return false }
        pong = at == 0 ? [byte] : pong + [byte]
        return tokens.contains { $0.bytes.starts(with: pong) }
    }

    private mutating func standIn(_ byte: UInt8, _ frame: FrameHeader, _ at: Int) -> UInt8 {
        switch frame.opcode {
        case .text, .binary, .continuation: return message.next(byte)
        case .ping where frame.isMasked: return byte  // a number of ours
        case .pong where !frame.isMasked: return isOfToken(byte, frame, at) ? byte : control.next(byte)
        case .ping, .pong: return control.next(byte)
        case .close: return at < 2 ? byte : control.next(byte)
        }
    }
}
