import FoundationEssentials
import NovaKernel
import NovaWire

extension Export {
    /// The recorded bytes as an HTTP archive 1.2: an entry for each attempt that sent an opening handshake, its frames
    /// in `_webSocketMessages` as Chrome writes them. Text is text, everything else base64. An attempt that was cut before
    /// its request was out has none.
    ///
    /// The file holds what was sent and received, headers and payloads included. Its times are the calendar's if the
    /// header has that, and count from 1970 if not.
    public static func har(_ trace: Trace, _ traffic: [Traffic]) throws(Failure) -> Data {
        guard traffic.contains(where: { !$0.bytes.isEmpty }) else { throw .noTraffic }
        var entries: [HAREntry] = []
        var cut: UInt32?
        let isSecure = Lifecycle.Route(rawValue: trace.header.route).contains(.tls)
        let clock = TraceCalendar(began: trace.header.began ?? 0)
        for (attempt, pieces) in traffic.byAttempt {
            let sent = RecordedStream(pieces, .sent)
            let received = RecordedStream(pieces, .received)
            guard let sentAt = sent.begin else { continue }
            guard let request = RecordedHead(sent.bytes[...]), request.startLine.count == 3 else {
                guard sent.bytes.starts(with: "GET ".utf8) else { throw .noRequest(attempt: attempt) }
                cut = cut ?? attempt
                continue
            }
            var entry = HAREntry(request, isSecure: isSecure, at: clock.date(sentAt))
            let (head, body) = answer(received)
            let answered = head.map { max(sentAt, received.crossing(before: $0.offset + $0.head.count).t) } ?? sentAt
            entry.answered(head?.head, received.bytes[body...], after: Double(answered - sentAt) / 1e6)
            if entry.response.status == 101 {
                entry.messages = HARMessages.read((sent, request.count), (received, body), clock)
            }
            entries.append(entry)
        }
        if let cut, entries.isEmpty { throw .noRequest(attempt: cut) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        // Strings and finite numbers: encoding them has no way to fail.
        return (try? encoder.encode(HARFile(log: HARLog(entries: entries)))) ?? Data()
    }

    /// The answer's head, interim ones skipped, and where its body or its frames begin.
    private static func answer(_ received: RecordedStream) -> (head: (offset: Int, head: RecordedHead)?, body: Int) {
        var offset = 0
        while let head = RecordedHead(received.bytes[offset...]) {
            let status = head.startLine.count > 1 ? Int(head.startLine[1]) ?? 0 : 0
            if status == 101 || status >= 200 || status == 0 { return ((offset, head), offset + head.count) }
            offset += head.count
        }
        return (nil, offset)
    }
}

/// Reads the frames of both directions, each with the wire's own decoder.
enum HARMessages {
    static func read(
        _ sent: (stream: RecordedStream, from: Int), _ received: (stream: RecordedStream, from: Int),
        _ clock: TraceCalendar
    ) -> [HAREntry.Message] {
        let all =
            read(sent.stream, from: sent.from, to: .server) + read(received.stream, from: received.from, to: .client)
        return all.enumerated().sorted {
            ($0.element.crossing.order, $0.offset) < ($1.element.crossing.order, $1.offset)
        }.map { _, message in
            HAREntry.Message(
                type: message.role == .server ? "send" : "receive", time: clock.seconds(message.crossing.t),
                opcode: Int(message.opcode.rawValue), data: message.data)
        }
    }

    private struct Read {
        var role: WireRole
        var crossing: (t: UInt64, order: Int)
        var opcode: Opcode
        var data: String
    }

    /// What was sent to `role`. A violation ends it, as it ended the connection.
    private static func read(_ stream: RecordedStream, from start: Int, to role: WireRole) -> [Read] {
        var decoder = MessageDecoder(role: role, limits: .none)
        var input = DecoderInput(copying: stream.bytes[start...])
        var messages: [Read] = []
        while true {
            let (opcode, code): (Opcode, CloseCode?)
            switch decoder.next(&input) {
            case .needMore, .violation: return messages
            case .fragment: continue
            case .message(let kind, _): (opcode, code) = (kind.opcode, nil)
            case .ping: (opcode, code) = (.ping, nil)
            case .pong: (opcode, code) = (.pong, nil)
            case .close(let said): (opcode, code) = (.close, said)
            }
            let bytes = (code?.payload(reason: []) ?? []) + decoder.takePayload().array
            let data = opcode == .text ? String(decoding: bytes, as: UTF8.self) : Data(bytes).base64EncodedString()
            let crossing = stream.crossing(before: start + input.offset)
            messages.append(Read(role: role, crossing: crossing, opcode: opcode, data: data))
        }
    }
}
