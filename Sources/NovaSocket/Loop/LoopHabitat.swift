import NovaKernel
import NovaTransport
import NovaWire

/// An event loop, as a place where connections live.
struct LoopHabitat: Habitat {
    let loop: EventLoop

    func makePort(to endpoint: Endpoint, _ options: WebSocketOptions) throws -> any Port & Sendable {
        try LoopPort(endpoint, options, on: loop)
    }

    func makeSeed() -> UInt64 { Randomness.number() }

    var handlerExecutor: any TaskExecutor { globalConcurrentExecutor }

    var now: Instant { Instant(nanoseconds: EventLoop.monotonicNow()) }

    func execute(after time: Duration, _ work: @escaping @Sendable () -> Void) {
        let loop = loop
        loop.execute {
            let (moment, overflow) = loop.refresh().addingReportingOverflow(time.wholeNanoseconds)
            _ = loop.schedule(at: overflow ? .max : moment, Action(work), token: 0)
        }
    }

    /// Something that is to happen.
    private final class Action: TimerHandler {
        private let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
        func timerFired(_ token: UInt64) { body() }
    }
}
