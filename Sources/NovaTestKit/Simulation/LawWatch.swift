import NovaKernel
import NovaMachine
import NovaSocket

/// Watches one connection at each step, and holds the laws against what it sees.
final class LawWatch: StepWitness, @unchecked Sendable {
    // Sendable: everything happens where the network's loop is driven.
    /// No read brings more, as no link has room for more; a reset brings what had arrived and was not read; and one
    /// message may have been begun before.
    private static let largestRead = 2 * (512 << 10) + 20_014
    /// No user sends more at once, the frame's header included.
    private static let largestMessage = 300_014

    private let report: (Law, String) -> Void
    let holdings: () -> SimulatedNetwork.Holdings
    /// Promises that were given and not kept.
    private var open: Set<OperationID> = []
    private var lastEnd: (at: Instant, delay: Duration)?
    private var isHurried = false
    /// Failures in a row and the beginning of use, by this watch's own book.
    private var failures: UInt32 = 0
    private var readySince: Instant?

    /// Numbers of the user's messages, by the operation that sends them.
    private var numbers: [OperationID: UInt32] = [:]
    /// The same of messages in fragments that are not complete.
    private var begun: [OperationID: UInt32] = [:]
    /// What the sends carry that were called and have not reached the machine, in their order.
    private var announced: [UInt32] = []
    /// The numbers of accepted messages, by attempt, in the order in which they were accepted.
    private(set) var accepted: [AttemptID: [UInt32]] = [:]
    /// Messages that were handed over for the consumer.
    private(set) var delivered = 0
    /// Why each attempt ended.
    private(set) var causes: [AttemptID: TerminationCause] = [:]
    /// Messages that nobody took, as the last cause says.
    private(set) var discarded: UInt64 = 0
    /// How many steps there were, and a digest of all of them.
    private(set) var steps = 0
    private(set) var digest: UInt64 = 0xCBF2_9CE4_8422_2325
    private(set) var isOver = false

    /// Takes a line for each step.
    var log: ((String) -> Void)?

    init(_ holdings: @escaping () -> SimulatedNetwork.Holdings, report: @escaping (Law, String) -> Void) {
        self.holdings = holdings
        self.report = report
    }

    func stepTaken(_ step: WitnessedStep, _ effects: Effects<Effect>, after kernel: borrowing Kernel) {
        steps += 1
        mix(step.occurrence.at.nanoseconds)
        mix(UInt64(kernel.standing.rawValue))
        if let log {
            log("\(step.occurrence.event.text) → \(step.rule.rawValue): \(kernel.lifecycle.stateText) \(effects.array)")
        }
        checkWorld(step)
        noteCommand(step.occurrence.event)
        var hasPong = false
        effects.forEach { effect in
            check(effect, step, attempt: kernel.attempt)
            note(effect, &hasPong)
        }
        check(step, hasPong, after: kernel)
    }

    func stepsEnded() {
        isOver = true
        for operation in open {
            report(.settledOnce, "operation \(operation.number) is not settled at the end")
        }
    }

    private func mix(_ value: UInt64) { digest = (digest ^ value) &* 0x100_0000_01B3 }

    // MARK: Laws of the world

    /// The world before this step must be what the spine was then.
    private func checkWorld(_ step: WitnessedStep) {
        let held = holdings()
        let before = step.before
        checkMemory(held.unwritten, before.policy)
        if !held.isOnLoop { report(.oneWriter, "'\(step.rule.rawValue)' from another thread") }
        if held.lookups + held.transports > 1 {
            report(.oneTransport, "\(held.lookups) look-ups and \(held.transports) transports in \(before.name)")
        }
        if before.holding == nil, held.lookups + held.transports > 0 {
            report(.nothingHeldWhenOver, "something is held in \(before.name)")
        }
        var expected = before.timers
        if case .fired(_, let timer) = step.occurrence.event { expected.remove(TimerSet(timer)) }
        let armed = held.timers.subtracting(TimerSet(Timer.allCases.filter(\.isOfSatellite).map { TimerSet($0) }))
        if armed != expected {
            let names = (armed.timers.map(\.name), expected.timers.map(\.name))
            report(.timersFollowState, "\(names.0) run in \(before.name), where \(names.1) should")
        }
    }

    /// What waits to be written: accepted messages, pongs, pings and a close frame; one message may be larger than all
    /// messages may be together.
    private func checkMemory(_ unwritten: Int, _ policy: Policy) {
        let messages = max(policy.outbound.maximumBytes, Self.largestMessage)
        let control = (policy.outbound.maximumQueuedPongs + policy.maximumPendingPings + 3) * 131
        if unwritten > messages + control { report(.bounded, "\(unwritten) bytes wait to be written") }
    }

    private func noteCommand(_ event: Event) {
        switch event {
        case .command(let operation, let command):
            open.insert(operation)
            if case .send(let part, _, _) = command { noteSend(operation, part) }
            if case .connect = command { isHurried = true }
        case .fired(_, .backoff): isHurried = false
        default: break
        }
    }

    /// A message of this number is about to be sent.
    func announce(_ number: UInt32) { announced.append(number) }

    private func takeAnnounced() -> UInt32? { announced.isEmpty ? nil : announced.removeFirst() }

    /// A message in fragments counts as accepted when its last one is.
    private func noteSend(_ operation: OperationID, _ part: Outbound.Part) {
        switch part {
        case .whole, .posted: numbers[operation] = takeAnnounced()
        case .first: begun[operation] = takeAnnounced()
        case .next: break
        case .last(let message): numbers[operation] = begun.removeValue(forKey: message)
        }
    }

    // MARK: Laws of effects

