import NovaKernel
import NovaSocket
import NovaTransport
import NovaWire
import Synchronization

/// Why a simulation could not go on.
public enum SimulationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The body waits, but nothing will ever happen here: no timer runs, no byte is under way, nobody who takes part has
    /// anything to do. What happens elsewhere is not waited for.
    case stuck
    /// So much happened at one moment that it will never pass.
    case spinning

    /// The error in a sentence.
    public var description: String {
        switch self {
        case .stuck:
            "The simulation is stuck: its body waits for something that can't happen any more, or that happens elsewhere, "
                + "as on the main actor, in a detached task or in a real sleep."
        case .spinning: "The simulation spins: more and more happens at one moment, and time does not pass."
        }
    }
}

/// A network for tests, in which no time passes: names, links, TLS and servers are simulated, the WebSocket in it is the
/// real one, and everything follows from one seed.
///
/// ```swift
/// let network = SimulatedNetwork(seed: 1)
/// let server = network.server("feed.example")
/// try await network.run {
///     let socket = try await WebSocket.connect(to: server.url, options: network.options())
///     server.suffer(.refuse(for: .seconds(30)))
///     server.suffer(.reset)
///     try await network.sleep(for: .seconds(40))
///     try await socket.send("still there")
/// }
/// ```
///
/// All of the body runs on one thread, and so must all tasks that take part: child tasks do by themselves, others are made
/// with ``task(_:)``. `Task.sleep` sleeps in real time; ``sleep(for:)`` and ``clock`` in the network's.
public final class SimulatedNetwork: @unchecked Sendable {
    // Sendable: touched by whoever drives the loop, or while nothing runs.
    package let loop = VirtualLoop()
    private var random: SeededRandom
    private(set) var servers: [SimulatedServer] = []
    /// Told of every connection that is made here.
    package var onConnection: (Driver, _ holdings: @escaping () -> Holdings) -> Void = { _, _ in }

    /// What a connection holds of the world.
    package struct Holdings {
        package var lookups: Int
        package var transports: Int
        package var timers: TimerSet
        /// Bytes that wait to be written.
        package var unwritten: Int
        /// Whether the caller is on the loop.
        package var isOnLoop: Bool
    }

    /// Everything in the network follows from `seed`.
    public init(seed: UInt64) { random = SeededRandom(seed: seed) }

    /// A server of this name; it echoes until it is told otherwise. A name without a server can't be resolved, with
    /// `EAI_NONAME` (-2); of two servers of a name the first one counts.
    public func server(_ name: String) -> SimulatedServer {
        let server = SimulatedServer(name, loop, random.fork())
        servers.append(server)
        return server
    }

    /// Options of a connection that lives in this network: the defaults, and what `change` makes of them. They are valid in
    /// this network only.
    public func options(_ change: (inout WebSocketOptions) -> Void = { _ in }) -> WebSocketOptions {
        var options = WebSocketOptions()
        join(&options)
        change(&options)
        return options
    }

    /// Makes them options of a connection, or of a session, that lives in this network.
    public func join(_ options: inout WebSocketOptions) { options.habitat = self }

    /// Lets go of everything: nothing will happen here any more.
    func dissolve() {
        onConnection = { _, _ in }
        for server in servers { server.dissolve() }
        servers = []
        loop.dissolve()
    }

    // MARK: Time

    /// The network's clock.
    public var clock: SimulatedClock { SimulatedClock(loop) }

    /// Waits for so long in the network's time. Throws `CancellationError` if the task is cancelled meanwhile.
    public func sleep(for duration: Duration) async throws { try await clock.sleep(for: duration) }

    /// Makes `server` suffer `fault` after that time.
    public func schedule(_ fault: Fault, after delay: Duration, at server: SimulatedServer) {
        loop.schedule(after: delay.wholeNanoseconds) { server.suffer(fault) }
    }

    /// How much time has passed since the beginning.
    public var elapsed: Duration { .nanoseconds(Int64(clamping: loop.now - VirtualLoop.beginning)) }

    // MARK: Running

    /// A task that takes part in the simulation.
    @discardableResult
    public func task<Success: Sendable>(
        _ body: @escaping @Sendable () async throws -> Success
    ) -> Task<Success, any Error> {
        Task(executorPreference: loop, operation: body)
    }

    /// A task that takes part, but as if on another thread.
    @discardableResult
    public func taskOnAnotherThread<Success: Sendable>(
        _ body: @escaping @Sendable () async throws -> Success
    ) -> Task<Success, any Error> {
        Task(executorPreference: loop.outside, operation: body)
    }

    /// Runs `body` in the network's time, on a thread of its own, until it is done. Tasks that it leaves behind go on when
    /// the network runs again, not before.
    ///
    /// Throws what `body` throws; ``SimulationError/stuck`` if it waits for what can't happen, ``SimulationError/spinning`` if
    /// no time passes any more.
    public func run<Success: Sendable>(
        _ body: @escaping @Sendable () async throws -> Success
    ) async throws -> Success {
        let task = task(body)
        let isDone = Atomic(false)
        Task(executorPreference: loop) {
            _ = await task.result
            isDone.store(true, ordering: .relaxed)
        }
        let outcome = try await drive { isDone.load(ordering: .relaxed) }
        switch outcome {
        case .done: return try await task.value
        case .stuck, .spinning:
            task.cancel()
            throw outcome == .stuck ? SimulationError.stuck : .spinning
        }
    }

    private func drive(until isDone: @escaping @Sendable () -> Bool) async throws -> VirtualLoop.Outcome {
        try await withUnsafeThrowingContinuation { (continuation: UnsafeContinuation<VirtualLoop.Outcome, any Error>) in
            do {
                // A thread of its own: the caller's may be needed by others.
                try startThread("nova-sim") { continuation.resume(returning: self.loop.drive(until: isDone)) }
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }
}

extension SimulatedNetwork: Habitat {
    package func makePort(to endpoint: Endpoint, _ options: WebSocketOptions) throws -> any Port & Sendable {
        SimulatedPort(self, endpoint, options, random.fork())
    }

    package func makeSeed() -> UInt64 { random.next() }

    package var handlerExecutor: any TaskExecutor { loop.outside }

    package var now: NovaKernel.Instant { NovaKernel.Instant(nanoseconds: loop.now) }

    package func execute(after time: Duration, _ work: @escaping @Sendable () -> Void) {
        let loop = loop
        loop.execute { _ = loop.schedule(after: time.wholeNanoseconds) { work() } }
    }

    func attached(_ driver: Driver, _ port: SimulatedPort) {
        onConnection(driver) { port.holdings }
    }
}
