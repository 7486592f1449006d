import Testing

/// Few at a time, in whatever suite: all tests share one process, its few threads and the one that serves sockets.
/// Begun all at once, they would wait for each other longer than their own deadlines allow.
public struct Turns: SuiteTrait, TestTrait, TestScoping {
    let gate: Gate

    /// Each test of a suite takes its turn.
    public var isRecursive: Bool { true }

    /// Waits for its turn, runs the test, and lets the next one in.
    public func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        guard testCase != nil else { return try await function() }
        await gate.enter()
        do {
            try await function()
        } catch {
            await gate.leave()
            throw error
        }
        await gate.leave()
    }
}

extension Trait where Self == Turns {
    /// One after the other: it computes for long.
    public static var heavy: Self { Turns(gate: .heavy) }
    /// A few at once: it speaks over real sockets, with deadlines in real time.
    public static var live: Self { Turns(gate: .live) }
}

/// Lets a number of tests in at a time, in the order in which they came.
actor Gate {
    static let heavy = Gate(places: 1)
    static let live = Gate(places: 6)

    private var places: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(places: Int) {
        self.places = places
    }

    func enter() async {
        if places > 0 { places -= 1 } else { await withCheckedContinuation { waiting.append($0) } }
    }

    func leave() {
        if waiting.isEmpty { places += 1 } else { waiting.removeFirst().resume() }
    }
}
