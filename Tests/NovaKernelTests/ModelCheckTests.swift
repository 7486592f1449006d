import NovaKernel
import Testing

/// The laws in every situation that the kernel and a world around it can reach. Here the quick compositions; `nova
/// check` looks at all of them.
@Suite("The model check")
struct ModelCheckTests {
    @Test("No law is broken anywhere", arguments: Composition.few.map(\.name))
    func holds(_ name: String) throws {
        let composition = try #require(Composition.all.first { $0.name == name })
        let report = try composition.check()
        for violation in report.violations { Issue.record("\(violation.scenario)") }
        #expect(report.states > 1000 && report.edges > report.states && report.depth > 10)
    }
}
