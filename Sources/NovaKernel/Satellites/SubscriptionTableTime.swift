import NovaMachine

// How long answers and messages may take.

extension SubscriptionTable {
    var earliestDeadline: Instant? { entries.lazy.compactMap(\.deadline).min() }

    /// When the first subscription has been silent for too long; nil if none can be.
    var earliestSilence: Instant? { silences.min() }

    /// When each has been silent for too long that may not be.
    var silences: [Instant] {
        entries.filter { $0.status == .confirmed && !$0.isStale }.compactMap(\.silentUntil)
    }

    /// Its timers that run.
    package var timers: TimerSet {
        var running: TimerSet = []
        if earliestDeadline != nil { running.insert(TimerSet(.subscription)) }
        if earliestSilence != nil { running.insert(TimerSet(.freshness)) }
        return running
    }

    /// Stops the timers that nobody needs any more; those that are early look when they fire.
    func stop(_ before: TimerSet, _ out: inout Effects<Effect>) {
        for timer in before.subtracting(timers).timers { out.append(.disarm(timer)) }
    }

    mutating func expire(_ now: Instant, _ out: inout Effects<Effect>) -> Rule {
        guard earliestDeadline != nil else { return .stale }
        var rule = Rule.lookAgain
        for index in entries.indices {
            guard let deadline = entries[index].deadline, deadline <= now else { continue }
            withdraw(index, &out)
            rule = .expire
        }
        if let next = earliestDeadline { out.append(.arm(attempt, .subscription, next.since(now))) }
        finishRestoring(&out)
        return rule
    }

    mutating func hear(_ id: SubscriptionID, _ now: Instant, _ out: inout Effects<Effect>) -> Rule {
        guard let index = index(of: id), entries[index].status == .confirmed else { return .notHeld }
        entries[index].heard = now
        guard entries[index].isStale, let time = entries[index].terms.freshness else { return .note }
        let earliest = earliestSilence
        entries[index].isStale = false
        out.append(.tell(id, .fresh))
        watch(for: time, behind: earliest, now, &out)
        return .freshAgain
    }

    /// Silence counts from now for one more: the timer looks when it is over, unless it looks before that anyway.
    func watch(for time: Duration, behind earliest: Instant?, _ now: Instant, _ out: inout Effects<Effect>) {
        if earliest.map({ now.advanced(by: time) < $0 }) ?? true { out.append(.arm(attempt, .freshness, time)) }
    }

    /// One more wants it: how long its messages may stay away is what the strictest says.
    mutating func sharpen(
        _ index: Int, _ terms: SubscriptionTerms, _ now: Instant, _ out: inout Effects<Effect>
    ) {
        let old = entries[index].terms.freshness
        guard let time = terms.freshness, old.map({ time < $0 }) ?? true else { return }
        let earliest = earliestSilence
        entries[index].terms.freshnessMilliseconds = terms.freshnessMilliseconds
        // While it might be silent for ever nobody told of its messages: its silence counts from now.
        if old == nil { entries[index].heard = now }
        guard entries[index].status == .confirmed, !entries[index].isStale, let due = entries[index].silentUntil
        else { return }
        if earliest.map({ due < $0 }) ?? true { out.append(.arm(attempt, .freshness, due.since(now))) }
    }

    /// The timer is lazy: hearing only notes the time, and the timer looks at the note when it fires.
    mutating func judge(_ now: Instant, _ out: inout Effects<Effect>) -> Rule {
        guard earliestSilence != nil else { return .stale }
        var rule = Rule.lookAgain
        for index in entries.indices where entries[index].status == .confirmed && !entries[index].isStale {
            guard let due = entries[index].silentUntil, due <= now else { continue }
            entries[index].isStale = true
            out.append(.tell(entries[index].id, .stale(after: now.since(entries[index].heard))))
            rule = .stay
        }
        if let next = earliestSilence { out.append(.arm(attempt, .freshness, next.since(now))) }
        return rule
    }
}

extension SubscriptionTable.Entry {
    /// When it will have been silent for too long; nil if it may be silent.
    var silentUntil: Instant? { terms.freshness.map(heard.advanced) }
}
