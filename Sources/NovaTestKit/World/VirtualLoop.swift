import NovaTransport
import Synchronization

/// A thread's worth of a world whose time is virtual: it runs tasks and actions one after the other, and when nothing is
/// left to do at this moment, the next moment at which something happens is now.
///
/// Everything that takes part must run here: a task elsewhere is not waited for, and the time passes it by.
package final class VirtualLoop: TaskExecutor, @unchecked Sendable {
    // Sendable: everything but `inbox`, `arrivals` and `thread` is touched by whoever drives, one at a time.
    private enum Job {
        case task(UnownedJob)
        case outside(UnownedJob)
        case call(@Sendable () -> Void)
    }

    /// Runs tasks in the same time, but as if on another thread: to whoever asks, they are not on the loop.
    package final class Outside: TaskExecutor {
        private let loop: VirtualLoop
        fileprivate init(_ loop: VirtualLoop) { self.loop = loop }
        package func enqueue(_ job: consuming ExecutorJob) { loop.add(.outside(UnownedJob(job))) }
    }

    /// How a drive came to its end.
    package enum Outcome: Hashable, Sendable {
        /// What was waited for is true.
        case done
        /// Nothing will ever happen again.
        case stuck
        /// So many turns went by at one moment that it will never end.
        case spinning
    }

    /// More turns at one moment are taken for an endless loop.
    private static let mostTurnsAtOnce = 1_000_000
    /// How often one turn runs the jobs that its jobs bring about.
    private static let roundsOfJobs = 16

    private let inbox = Mutex<[Job]>([])
    private let thread = Atomic<UInt>(0)
    private var jobs: [Job] = []
    private var running: [Job] = []
    private var agenda = TimerHeap()
    private var enders: [() -> Void] = []
    private var ending: [() -> Void] = []
    /// The first moment: an hour after zero, so that nothing can take zero for "never".
    static let beginning: UInt64 = 3_600_000_000_000
    /// The present moment, in virtual nanoseconds.
    private(set) package var now = VirtualLoop.beginning

    /// How many things of one moment may happen in one turn.
    var mostAtOnce = 1
    /// Whether a task runs that is not on the loop.
    private let isOutside = Atomic(false)

    package init() {}

    /// Another thread, as far as anybody can tell.
    package var outside: Outside { Outside(self) }

    /// Whether the caller is on the loop.
    package var isCurrent: Bool {
        thread.load(ordering: .relaxed) == currentThreadNumber() && !isOutside.load(ordering: .relaxed)
    }

    package func enqueue(_ job: consuming ExecutorJob) { add(.task(UnownedJob(job))) }

    /// Runs `work` soon, in the order of the calls.
    package func execute(_ work: @escaping @Sendable () -> Void) { add(.call(work)) }

    private func add(_ job: Job) {
        if isCurrent { jobs.append(job) } else { inbox.withLock { $0.append(job) } }
    }

    /// Something that is to happen.
    private final class Action: TimerHandler {
        private let body: () -> Void
        init(_ body: @escaping () -> Void) { self.body = body }
        func timerFired(_ token: UInt64) { body() }
    }

    /// Runs `action` after `delay`, in nanoseconds.
    @discardableResult
    func schedule(after delay: UInt64, _ action: @escaping () -> Void) -> TimerID {
        schedule(at: moment(after: delay), action)
    }

    /// The moment after `delay`, in nanoseconds; the last one there is, which never comes, if it is beyond that.
    func moment(after delay: UInt64) -> UInt64 {
        let (moment, overflow) = now.addingReportingOverflow(delay)
        return overflow ? .max : moment
    }

    /// Runs `action` at `moment`, or now if that has passed.
    @discardableResult
    func schedule(at moment: UInt64, _ action: @escaping () -> Void) -> TimerID {
        agenda.schedule(at: max(now, moment), Action(action), token: 0)
    }

    /// Strikes out what has not happened.
    func cancel(_ timer: TimerID) { agenda.cancel(timer) }

    /// Calls `action` when this turn ends.
    func callAtEndOfTurn(_ action: @escaping () -> Void) { enders.append(action) }

    /// Forgets everything that is still to happen.
    func dissolve() {
        agenda = TimerHeap()
        enders = []
        jobs = []
    }

    /// Lets things happen on the calling thread until `isDone`, or until nothing will.
    package func drive(until isDone: () -> Bool) -> Outcome {
        thread.store(currentThreadNumber(), ordering: .relaxed)
        defer { thread.store(0, ordering: .relaxed) }
        var turnsAtOnce = 0
        while true {
            takeInbox()
            runJobs()
            endTurn()
            if isDone() { return .done }
            takeInbox()
            if jobs.isEmpty, enders.isEmpty {
                guard let moment = agenda.earliest else { return .stuck }
                if moment > now { turnsAtOnce = 0 }
                now = max(now, moment)
                agenda.beginPass()
                for _ in 0..<mostAtOnce {
                    guard let timer = agenda.popDue(now) else { break }
                    timer.handler.timerFired(timer.token)
                }
            }
            turnsAtOnce += 1
            guard turnsAtOnce < Self.mostTurnsAtOnce else { return .spinning }
        }
    }

    /// Lets so much time pass, or less if `isDone` before.
    func drive(for duration: Duration, until isDone: () -> Bool) -> Outcome {
        var isOver = false
        let entry = schedule(after: duration.wholeNanoseconds) { isOver = true }
        let outcome = drive { isOver || isDone() }
        if !isOver { cancel(entry) }
        return outcome
    }

    private func takeInbox() {
        jobs += inbox.withLock { inbox in
            defer { inbox = [] }
            return inbox
        }
    }

    private func runJobs() {
        for _ in 0..<Self.roundsOfJobs {
            guard !jobs.isEmpty else { return }
            swap(&jobs, &running)
            for job in running {
                switch job {
                case .task(let job): job.runSynchronously(on: asUnownedTaskExecutor())
                case .outside(let job): runOutside(job)
                case .call(let work): work()
                }
            }
            running.removeAll(keepingCapacity: true)
        }
    }

    private func runOutside(_ job: UnownedJob) {
        let outside = outside
        isOutside.store(true, ordering: .relaxed)
        job.runSynchronously(on: outside.asUnownedTaskExecutor())
        isOutside.store(false, ordering: .relaxed)
    }

    private func endTurn() {
        guard !enders.isEmpty else { return }
        swap(&enders, &ending)
        for action in ending { action() }
        ending.removeAll(keepingCapacity: true)
    }
}
