import FoundationEssentials
import NovaKernel

extension Export {
    /// The trace as trace events in JSON, for ui.perfetto.dev and chrome://tracing: states and stages as nested
    /// slices, attempts and pings as asynchronous ones, the depths of the queues as counters, and the steps that matter
    /// as instants.
    public static func perfetto(_ trace: Trace) throws(Failure) -> Data {
        var drawing = PerfettoDrawing()
        do throws(WordError) { try trace.walk { drawing.add($0) } } catch { throw .unreadable(error.description) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Strings and finite numbers: encoding them has no way to fail.
        return (try? encoder.encode(drawing.finish())) ?? Data()
    }
}

/// One event of the format. Times are microseconds.
struct PerfettoEvent: Encodable {
    enum Value: Encodable {
        case number(Int64)
        case text(String)

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .number(let number): try container.encode(number)
            case .text(let text): try container.encode(text)
            }
        }
    }

    var name: String
    var ph: String
    var ts = 0.0
    var dur: Double?
    var pid = 1
    var tid = 1
    var cat: String?
    var id: String?
    var s: String?
    var args: [String: Value]?
}

/// The whole file.
struct PerfettoFile: Encodable {
    var displayTimeUnit = "ms"
    var traceEvents: [PerfettoEvent]
}

/// Turns steps into events. A slice is written when it ends, so that it has its length.
private struct PerfettoDrawing {
    private var events: [PerfettoEvent] = [
        PerfettoEvent(name: "process_name", ph: "M", args: ["name": .text("NovaSocket")]),
        PerfettoEvent(name: "thread_name", ph: "M", args: ["name": .text("lifecycle")]),
    ]
    private var slices: [(name: String, since: UInt64)] = []
    private var attempt: UInt32?
    private var pings: Set<PingToken> = []
    private var counters: [String: Int64] = [:]
    private var now: UInt64 = 0

    private static func microseconds(_ nanoseconds: UInt64) -> Double { Double(nanoseconds) / 1000 }

    private mutating func add(
        _ name: String, _ phase: String, cat: String, id: String? = nil, scope: String? = nil,
        _ args: [String: PerfettoEvent.Value]? = nil
    ) {
        events.append(
            PerfettoEvent(
                name: name, ph: phase, ts: Self.microseconds(now), cat: cat, id: id, s: scope, args: args))
    }

    mutating func add(_ step: Walked) {
        now = step.record.at.nanoseconds
        if slices.isEmpty { enter(step.from.path) }
        begin(step)
        if step.from != step.to { move(to: step.to.path) }
        if let text = step.record.moment {
            add(
                step.record.rule.rawValue, "i", cat: "rule", scope: "t",
                ["event": .text(step.record.event.text), "what": .text(text)])
        }
        answer(step)
        count("bytes waiting to be sent", step.kernel.outbound.queued)
        count("messages waiting for the consumer", step.kernel.inbound.messages)
        count("failures in a row", Int(step.kernel.lifecycle.failures))
        if step.endsAttempt { endAttempt(step.kernel.termination?.description) }
    }

    // MARK: Slices

    private mutating func enter(_ path: [String]) {
        for name in path.dropFirst(slices.count) { slices.append((name, now)) }
    }

    private mutating func leave(down depth: Int) {
        while slices.count > depth, let slice = slices.popLast() {
            events.append(
                PerfettoEvent(
                    name: slice.name, ph: "X", ts: Self.microseconds(slice.since),
                    dur: Self.microseconds(now - min(now, slice.since)), cat: "state"))
        }
    }

    private mutating func move(to path: [String]) {
        leave(down: slices.first?.name == path[0] ? 1 : 0)
        enter(path)
    }

    // MARK: Attempts and pings

    private mutating func begin(_ step: Walked) {
        guard case .lifecycle(let rule) = step.record.rule, rule.beginsAttempt else { return }
        endAttempt(nil)
        let number = step.kernel.attempt.number
        attempt = number
        add("attempt \(number)", "b", cat: "attempt", id: "\(number)")
    }

    private mutating func endAttempt(_ cause: String?) {
        guard let number = attempt else { return }
        attempt = nil
        add(
            "attempt \(number)", "e", cat: "attempt", id: "\(number)",
            ["cause": .text(cause ?? "the recording ends before")])
    }

    /// A ping begins where it is sent, and ends where the machine waits for its pong no longer.
    private mutating func answer(_ step: Walked) {
        for case .ping(_, let token) in step.effects {
            pings.insert(token)
            add("ping", "b", cat: "ping", id: token.word)
        }
        guard !pings.isEmpty else { return }
        let isAnswer = if case .pings(.answer) = step.record.rule { true } else { false }
        endPings(pings.subtracting(step.kernel.pings.pending.map(\.token)), isAnswer ? "yes" : "no")
    }

    private mutating func endPings(_ ended: Set<PingToken>, _ answered: String) {
        for token in ended.sorted(by: { $0.value < $1.value }) {
            pings.remove(token)
            add("ping", "e", cat: "ping", id: token.word, ["answered": .text(answered)])
        }
    }

    private mutating func count(_ name: String, _ value: Int) {
        let value = Int64(clamping: value)
        guard counters[name] != value else { return }
        counters[name] = value
        add(name, "C", cat: "queue", ["value": .number(value)])
    }

    /// What has not ended by then ends with the recording.
    mutating func finish() -> PerfettoFile {
        endPings(pings, "the recording ends before")
        endAttempt(nil)
        leave(down: 0)
        return PerfettoFile(traceEvents: events)
    }
}

extension PingToken {
    /// The token as one word.
    fileprivate var word: String { "0x" + String(value, radix: 16) }
}
