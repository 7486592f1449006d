import NovaKernel

/// The transition function: what a decision costs.
enum KernelBench {
    typealias Case = (name: String, measure: @Sendable (String) -> Measurement)

    /// What happens with every message: nothing of it may take memory.
    static let dataPath: Set<String> = [
        "kernel: message in", "kernel: message out", "kernel: bytes heard", "kernel: ping in", "kernel: late fact",
    ]

    static var all: [Case] {
        [
            ("kernel: message in", messageIn), ("kernel: message out", messageOut), ("kernel: bytes heard", heard),
            ("kernel: ping in", pingIn), ("kernel: late fact", late), ("kernel: one life", life),
        ]
    }

    private static let attempt = AttemptID(1)
    private static let operations = 1_000_000

    /// A kernel whose connection is open and in use.
    private static func ready() -> Kernel {
        var (kernel, effects) = (Kernel(route: [], policy: Policy(), seed: 1), Effects<Effect>())
        for event in opening { drive(&kernel, event, &effects) }
        return kernel
    }

    static let opening: [Event] = [
        .command(OperationID(1), .connect), .fact(attempt, .resolved), .fact(attempt, .dialed),
        .fact(attempt, .upgraded),
        .fact(attempt, .authenticated), .fact(attempt, .restored),
    ]

    @inline(__always)
    private static func drive(_ kernel: inout Kernel, _ event: Event, _ effects: inout Effects<Effect>) {
        effects.removeAll()
        _ = kernel.advance(Occurrence(event, at: .zero), &effects)
    }

    private static func measure(_ name: String, _ events: [Event]) -> Measurement {
        var (kernel, effects) = (ready(), Effects<Effect>())
        return Measurement.of(name, operations: operations) { count in
            for _ in 0..<count { for event in events { drive(&kernel, event, &effects) } }
        }
    }

    private static func messageIn(_ name: String) -> Measurement {
        measure(name, [.fact(attempt, .received(.message(.text, count: 64))), .consumed(messages: 1, bytes: 64)])
    }

    private static func messageOut(_ name: String) -> Measurement {
        measure(
            name, [.command(OperationID(9), .send(.whole, .text, count: 64)), .wrote(attempt, count: 0, remaining: 0)])
    }

    private static func heard(_ name: String) -> Measurement { measure(name, [.heard(attempt, count: 64)]) }

    private static func pingIn(_ name: String) -> Measurement {
        measure(name, [.fact(attempt, .received(.ping(count: 0))), .wrote(attempt, count: 0, remaining: 0)])
    }

    private static func late(_ name: String) -> Measurement { measure(name, [.fact(AttemptID(7), .resolved)]) }

    private static func life(_ name: String) -> Measurement {
        let end: [Event] = [
            .command(OperationID(2), .close(.normalClosure, reasonCount: 0)),
            .fact(attempt, .received(.close(.normalClosure))), .fact(attempt, .transportEnded(.endOfStream)),
        ]
        return Measurement.of(name, operations: operations / 100) { count in
            for _ in 0..<count {
                var (kernel, effects) = (ready(), Effects<Effect>())
                for event in end { drive(&kernel, event, &effects) }
            }
        }
    }
}
