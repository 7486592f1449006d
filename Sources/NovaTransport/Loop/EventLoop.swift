import CLinux
import Glibc
import NovaWire
import Synchronization

/// Who is told that the present turn of the loop ends.
package protocol TurnEndHandler: AnyObject {
    /// Everything that this turn brings has happened; what was produced can leave in one write.
    func turnEnded()
}

/// A thread that waits for sockets and timers, and runs tasks in between.
///
/// Many connections share one loop. A task that prefers it (`Task(executorPreference: loop)`) runs on its thread,
/// next to its sockets: a message reaches it, and its answer the wire, without a change of thread. A task that
/// computes for long on the loop holds up every connection of it.
///
/// A turn: wait, read sockets, fire timers, run tasks, write. Whatever is not marked as callable from any thread
/// belongs to the loop's own.
public final class EventLoop: TaskExecutor, @unchecked Sendable {
    // Sendable: everything but `inbox` and `thread` is touched by the loop's own thread only.
    private enum Job {
        case task(UnownedJob)
        case call(@Sendable () -> Void)
    }

    private struct Inbox {
        var jobs: [Job] = []
        /// Connections that live on the loop.
        var residents = 0
        var isSignalled = false
        var isShutDown = false
        var hasEnded = false
        /// Whether nothing keeps the loop from ending.
        var mayEnd: Bool { isShutDown && residents == 0 }
    }

    /// How often one turn runs the jobs that its jobs bring about, before it looks at the sockets again.
    private static let roundsOfJobs = 16

    private let inbox = Mutex(Inbox())
    private let late = Mutex(())
    private let thread = Atomic<UInt>(0)
    @exclusivity(unchecked) private var poller: Poller
    private let wakeDescriptor: Int32
    @exclusivity(unchecked) private var timers = TimerHeap()
    @exclusivity(unchecked) private var jobs: [Job] = []
    @exclusivity(unchecked) private var running: [Job] = []
    @exclusivity(unchecked) private var enders: [any TurnEndHandler] = []
    @exclusivity(unchecked) private var ending: [any TurnEndHandler] = []
    private var isStopping = false

    @exclusivity(unchecked) private var moment: UInt64
    /// The memory that sockets are read into.
    @exclusivity(unchecked) package var receiveBuffer = ReceiveBuffer()
    /// The memory that TLS works in.
    package private(set) lazy var scratch = Scratch()
    @exclusivity(unchecked) private var maskKeys = MaskKeys()
    /// What the users of the loop share; theirs to fill.
    @exclusivity(unchecked) package var pool: AnyObject?

    /// A loop with a thread of this name. Ends with ``shutDown()``, not before.
    public init(name: String = "nova-loop") throws(SystemError) {
        let poller = try Poller()
        wakeDescriptor = poller.wakeDescriptor
        self.poller = poller
        moment = Self.monotonicNow()
        try startThread(name) { self.run() }
    }

    private static let sharedLoop = Result { () throws(SystemError) in try EventLoop() }

    /// The loop of all connections that ask for no other; made when it is first needed, and never ended.
    public static func shared() throws(SystemError) -> EventLoop { try sharedLoop.get() }

    // MARK: From any thread

    /// Whether the calling thread is the loop's own.
    @inline(__always)
    public var isCurrent: Bool { thread.load(ordering: .relaxed) == currentThreadNumber() }

    /// Runs a job of a task on the loop.
    public func enqueue(_ job: consuming ExecutorJob) { add(.task(UnownedJob(job))) }

    /// Runs `work` on the loop, in a later turn's or this turn's jobs.
    ///
    /// In the order of the calls: what other threads have asked for before comes first, so that nobody's cancellation
    /// overtakes the request it is about.
    public func execute(_ work: @escaping @Sendable () -> Void) {
        if isCurrent { takeInbox() }
        add(.call(work))
    }

    /// Ends the loop: it takes no connection any more, and goes on until the last that it has is closed. A task that
    /// prefers it after its end runs nevertheless, each of its steps on a thread of its own.
    public func shutDown() {
        inbox.withLock { $0.isShutDown = true }
        signal()
    }

    /// Says that somebody lives on the loop from now on, and must see its own end there. False if the loop is shut down.
    package func moveIn() -> Bool {
        inbox.withLock { inbox in
            guard !inbox.isShutDown else { return false }
            inbox.residents += 1
            return true
        }
    }

    /// Says that one who moved in is gone.
    package func moveOut() {
        let isLast = inbox.withLock { inbox in
            inbox.residents -= 1
            return inbox.mayEnd
        }
        if isLast { signal() }
    }

    private func add(_ job: Job) {
        if isCurrent {
            jobs.append(job)
            return
        }
        let (isFirst, isLate) = inbox.withLock { inbox in
            if inbox.hasEnded { return (false, true) }
            inbox.jobs.append(job)
            defer { inbox.isSignalled = true }
            return (!inbox.isSignalled, false)
        }
        if isFirst { signal() }
        if isLate { runLate(job) }
    }

