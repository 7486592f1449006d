import Foundation
import KernelSupport
import NovaKernel

#if MUTANTS
    /// Puts each defect into the machines, and asks the judges.
    ///
    /// There is one defect at a time in a process, so several processes share the work: `--part 0/2` and `--part 1/2` judge
    /// every second mutant and print the verdicts, `--join FILE FILE` sums them up. Without either one process does it all.
    /// With `--each` before those every judge is asked of every mutant.
    @main
    enum Mutants {
        static func main() throws {
            var arguments = Array(CommandLine.arguments.dropFirst())
            let isOfEach = arguments.first == "--each"
            if isOfEach { arguments.removeFirst() }
            switch arguments.first {
            case nil:
                var verdicts: [Verdict] = []
                try judge(part: 0, of: 1, isOfEach: isOfEach) { _, verdict in verdicts.append(verdict) }
                try report(Summary(verdicts: verdicts, isOfEach: isOfEach))
            case "--part" where arguments.count == 2:
                let numbers = arguments[1].split(separator: "/").compactMap { Int($0) }
                guard numbers.count == 2, numbers[0] >= 0, numbers[0] < numbers[1] else { fail(usage) }
                try judge(part: numbers[0], of: numbers[1], isOfEach: isOfEach) { total, verdict in
                    FileHandle.standardOutput.write(Data("\(total)\t\(verdict.text)\n".utf8))
                }
            case "--join" where arguments.count > 1:
                try report(Summary(verdicts: join(Array(arguments.dropFirst())), isOfEach: isOfEach))
            default: fail(usage)
            }
        }

        private static let usage = "usage: nova-mutants [--each] [--part NUMBER/COUNT | --join FILE ...]"

        /// Judges every `count`-th mutant, and tells each verdict with the number of all mutants.
        private static func judge(
            part: Int, of count: Int, isOfEach: Bool, _ tell: (Int, Verdict) -> Void
        ) throws {
            let scenarios = try Scenario.all()
            let mutants = Mutation.all(try habits(scenarios))
            let courts = Judge.all(scenarios).map { judge in
                guard let court = Court(judge) else { fail("The \(judge.name) find fault with the machine as it is.") }
                return court
            }
            let clock = ContinuousClock()
            for index in stride(from: part, to: mutants.count, by: count) {
                let mutant = mutants[index]
                let start = clock.now
                Mutation.current = mutant
                var names: [String] = []
                for court in courts where isOfEach || names.isEmpty {
                    if court.notices(mutant) { names.append(court.judge.name) }
                }
                Mutation.current = nil
                tell(mutants.count, Verdict(mutant.name, names, clock.now - start))
            }
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

        /// The verdicts of all parts, in the order of the mutants' names.
        private static func join(_ files: [String]) throws -> [Verdict] {
            var totals: Set<Int> = []
            var verdicts: [Verdict] = []
            for file in files {
                for line in try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n") {
                    let halves = line.split(separator: "\t", maxSplits: 1)
                    guard let total = Int(halves[0]), let verdict = halves.dropFirst().first.flatMap(Verdict.init)
                    else {
                        fail("Not a verdict: \(line)")
                    }
                    totals.insert(total)
                    verdicts.append(verdict)
                }
            }
            guard totals == [verdicts.count] else { fail("The parts are not those of one whole.") }
            return verdicts.sorted { $0.mutant < $1.mutant }
        }

        private static func report(_ summary: Summary) throws {
            summary.tell(Judge.all([]).map(\.name))
            if let fault = summary.fault(try Equivalents()) { fail(fault) }
        }

        private static func fail(_ message: String) -> Never {
            print(message)
            exit(1)
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
