/// A strict reader of Prometheus' text format 0.0.4: it takes nothing that the format does not say.
struct Exposition {
    struct Problem: Error, CustomStringConvertible {
        var description: String
    }

    struct Sample {
        var name: String
        var labels: [String: String]
        var value: Double
    }

    struct Family {
        var help: String
        var type: String
        var samples: [Sample] = []
    }

    private(set) var families: [String: Family] = [:]

    init(_ text: String) throws {
        guard text.hasSuffix("\n") else { throw Problem(description: "the last line has no end") }
        var help: (name: String, text: String)?
        var current: String?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            if line.hasPrefix("# HELP ") {
                let words = line.dropFirst(7).split(separator: " ", maxSplits: 1)
                guard words.count == 2, Self.isName(words[0]) else { throw Problem(description: "\(line)") }
                help = (String(words[0]), String(words[1]))
            } else if line.hasPrefix("# TYPE ") {
                let words = line.dropFirst(7).split(separator: " ", omittingEmptySubsequences: false).map(String.init)
                guard words.count == 2, ["counter", "gauge", "histogram"].contains(words[1]), let told = help,
                    told.name == words[0], families[words[0]] == nil
                else { throw Problem(description: "\(line)") }
                families[words[0]] = Family(help: told.text, type: words[1])
                (current, help) = (words[0], nil)
            } else {
                guard let current else { throw Problem(description: "a sample before its family: \(line)") }
                families[current]?.samples.append(try Self.sample(line))
            }
        }
        for (name, family) in families { try Self.check(name, family) }
    }

    private static func isName(_ name: some StringProtocol) -> Bool {
        guard let first = name.first, !first.isNumber else { return false }
        return name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == ":") }
    }

    /// `name{label="value",…} number`
    private static func sample(_ line: Substring) throws -> Sample {
        var rest = line
        let name = rest.prefix { $0 != "{" && $0 != " " }
        rest = rest.dropFirst(name.count)
        var labels: [String: String] = [:]
        if rest.first == "{" {
            rest.removeFirst()
            while rest.first != "}" {
                let label = String(rest.prefix { $0 != "=" })
                rest = rest.dropFirst(label.count)
                guard isName(label), !label.contains(":"), rest.hasPrefix("=\""), labels[label] == nil else {
                    throw Problem(description: "the label \(label) in \(line)")
                }
                rest = rest.dropFirst(2)
                labels[label] = try value(&rest)
                if rest.first == "," {
                    rest.removeFirst()
                } else if rest.first != "}" {
                    throw Problem(description: "behind a label: \(line)")
                }
            }
            rest.removeFirst()
        }
        guard isName(name), rest.first == " ", let number = Double(rest.dropFirst()) else {
            throw Problem(description: "\(line)")
        }
        return Sample(name: String(name), labels: labels, value: number)
    }

    private static func value(_ rest: inout Substring) throws -> String {
        var value = ""
        while let character = rest.popFirst() {
            switch character {
            case "\"": return value
            case "\\":
                switch rest.popFirst() {
                case "n": value.append("\n")
                case "\\": value.append("\\")
                case "\"": value.append("\"")
                default: throw Problem(description: "an escape in \(value)")
                }
            default: value.append(character)
            }
        }
        throw Problem(description: "no end of \(value)")
    }

    private static func check(_ name: String, _ family: Family) throws {
        var seen: Set<String> = []
        for sample in family.samples {
            let suffixes = family.type == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
            guard suffixes.contains(where: { sample.name == name + $0 }) else {
                throw Problem(description: "\(sample.name) in \(name)")
            }
            let labels = sample.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            guard seen.insert("\(sample.name) \(labels)").inserted else {
                throw Problem(description: "\(sample.name) twice with \(labels)")
            }
            guard sample.value >= 0 else { throw Problem(description: "\(sample.name) is \(sample.value)") }
        }
        if family.type == "histogram" { try checkHistograms(name, family) }
    }

    /// Buckets grow, the last is the count, and no bucket of a smaller bound comes later.
    private static func checkHistograms(_ name: String, _ family: Family) throws {
        let groups = Dictionary(grouping: family.samples) { sample in
            sample.labels.filter { $0.key != "le" }
        }
        for (labels, samples) in groups {
            let buckets = try samples.filter { $0.name == name + "_bucket" }.map { sample in
                guard let bound = sample.labels["le"].flatMap({ $0 == "+Inf" ? .infinity : Double($0) }) else {
                    throw Problem(description: "a bucket of \(name) has no bound")
                }
                return (bound: bound, count: sample.value)
            }
            for (one, next) in zip(buckets, buckets.dropFirst()) {
                guard one.bound < next.bound, one.count <= next.count else {
                    throw Problem(description: "the buckets of \(name) \(labels)")
                }
            }
            let counts = samples.filter { $0.name == name + "_count" }
            guard counts.count == 1, samples.count(where: { $0.name == name + "_sum" }) == 1,
                buckets.last?.bound == .infinity, buckets.last?.count == counts.first?.value
            else { throw Problem(description: "\(name) \(labels) is not whole") }
        }
    }

    /// The value of the sample with these labels, and no others.
    func value(_ name: String, _ labels: [String: String]) -> Double? {
        families.values.lazy.flatMap(\.samples).first { $0.name == name && $0.labels == labels }?.value
    }
}
