import Foundation
import KernelSupport
import NovaKernel
import NovaTestKit

#if MUTANTS
    /// Whoever can tell a machine with a defect from one without.
    struct Judge: Sendable {
        let name: String
        /// Whether the defect that is in the machines now is noticed.
        let notices: @Sendable (_ isKnown: Bool) -> Bool
    }

    extension Judge {
        /// The answers of a scenario are others than those in its file.
        static func scenarios(_ scenarios: [Scenario]) -> Judge {
            Judge(name: "scenarios") { _ in
                scenarios.contains { scenario in
                    guard let answer = try? scenario.run() else { return true }
                    return answer.text != scenario.text
                }
            }
        }

        /// A law is broken within so many situations of a composition.
        static func model(_ limit: Int) -> Judge {
            Judge(name: "model check") { isKnown in
                Composition.all.contains { composition in
                    guard let report = try? composition.check(limit: isKnown ? limit / 10 : limit, isHasty: true) else {
                        return true
                    }
                    return !report.violations.isEmpty
                }
            }
        }

        /// A law is broken in one of so many lives.
        static func walks(_ count: UInt64) -> Judge {
            Judge(name: "walks") { isKnown in
                (0..<(isKnown ? count / 10 : count)).contains { seed in
                    var walk = Walk(seed: seed)
                    for _ in 0..<200 where walk.broken == nil { walk.step() }
                    walk.finish()
                    return walk.broken != nil
                }
            }
        }

        /// A law is broken on a connection in a simulated network.
        static func simulation(_ count: UInt64) -> Judge {
            Judge(name: "simulation") { isKnown in
                (0..<(isKnown ? count / 4 : count)).contains { seed in
                    !Simulation.run(SimulationPlan(seed: seed)).violations.isEmpty
                }
            }
        }
    }

    /// Puts each defect into the machines, and asks each judge.
    @main
    enum Mutants {
        static func main() throws {
            let scenarios = try Scenario.all()
            let judges = [Judge.scenarios(scenarios), Judge.walks(100), Judge.model(3000), Judge.simulation(40)]
            let mutants = Mutation.all(try habits(scenarios))
            guard judges.allSatisfy({ !$0.notices(false) }) else {
                return fail("A judge finds fault with the machine as it is.")
            }
            let equivalent = try Equivalents()
            var kills = judges.map { _ in 0 }
            var only = kills
            var survivors: [String] = []
            for mutant in mutants {
                Mutation.current = mutant
                // What another has noticed need not be looked for long.
                var verdicts: [Bool] = []
                for judge in judges { verdicts.append(judge.notices(verdicts.contains(true))) }
                Mutation.current = nil
                for (index, notices) in verdicts.enumerated() where notices {
                    kills[index] += 1
                    if verdicts.count(where: \.self) == 1 { only[index] += 1 }
                }
                if !verdicts.contains(true) { survivors.append(mutant.name) }
            }
            print("\(mutants.count) mutants, \(mutants.count - survivors.count) killed, \(survivors.count) survive")
            for (judge, count) in zip(judges, zip(kills, only)) {
                print("  by the \(judge.name): \(count.0), by it alone: \(count.1)")
            }
            report(survivors, equivalent, Set(mutants.map(\.name)))
        }

        /// What every rule does, in all scenarios and in a few lives.
        private static func habits(_ scenarios: [Scenario]) throws -> [Mutation.Place: Mutation.Habit] {
            Mutation.seen = [:]
            for scenario in scenarios { _ = try scenario.run() }
            for seed in 0..<UInt64(50) {
                var walk = Walk(seed: seed)
                for _ in 0..<200 { walk.step() }
            }
            defer { Mutation.seen = nil }
            return Mutation.seen ?? [:]
        }

        private static func report(_ survivors: [String], _ equivalent: Equivalents, _ all: Set<String>) {
            let unargued = survivors.filter { equivalent.arguments[$0] == nil }
            let killed = equivalent.arguments.keys.filter { !survivors.contains($0) }.sorted()
            for name in survivors { print("  survives: \(name) – \(equivalent.arguments[name] ?? "NOT ARGUED")") }
            for name in killed { print("  argued, but \(all.contains(name) ? "killed" : "unknown"): \(name)") }
            if !unargued.isEmpty || !killed.isEmpty {
                fail("\(unargued.count) survivors without an argument, \(killed.count) arguments without a survivor.")
            }
        }

        private static func fail(_ message: String) {
            print(message)
            exit(1)
        }
    }

    /// The defects that are none, each with the reason: `machine.rule: what is otherwise | why it does not matter`.
    struct Equivalents {
        private(set) var arguments: [String: String] = [:]

        init() throws {
            let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .appendingPathComponent("equivalent.txt")
            for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") where !line.hasPrefix("#")
            {
                let halves = line.split(separator: "|", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
                guard halves.count == 2 else { continue }
                arguments[halves[0]] = halves[1]
            }
        }
    }
#else
    @main
    enum Mutants {
        static func main() {
            print("There are no mutants in this build; see Tests/Mutants/run.")
            exit(1)
        }
    }
#endif
