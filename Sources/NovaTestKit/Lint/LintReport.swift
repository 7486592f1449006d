import NovaKernel

extension AdapterLint {
    /// A promise that was broken.
    public struct Finding: Hashable, Sendable, CustomStringConvertible {
        /// Which promise.
        public let promise: Promise
        /// What happened, in a sentence without any secret.
        public let sentence: String
        /// With which server; nil if it needed none.
        public let hostility: Hostility?
        /// With which seed.
        public let seed: UInt64

        /// How to see it again.
        public var reproduction: String {
            "seed = \(seed); hostilities = [\(hostility.map { ".\($0.rawValue)" } ?? "")]"
        }

        /// The promise, what happened, and how to see it again.
        public var description: String {
            "✗ \(promise.rawValue): \(sentence)\n  Promised: \(promise.sentence)\n  Again: \(reproduction)"
        }
    }

    /// What a lint has found.
    public struct Report: Sendable, CustomStringConvertible {
        /// The seed that everything followed from.
        public let seed: UInt64
        /// The servers that the adapter has met, in their order.
        public internal(set) var hostilities: [Hostility] = []
        /// The promises that were broken, in the order in which it was noticed; each sentence once for a server.
        public internal(set) var findings: [Finding] = []
        /// How much simulated time it took.
        public internal(set) var elapsed: Duration = .zero

        /// Whether no promise was broken.
        public var isClean: Bool { findings.isEmpty }

        /// For the process: 0 if it is clean, 1 if not.
        public var exitStatus: Int32 { isClean ? 0 : 1 }

        /// The findings, and a line before them that counts.
        public var description: String {
            let broken = Set(findings.map(\.promise)).count
            let seconds = elapsed.wholeNanoseconds / 1_000_000_000
            let head =
                "Seed \(seed): \(hostilities.count) servers in \(seconds) simulated seconds, "
                + (isClean ? "no promise broken." : "\(broken) of \(Promise.allCases.count) promises broken.")
            return ([head] + findings.map(\.description)).joined(separator: "\n")
        }
    }
}
