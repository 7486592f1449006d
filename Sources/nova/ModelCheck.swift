import NovaKernel

/// Checks the laws in every situation that the kernel can reach.
enum ModelCheck: Command {
    static let name = "check"
    static let usage = "check [COMPOSITION ...] [--emit FILE]"
    static let summary = "Looks at everything that can happen to the kernel, and holds the laws against it."
    static let options = [
        Option("--emit", value: "FILE", "write the shortest scenario of the first broken law; - for the output")
    ]

    static func run(_ arguments: Arguments) async throws -> ExitCode {
        let all = Composition.all
        let wanted = all.filter { arguments.positional.isEmpty || arguments.positional.contains($0.name) }
        guard arguments.positional.allSatisfy({ name in all.contains { $0.name == name } }) else {
            let names = all.map { "\"\($0.name)\"" }.joined(separator: ", ")
            throw UsageError("There are the compositions \(names).")
        }
        let clock = ContinuousClock()
        let start = clock.now
        let reports = try await check(wanted)
        let areComplete = tell(reports)
        Console.out(
            "\(reports.reduce(0) { $0 + $1.states }) situations, \(reports.reduce(0) { $0 + $1.edges }) steps, "
                + "\((clock.now - start).inSeconds) s")
        let violations = reports.flatMap(\.violations)
        for violation in violations { Console.out("\n\(violation.scenario)") }
        if let first = violations.first, let file = arguments.last("--emit"), file != "-" {
            try Files.write(Array(first.scenario.utf8), to: file)
        }
        return violations.isEmpty && (areComplete || wanted.count < all.count) ? .clean : .failure
    }

    /// Checks them side by side, the largest first, which are the last, and tells each when it is done.
    private static func check(_ compositions: [Composition]) async throws -> [CompositionReport] {
        try await withThrowingTaskGroup(of: (Int, CompositionReport).self) { group in
            for (index, composition) in compositions.enumerated().reversed() {
                group.addTask {
                    let clock = ContinuousClock()
                    let start = clock.now
                    let report = try composition.check()
                    Console.out(
                        "\(composition.name): \(report.states) situations, \(report.edges) steps, "
                            + "depth \(report.depth), \((clock.now - start).inSeconds) s")
                    return (index, report)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    /// Tells how often each law was held against what happens. Says whether each was, and every rule met: some of the
    /// compositions alone need not come to all of them.
    private static func tell(_ reports: [CompositionReport]) -> Bool {
        var areComplete = true
        for property in Property.allCases {
            let count = reports.reduce(0) { $0 + ($1.counts[property] ?? 0) }
            let isBroken = reports.contains { $0.violations.contains { $0.property == property } }
            let verdict = isBroken ? "BROKEN" : count > 0 ? "holds " : "unmet "
            Console.out("\(verdict) \(count) times  \(property.sentence)")
            if count == 0 { areComplete = false }
        }
        let unused = unusedRules(reports)
        if !unused.isEmpty { Console.out("unmet  rules of the spine: \(unused.joined(separator: ", "))") }
        return areComplete && unused.isEmpty
    }

    /// The rules of the spine that nothing went by. What it only lets through goes by a satellite's rule.
    private static func unusedRules(_ reports: [CompositionReport]) -> [String] {
        let used = reports.reduce(into: Set<KernelRule>()) { $0.formUnion($1.rules) }
        return Lifecycle.Rule.allCases.filter { !used.contains(.lifecycle($0)) && ![.admit, .notePong].contains($0) }
            .map(\.rawValue)
    }
}

extension Duration {
    fileprivate var inSeconds: String {
        let tenths = Int(self / .milliseconds(100))
        return "\(tenths / 10).\(tenths % 10)"
    }
}
