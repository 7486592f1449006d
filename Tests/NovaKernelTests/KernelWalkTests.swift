import KernelSupport
import NovaKernel
import TestTurns
import Testing

/// Random lives of the whole kernel: whatever happens, in whatever order, the laws that span its machines hold.
@Suite("Walks through the kernel", .heavy)
struct KernelWalkTests {
    @Test("A thousand lives of 240 events each, then the end; together they go everywhere")
    func walks() {
        var standings: Set<Lifecycle.Standing> = []
        var rules: Set<KernelRule> = []
        for seed in 0..<UInt64(1000) {
            var walk = Walk(seed: seed)
            for _ in 0..<240 { walk.step() }
            walk.finish()
            if let broken = walk.broken {
                Issue.record("seed \(seed): \(broken)\n\(walk.story.suffix(24).joined(separator: "\n"))")
                return
            }
            standings.formUnion(walk.standings)
            rules.formUnion(walk.rules)
        }
        #expect(standings == Set(Lifecycle.Standing.allCases))
        // What a step of the spine means for a satellite has no row of its own in the answer.
        let missing = Lifecycle.Rule.allCases.filter { !rules.contains(.lifecycle($0)) && !Self.inner.contains($0) }
        #expect(missing.map(\.rawValue) == [])
    }

    private static let inner: Set<Lifecycle.Rule> = [.admit, .notePong]
}
