import NovaKernel

/// What a pool knows of its members. A value: the pool has it under a lock.
struct PoolState: Sendable {
    /// A place for a session.
    struct Seat: Sendable {
        let make: @Sendable () throws -> Session
        var session: Session?
        var watch: SessionWatch?
        /// Counts the sessions that were here: what an earlier one still says is not listened to.
        var generation = 0
        var standing = Lifecycle.Standing.idle
        var failures: RecentFailures
        var roundTrip: Duration?
        var pending = 0
        var replacements: UInt32 = 0
        var isGivenUp = false
        var termination: Termination?

        func health(at now: Instant) -> Health {
            Health(
                state: session == nil ? .closed : standing, pendingRequests: pending,
                recentFailures: failures.value(at: now), roundTrip: roundTrip)
        }
    }

    /// What a state change of a member calls for.
    enum Consequence {
        case nothing
        /// The session is over: it is let go of, and another follows after this time, if any.
        case replace(Session?, after: Duration?)
    }

    var seats: [Seat]
    var isClosed = false
    var watchers = Watchers<PoolChange> { .missed(count: $0) }

    func health(at now: Instant) -> [Health] { seats.map { $0.health(at: now) } }

    func members(at now: Instant) -> [PoolMember] {
        seats.enumerated().map { index, seat in
            PoolMember(
                index: index, health: seat.health(at: now), replacements: seat.replacements,
                isGivenUp: seat.isGivenUp, termination: seat.termination)
        }
    }

    /// Takes one for a message; nil if none is fit. With `mayWait`, one that is not ready is better than none.
    mutating func take(_ tried: Set<Int>, at now: Instant, mayWait: Bool) -> (index: Int, generation: Int, Session)? {
        var choice = Health.choice(among: health(at: now), excluding: tried).index
        if choice == nil, mayWait {
            choice = seats.indices.first { !tried.contains($0) && seats[$0].session != nil }
        }
        guard let index = choice, let session = seats[index].session else { return nil }
        seats[index].pending += 1
        return (index, seats[index].generation, session)
    }

    /// A message is done with: how long its answer took, or whether it failed.
    mutating func done(_ index: Int, _ generation: Int, roundTrip: Duration?, failedAt: Instant?) {
        guard seats[index].generation == generation else { return }
        seats[index].pending -= 1
        if let failedAt { seats[index].failures.note(at: failedAt) }
        guard let sample = roundTrip else { return }
        // RFC 6298 §2.3: an eighth of what is new.
        seats[index].roundTrip = seats[index].roundTrip.map { $0 + (sample - $0) / 8 } ?? sample
    }

    /// A member's connection has gone to another state.
    mutating func changed(
        _ index: Int, _ generation: Int, _ change: StateChange, _ options: PoolOptions, seed: UInt64
    ) -> Consequence {
        guard seats[index].generation == generation else { return .nothing }
        seats[index].standing = change.to
        watchers.tell(.state(member: index, change.to))
        if change.to == .ready { seats[index].replacements = 0 }
        if let termination = change.termination {
            seats[index].termination = termination
            // The end of the attempts is no second failure.
            if !termination.isOrderly, change.from != .backingOff { seats[index].failures.note(at: change.at) }
        }
        return change.to == .closed ? ended(index, options, seed: seed) : .nothing
    }

    /// A session is over, or could not be made.
    mutating func ended(_ index: Int, _ options: PoolOptions, seed: UInt64) -> Consequence {
        let session = seats[index].session
        (seats[index].session, seats[index].watch, seats[index].roundTrip) = (nil, nil, nil)
        (seats[index].standing, seats[index].pending) = (.closed, 0)
        seats[index].generation += 1
        guard !isClosed else { return .replace(session, after: nil) }
        guard seats[index].replacements < options.maximumReplacements else {
            seats[index].isGivenUp = true
            watchers.tell(.givenUp(member: index))
            return .replace(session, after: nil)
        }
        seats[index].replacements += 1
        let delay = options.replacementBackoff.delay(
            afterFailures: seats[index].replacements, seed: seed &+ UInt64(index))
        watchers.tell(.replacing(member: index, after: delay))
        return .replace(session, after: delay)
    }
}
