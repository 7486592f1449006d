import NovaKernel
import Testing

/// The laws in the situations that the kernel and a world around it can reach. Here the nearest ones of each
/// composition; `nova check` looks at all of them.
@Suite("The model check")
struct ModelCheckTests {
    @Test("No law is broken near the beginning", arguments: Composition.all.map(\.name))
    func holds(_ name: String) throws {
        let composition = try #require(Composition.all.first { $0.name == name })
        let report = try composition.check(limit: 800, isHasty: true)
        for violation in report.violations { Issue.record("\(violation.scenario)") }
        #expect(report.states > 800 && report.edges > report.states && report.depth > 4)
    }
}
