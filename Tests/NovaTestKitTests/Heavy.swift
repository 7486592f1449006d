import KernelSupport
import Testing

/// One after the other, whatever suite they are in: tests that compute for long would else take every thread there is,
/// and those of live connections beside them would see time run out.
struct Heavy: SuiteTrait, TestTrait, TestScoping {
    var isRecursive: Bool { true }

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        guard testCase != nil else { return try await function() }
        await Gate.shared.enter()
        do {
            try await function()
        } catch {
            await Gate.shared.leave()
            throw error
        }
        await Gate.shared.leave()
    }
}

extension Trait where Self == Heavy {
    static var heavy: Self { Heavy() }
}
