import NovaKernel
import NovaSocket

/// What observers cost: on top of a step of the transition function, where there are any.
enum ObserverBench {
    /// Neither an event nor its count may take memory.
    static let dataPath: Set<String> = ["observers: message in, events only", "observers: message in and out, metrics"]

    static var all: [KernelBench.Case] {
        [
            ("observers: message in, events only", { measure($0, [Nobody()]) }),
            ("observers: message in, metrics", { measure($0, [ConnectionMetrics()]) }),
            ("observers: message in, log above its level", { measure($0, [Log { _ in }]) }),
            ("observers: message in, log", { measure($0, [Log(threshold: .debug) { _ in }], operations: 10_000) }),
            (
                "observers: message in, log of JSON",
                { measure($0, [Log(.json, threshold: .debug) { _ in }], operations: 10_000) }
            ),
            ("observers: message in and out, metrics", { measure($0, [ConnectionMetrics()], messageOut) }),
        ]
    }

    private struct Nobody: Observer {
        func observe(_ event: ConnectionEvent, _ context: EventContext) {}
    }

    private static let attempt = AttemptID(1)
    private static let messageIn: [Event] = [
        .fact(attempt, .received(.message(.text, count: 64))), .consumed(messages: 1, bytes: 64),
    ]
    private static let messageOut: [Event] =
        messageIn + [
            .command(OperationID(9), .send(.whole, .text, count: 64)), .wrote(attempt, count: 70, remaining: 0),
        ]

    /// A machine and those who observe it.
    private struct Watched {
        private var kernel = Kernel(route: [], policy: Policy(), seed: 1)
        private var effects = Effects<Effect>()
        private var telemetry = Telemetry()
        private let observers: [any Observer]
        private let context: EventContext

        init(_ observers: [any Observer]) {
            let connection = ObservedConnection(id: 1, endpoint: "wss://example.com")
            self.observers = observers.map { $0.observer(of: connection) }
            context = EventContext(connection: connection, attempt: attempt, at: .zero)
        }

        mutating func drive(_ event: Event) {
            let occurrence = Occurrence(event, at: .zero)
            let before = kernel.lifecycle
            effects.removeAll()
            let rule = kernel.advance(occurrence, &effects).rule
            let step = WitnessedStep(occurrence: occurrence, before: before, rule: rule)
            telemetry.take(step, effects, after: kernel) { [observers, context] event in
                for observer in observers { observer.observe(event, context) }
            }
        }
    }

    private static func measure(
        _ name: String, _ observers: [any Observer], _ events: [Event] = messageIn, operations: Int = 300_000
    ) -> Measurement {
        var watched = Watched(observers)
        for event in KernelBench.opening { watched.drive(event) }
        return Measurement.of(name, operations: operations) { count in
            for _ in 0..<count { for event in events { watched.drive(event) } }
        }
    }
}