    /// The loop is gone, but what awaits this job must not wait for ever.
    private func runLate(_ job: Job) {
        let late = LateJob(job: job)
        do throws(SystemError) {
            try startThread("nova-late") { self.runAlone(late.job) }
        } catch {
            runAlone(job)
        }
    }

    private struct LateJob: @unchecked Sendable {
        // Sendable: a job is run once, by the one thread that has it.
        let job: Job
    }

    private func signal() { eventfd_write(wakeDescriptor, 1) }

    /// The system's monotonic clock, in nanoseconds.
    package static func monotonicNow() -> UInt64 { time(of: CLOCK_MONOTONIC) }

    /// The calendar's time, in nanoseconds since 1970: it may leap, and nothing is measured by it.
    package static func calendarNow() -> UInt64 { time(of: CLOCK_REALTIME) }

    private static func time(of clock: clockid_t) -> UInt64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return UInt64(clamping: time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    // MARK: The loop's own thread

    /// The moment of the present turn, in nanoseconds on the system's monotonic clock.
    package var now: UInt64 { moment }

    /// Looks at the clock; on the loop's own thread the present turn's moment becomes what it says.
    @discardableResult
    package func refresh() -> UInt64 {
        let now = Self.monotonicNow()
        if isCurrent { moment = now }
        return now
    }

    /// How many descriptors are watched, and how many timers run.
    package var census: (descriptors: Int, timers: Int) { (poller.count, timers.count) }

    /// A key for a frame, never used before.
    package func nextMaskKey() -> UInt32 { maskKeys.next() }

    /// Watches a descriptor.
    package func register(
        _ descriptor: Int32, _ interest: Readiness, _ handler: any ReadinessHandler
    ) throws(SystemError) -> Registration {
        try poller.register(descriptor, interest, handler)
    }

    /// Watches it for something else.
    package func modify(_ id: Registration, _ interest: Readiness) { poller.modify(id, interest) }

    /// Watches it no longer.
    package func deregister(_ id: Registration) { poller.deregister(id) }

    /// Fires once at `deadline`, or as soon after it as the system lets us, never before.
    package func schedule(at deadline: UInt64, _ handler: any TimerHandler, token: UInt64) -> TimerID {
        timers.schedule(at: deadline, handler, token: token)
    }

    /// Forgets a timer; without effect if it has fired.
    package func cancel(_ id: TimerID) { timers.cancel(id) }

    /// Calls `handler` once when this turn ends. The handler asks once a turn.
    package func callAtEndOfTurn(_ handler: any TurnEndHandler) { enders.append(handler) }

    private func run() {
        thread.store(currentThreadNumber(), ordering: .relaxed)
        while !isStopping { turn() }
        while !isDrained {
            runJobs()
            endTurn()
        }
        thread.store(0, ordering: .relaxed)
    }

    /// Whether there are no jobs left; if so, the loop has ended.
    private var isDrained: Bool {
        takeInbox()
        guard jobs.isEmpty else { return false }
        return inbox.withLock { inbox in
            inbox.hasEnded = inbox.jobs.isEmpty
            return inbox.hasEnded
        }
    }

    private func turn() {
        let ready = poller.wait(milliseconds: timeout)
        moment = Self.monotonicNow()
        timers.beginPass()
        for index in 0..<ready {
            if let event = poller.event(index) { event.handler.ready(event.readiness) }
        }
        while let timer = timers.popDue(moment) { timer.handler.timerFired(timer.token) }
        takeInbox()
        runJobs()
        endTurn()
    }

    /// How long there is nothing to do; rounded up, as a timer may be late but not early.
    private var timeout: Int32 {
        guard jobs.isEmpty, enders.isEmpty else { return 0 }
        guard let deadline = timers.earliest else { return -1 }
        let now = Self.monotonicNow()
        return deadline <= now ? 0 : Int32(clamping: (deadline - now + 999_999) / 1_000_000)
    }

    private func takeInbox() {
        let taken = inbox.withLock { inbox in
            defer { inbox.isSignalled = false }
            isStopping = inbox.mayEnd
            guard !inbox.jobs.isEmpty else { return [Job]() }
            defer { inbox.jobs = [] }
            return inbox.jobs
        }
        jobs.append(contentsOf: taken)
    }

    private func runJobs() {
        for _ in 0..<Self.roundsOfJobs {
            guard !jobs.isEmpty else { return }
            swap(&jobs, &running)
            for job in running { run(job) }
            running.removeAll(keepingCapacity: true)
            moment = Self.monotonicNow()  // a job may take long
        }
    }

    @inline(__always)
    private func run(_ job: Job) {
        switch job {
        case .task(let job): job.runSynchronously(on: asUnownedTaskExecutor())
        case .call(let work): work()
        }
    }

    /// What is called of late is called one after the other, as it would have been on the loop.
    private func runAlone(_ job: Job) {
        switch job {
        case .task: run(job)
        case .call(let work): late.withLock { _ in work() }
        }
    }

    private func endTurn() {
        guard !enders.isEmpty else { return }
        swap(&enders, &ending)
        for handler in ending { handler.turnEnded() }
        ending.removeAll(keepingCapacity: true)
    }
}
