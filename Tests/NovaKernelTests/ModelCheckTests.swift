import Foundation
import TestTurns
import Testing

@testable import NovaKernel

/// The laws in the situations that the kernel and a world around it can reach. Here the nearest ones of each
/// composition; `nova check` looks at all of them.
@Suite("The model check", .heavy)
struct ModelCheckTests {
    @Test("No law is broken near the beginning", arguments: Composition.all.map(\.name))
    func holds(_ name: String) throws {
        let composition = try #require(Composition.all.first { $0.name == name })
        let report = try composition.check(limit: 400, isHasty: true)
        for violation in report.violations { Issue.record("\(violation.scenario)") }
        #expect(report.states > 400 && report.edges > report.states && report.depth > 4)
    }

    @Test("There are as many laws as the README says")
    func count() throws {
        let readme = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("README.md")
        let text = try String(contentsOf: readme, encoding: .utf8)
        #expect(text.contains("holds \(Property.allCases.count) laws against it"))
    }

    @Test("Facts that raise each other for ever are noticed, however many at a time", arguments: [1, 2])
    func endless(_ width: Int) {
        let fact = Effect.raise(AttemptID(1), .progressed)
        #expect(!KernelSystem.follow(.consumerLeft) { _ in Array(repeating: fact, count: width) })
        var left = KernelSystem.mostRaised
        let isEnd = KernelSystem.follow(.consumerLeft) { _ in
            left -= 1
            return left >= 0 ? [fact] : []
        }
        #expect(isEnd && left == -1)
    }
}
