import NovaKernel
import NovaWire

/// The story of an end: what happened in a sentence, how it came to it, what usually helps, and what it was not.
///
/// It says what is known and nothing else. There is no header, no query, no payload in it; a server's close reason
/// only where the ``sentence`` was given one.
public struct Explanation: Hashable, Sendable, CustomStringConvertible {
    /// Something that happened.
    public struct Moment: Hashable, Sendable, CustomStringConvertible {
        /// How long after the chain's first moment.
        public var at: Duration
        /// What happened, as the middle of a sentence.
        public var text: String
        /// What it is drawn from, for those who draw it.
        var source: Source?

        /// What a moment is drawn from.
        enum Source: Hashable {
            case step(KernelRule)
            case run(Chain.Run)
        }

        /// `12.345 s  the server ended the transport`
        public var description: String { "\(at.column) s  \(text)" }
    }

    /// What happened, in a sentence a person understands.
    public var sentence: String
    /// How it came to it, in order. Steps of the data path are condensed.
    public var chain: [Moment]
    /// What usually helps.
    public var advice: String
    /// What it was not, each in a sentence; only what is known.
    public var ruledOut: [String]
    /// The attempt it speaks of.
    public var attempt: AttemptID
    /// The machine's account of the end; nil if nothing has ended.
    public var cause: TerminationCause?

    /// The whole story, in several lines, for a terminal.
    public var description: String {
        let width = chain.map { $0.at.column.utf8.count }.max() ?? 0
        let moments = chain.map { moment in
            "  " + String(repeating: " ", count: width - moment.at.column.utf8.count) + "\(moment)"
        }
        var lines = [sentence, ""] + moments + ["", "What helps: \(advice)"]
        for (index, text) in ruledOut.enumerated() {
            lines.append((index == 0 ? "Also known: " : "            ") + text)
        }
        return lines.joined(separator: "\n")
    }
}

extension Explanation {
    /// What followed on an end, where that is known.
    enum Sequel {
        /// What the machine's account says.
        case asToldByCause
        /// The next attempt began.
        case attempt(at: Instant)
        /// The next attempt is due after this time, and the source ends before.
        case due(after: Duration)
        /// The caller closed while the next attempt was waited for.
        case givenUp(at: Instant)
    }

    /// The story of the end that `cause` tells and `chain` leads to.
    init(_ cause: TerminationCause, _ chain: Chain, at end: Instant, _ policy: Policy?, _ sequel: Sequel) {
        var items = chain.items(unansweredPings: cause.unansweredPings)
        let base = Self.base(chain, cause.attempt, opened: cause.openFor.map { end.earlier(by: $0) }, &items)
        if let heard = cause.sinceHeard.map({ end.earlier(by: $0) }), cause.openFor != nil,
            heard == chain.opened || !items.contains(where: { $0.at == heard })
        {
            items.append(.moment(heard, "the server was heard for the last time"))
        }
        var tail = cause.leftBehind.map { (at: end, text: $0) }
        tail.append(Self.sequel(sequel, cause, end, told: max(end, chain.last)))
        let ordered = items.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
        self.init(
            sentence: cause.sentence,
            chain: ordered.map { Moment($0.element, base) } + tail.map { Moment(at: $0.at.since(base), text: $0.text) },
            advice: cause.advice(policy, isPaused: chain.pausedSince != nil), ruledOut: cause.ruledOut(policy, chain),
            attempt: cause.attempt, cause: cause)
    }

    /// The moment that times count from; where the beginning of the attempt is not known, that is said first.
    static func base(
        _ chain: Chain, _ attempt: AttemptID, opened: Instant?, _ items: inout [Chain.Item]
    ) -> Instant {
        if let began = chain.began { return began }
        if attempt == AttemptID(0) { return chain.first ?? chain.last }
        if let opened {
            items.insert(.moment(opened, "open; the steps before are not kept"), at: 0)
            return min(opened, chain.first ?? opened)
        }
        let first = chain.first ?? chain.last
        items.insert(.moment(first, "the steps before are not kept"), at: 0)
        return first
    }

    private static func sequel(
        _ sequel: Sequel, _ cause: TerminationCause, _ end: Instant, told: Instant
    ) -> (at: Instant, text: String) {
        if let finality = cause.finality { return (told, finality.moment(after: cause.ending.detail)) }
        return switch sequel {
        case .asToldByCause: (end, "another attempt follows")
        case .attempt(let at): (at, "the next attempt began, \(at.since(end).told) later")
        case .due(let delay): (end, "the next attempt is due in \(delay.told)")
        case .givenUp(let at): (at, "the caller closed before the next attempt")
        }
    }
}

extension Explanation.Moment {
    init(_ item: Chain.Item, _ base: Instant) {
        switch item {
        case .moment(let at, let text, let rule):
            self.init(at: at.since(base), text: text, source: rule.map(Source.step))
        case .run(let run):
            let last = run.until > run.since ? ", the last at \(run.until.since(base).column) s" : ""
            self.init(at: run.since.since(base), text: run.text + last, source: .run(run))
        }
    }
}

extension TerminationCause {
    /// What the end left undone.
    fileprivate var leftBehind: [String] {
        var lines: [String] = []
        if unsentBytes > 0 { lines.append("\(counted(unsentBytes, "byte")) that waited to be sent never left") }
        if waitingSends > 0 { lines.append("\(counted(waitingSends, "send")) still waited for room") }
        if discardedMessages > 0 {
            lines.append("\(counted(discardedMessages, "message")) dropped so far, by all connections of the handle")
        }
        return lines
    }
}

extension Instant {
    /// The moment `duration` earlier; the clock's beginning if that is before it.
    func earlier(by duration: Duration) -> Instant {
        Instant(nanoseconds: nanoseconds - min(nanoseconds, duration.wholeNanoseconds))
    }
}
