#if MUTANTS
    import Foundation

    /// What the judges say of one mutant.
    struct Verdict {
        let mutant: String
        /// Who noticed it, of those who were asked.
        let judges: [String]
        let seconds: Double

        var isSurvivor: Bool { judges.isEmpty }

        init(_ mutant: String, _ judges: [String], _ time: Duration) {
            self.mutant = mutant
            self.judges = judges
            seconds = Double(Int(time / .milliseconds(1))) / 1000
        }

        /// A line of ``text``; nil if it is none.
        init?(_ line: Substring) {
            let words = line.split(separator: "\t", omittingEmptySubsequences: false)
            guard words.count == 3, let seconds = Double(words[1]) else { return nil }
            mutant = String(words[0])
            self.seconds = seconds
            judges = words[2].split(separator: ",").map(String.init)
        }

        var text: String { "\(mutant)\t\(seconds)\t\(judges.joined(separator: ","))" }
    }

    /// What came out, in all.
    struct Summary {
        let verdicts: [Verdict]
        /// Whether every judge was asked of every mutant, or each only of what those before it had not noticed.
        let isOfEach: Bool

        /// The counts; `names` are those of the judges, in their order.
        func tell(_ names: [String]) {
            let left = verdicts.count(where: \.isSurvivor)
            print("\(verdicts.count) mutants, \(verdicts.count - left) killed, \(left) survive")
            if !isOfEach { print("  Each counts for the first that noticed it; the others were not asked.") }
            for name in names {
                let count = verdicts.count { $0.judges.contains(name) }
                let only = verdicts.count { $0.judges == [name] }
                print(isOfEach ? "  by the \(name): \(count), by it alone: \(only)" : "  by the \(name): \(count)")
            }
            let seconds = verdicts.reduce(0) { $0 + $1.seconds }
            guard let slowest = verdicts.max(by: { $0.seconds < $1.seconds }) else { return }
            print("  judged in \(Int(seconds)) s of work; the longest was \(slowest.mutant), \(slowest.seconds) s")
        }

        /// Names the survivors, and says what is wrong with them and their arguments; nil if nothing is.
        func fault(_ equivalent: Equivalents) -> String? {
            let survivors = verdicts.filter(\.isSurvivor).map(\.mutant)
            let unargued = survivors.filter { equivalent.arguments[$0] == nil }
            let killed = equivalent.arguments.keys.filter { !survivors.contains($0) }.sorted()
            let all = Set(verdicts.map(\.mutant))
            for name in survivors { print("  survives: \(name) – \(equivalent.arguments[name] ?? "NOT ARGUED")") }
            for name in killed { print("  argued, but \(all.contains(name) ? "killed" : "unknown"): \(name)") }
            if unargued.isEmpty, killed.isEmpty { return nil }
            return "\(unargued.count) survivors without an argument, \(killed.count) arguments without a survivor."
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
#endif