    private func check(_ effect: Effect, _ step: WitnessedStep, attempt: AttemptID) {
        guard let own = effect.attempt, own != attempt else { return }
        switch effect {
        case .arm(_, .outage, _): break  // the outage's timer outlives its attempt
        case .arm(.whole, let timer, _) where timer.isOfWhole: break
        case .release where step.rule == .lifecycle(.stale): break  // what came late is given back
        default: report(.ownAttempt, "'\(effect)' in attempt \(attempt.number)")
        }
    }

    private func note(_ effect: Effect, _ hasPong: inout Bool) {
        switch effect {
        case .settle(let operation, _): settle(operation)
        case .transmit(let attempt, let operation):
            settle(operation)
            if let number = numbers[operation] { accepted[attempt, default: []].append(number) }
        case .deliver:
            delivered += 1
            if isOver { report(.nothingAfterClosed, "a message is delivered after the end") }
        case .pong, .replacePong: hasPong = true
        default: break
        }
    }

    private func settle(_ operation: OperationID) {
        if open.remove(operation) == nil {
            report(.settledOnce, "operation \(operation.number) is settled, but nobody waits")
        }
    }

    // MARK: Laws of steps

    private func check(_ step: WitnessedStep, _ hasPong: Bool, after kernel: borrowing Kernel) {
        if step.rule == .lifecycle(.answerPing), !hasPong { report(.pingAnswered, "no pong follows a ping") }
        if kernel.lifecycle.failures < step.before.failures, kernel.standing != .ready {
            report(.failuresForgottenInUseOnly, "failures are forgotten in \(kernel.lifecycle.name)")
        }
        if kernel.standing == .backingOff || kernel.standing == .closed {
            guard let cause = kernel.termination else { return report(.causeOfEveryEnd, "no cause") }
            discarded = max(discarded, cause.discardedMessages)
            // A caller that gives up between attempts has the last word, but the attempt had its end before.
            if causes[cause.attempt] == nil { causes[cause.attempt] = cause }
        }
        checkBounds(kernel)
        checkSpacing(step, after: kernel)
    }

    private func checkBounds(_ kernel: borrowing Kernel) {
        let policy = kernel.policy
        let out = kernel.outbound
        if out.line.count > policy.outbound.maximumWaitingSends { report(.bounded, "\(out.line.count) sends wait") }
        if out.flushes.count > policy.outbound.maximumWaitingSends {
            report(.bounded, "\(out.flushes.count) flushes wait")
        }
        if kernel.inbound.bytes > policy.inbound.maximumBytes + Self.largestRead {
            report(.bounded, "\(kernel.inbound.bytes) bytes wait for the consumer")
        }
        if kernel.pings.waiting > policy.maximumPendingPings { report(.bounded, "\(kernel.pings.waiting) pings wait") }
        if kernel.promises.openers.count > policy.maximumWaiters
            || kernel.promises.closers.count > policy.maximumWaiters
        {
            report(.bounded, "\(kernel.promises.count) callers wait")
        }
    }

    /// The wait before each attempt is what the policy asks for after so many failures in a row, or longer, unless a caller
    /// hurries. As the failures are counted here, no server can make the attempts of any hour more than the policy's.
    private func checkSpacing(_ step: WitnessedStep, after kernel: borrowing Kernel) {
        let now = step.occurrence.at
        let reconnection = kernel.policy.reconnection
        forget(reconnection.reset, at: now, kernel)
        switch (step.before.standing, kernel.standing) {
        case (let before, .backingOff) where before != .backingOff:
            isHurried = false
            failures += 1
            if failures != kernel.lifecycle.failures {
                report(.attemptsSpaced, "\(failures) failures in a row are taken for \(kernel.lifecycle.failures)")
            }
            if case .custom = reconnection.backoff { return lastEnd = nil }
            lastEnd = (now, reconnection.backoff.delay(afterFailures: failures, seed: kernel.lifecycle.seed))
        case (.backingOff, .resolving):
            guard let (at, delay) = lastEnd, !isHurried else { return }
            if now.since(at) < delay { report(.attemptsSpaced, "\(now.since(at)) after the last, not \(delay)") }
        default: break
        }
    }

    /// Failures are forgotten when a connection is in use, or has been for long enough.
    private func forget(_ reset: Reconnection.Reset, at now: Instant, _ kernel: borrowing Kernel) {
        if kernel.standing == .ready, readySince == nil { readySince = now }
        guard let since = readySince else { return }
        switch reset {
        case .whenReady: failures = 0
        case .whenStable(let time):
            // At that very moment the machine may have been told of the end first.
            if now.since(since) > time || now.since(since) == time && kernel.lifecycle.failures < failures {
                failures = 0
            }
        }
        if kernel.standing != .ready { readySince = nil }
    }
}

extension Effect {
    /// The attempt that it is of; nil if it is of none.
    var attempt: AttemptID? {
        switch self {
        case .resolve(let attempt), .dial(let attempt), .tunnel(let attempt), .secure(let attempt),
            .upgrade(let attempt), .release(let attempt, _), .transmit(let attempt, _), .dispatch(let attempt, _, _),
            .ping(let attempt, _),
            .pong(let attempt), .replacePong(let attempt), .sendClose(let attempt, _, _), .hastenClose(let attempt),
            .deliver(let attempt, _, _), .pauseReading(let attempt), .resumeReading(let attempt),
            .authenticate(let attempt, _), .subscribe(let attempt, _), .unsubscribe(let attempt, _),
            .arm(let attempt, _, _), .askDelay(let attempt, _), .report(let attempt), .raise(let attempt, _),
            .askTokens(let attempt, _, _), .returnTokens(let attempt, _, _):
            attempt
        case .tell, .disarm, .settle: nil
        }
    }
}
