import KernelSupport
import Testing

/// One after the other, in whatever suite: see ``KernelSupport/Gate``.
struct Heavy: SuiteTrait, TestTrait, TestScoping {
    var isRecursive: Bool { true }

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        if testCase == nil { try await function() } else { try await Gate.shared.alone(function) }
    }
}

extension Trait where Self == Heavy {
    static var heavy: Self { Heavy() }
}
