#if MUTANTS
    import KernelSupport
    import NovaKernel
    import NovaTestKit

    /// Whoever can tell a machine with a defect from one without, in one of its cases.
    struct Judge: Sendable {
        let name: String
        /// How many cases it has.
        let count: Int
        /// Whether the machines as they are now do something wrong in that case.
        let finds: @Sendable (Int) -> Bool

        /// All of them, those that are quick to say first.
        static func all(_ scenarios: [Scenario]) -> [Judge] {
            [Self.scenarios(scenarios), walks(100), model(3000), simulation(40)]
        }

        /// The answers of a scenario are others than those in its file.
        private static func scenarios(_ scenarios: [Scenario]) -> Judge {
            Judge(name: "scenarios", count: scenarios.count) { index in
                guard let answer = try? scenarios[index].run() else { return true }
                return answer.text != scenarios[index].text
            }
        }

        /// A law is broken in one of so many lives.
        private static func walks(_ count: Int) -> Judge {
            Judge(name: "walks", count: count) { seed in
                var walk = Walk(seed: UInt64(seed))
                for _ in 0..<200 where walk.broken == nil { walk.step() }
                walk.finish()
                return walk.broken != nil
            }
        }

        /// A law is broken within so many situations of a composition.
        private static func model(_ limit: Int) -> Judge {
            let compositions = Composition.all
            return Judge(name: "model check", count: compositions.count) { index in
                guard let report = try? compositions[index].check(limit: limit, isHasty: true) else { return true }
                return !report.violations.isEmpty
            }
        }

        /// A law is broken on a connection in a simulated network.
        private static func simulation(_ count: Int) -> Judge {
            Judge(name: "simulation", count: count) { seed in
                !Simulation.run(SimulationPlan(seed: UInt64(seed))).violations.isEmpty
            }
        }
    }

    /// A judge, and which of its cases meets a rule.
    ///
    /// A case does the same each time. One that does not meet a rule can't tell what is wrong with that rule, so it is
    /// not asked.
    struct Court {
        let judge: Judge
        /// The cases of each rule, those that meet it most often first.
        private let cases: [Mutation.Place: [Int]]

        /// Asks for every case of the machines as they should be; nil if fault is found with them.
        init?(_ judge: Judge) {
            self.judge = judge
            var counts: [Mutation.Place: [Int: Int]] = [:]
            for index in 0..<judge.count {
                Mutation.met = [:]
                defer { Mutation.met = nil }
                if judge.finds(index) { return nil }
                for (place, count) in Mutation.met ?? [:] { counts[place, default: [:]][index] = count }
            }
            cases = counts.mapValues { counts in
                counts.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.map(\.key)
            }
        }

        /// Whether the defect, which is in the machines now, is noticed.
        func notices(_ mutant: Mutation) -> Bool { cases[mutant.place, default: []].contains(where: judge.finds) }
    }
#endif
