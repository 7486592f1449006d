import Foundation
import NovaKernel

/// Who sees the steps of a kernel: what happened, the spine's state before, the step, the kernel after.
package typealias Witness = (Occurrence, String, Step<KernelRule, Effect>, Kernel) -> Void

/// A scenario: prose, settings, and what happens; under each event stands what the machine answered.
///
/// Lines that begin with `#` are prose, `route` and `set` make the machine, `>` is an event with its time. All else
/// is the machine's answer, and is written anew when the environment has `NOVA_REWRITE=1`. Only commit a changed
/// answer if you understand what changed it, and want it.
package struct Scenario: Sendable {
    /// It could not be run.
    package struct Failure: Error, CustomStringConvertible {
        package var description: String
    }

    /// The file's name.
    package let name: String
    /// What stands in it.
    package let text: String

    package init(name: String, text: String) {
        self.name = name
        self.text = text
    }

    /// Where they are.
    package static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("NovaKernelTests/Scenarios")

    /// All of them, in order.
    package static func all() throws -> [Scenario] {
        try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "txt" }
            .sorted { $0.path < $1.path }
            .map { Scenario(name: $0.lastPathComponent, text: try String(contentsOf: $0, encoding: .utf8)) }
    }

    /// Runs the events; returns the text with the machine's answers, and the rules that were met. `witness` sees each step.
    package func run(_ witness: Witness? = nil) throws -> (text: String, rules: Set<KernelRule>) {
        var policy = Policy()
        var route = Lifecycle.Route()
        var kernel: Kernel?
        var rules: Set<KernelRule> = []
        var output: [String] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("#") {
                output.append(String(line))
            } else if line.hasPrefix("set ") {
                let words = line.dropFirst(4).split(separator: " ", maxSplits: 1)
                guard words.count == 2 else { throw Failure(description: "\(name): '\(line)'") }
                try policy.set(String(words[0]), to: String(words[1]))
                output.append(String(line))
            } else if line.hasPrefix("route ") {
                if line.contains("tunnel") { route.insert(.tunnel) }
                if line.contains("tls") { route.insert(.tls) }
                output.append(String(line))
            } else if line.hasPrefix("> ") {
                var machine = kernel ?? Kernel(route: route, policy: policy, seed: 1)
                output.append(String(line))
                output += try answer(to: line.dropFirst(2), &machine, &rules, witness)
                kernel = machine
            } else if line.isEmpty, output.last != "" {
                output.append("")
            }
        }
        while output.last == "" { output.removeLast() }
        return (output.joined(separator: "\n") + "\n", rules)
    }

    private func answer(
        to line: Substring, _ kernel: inout Kernel, _ rules: inout Set<KernelRule>, _ witness: Witness?
    ) throws -> [String] {
        var reader = WordReader(line)
        guard let time = try reader.duration("a time") else { throw Failure(description: "\(name): '\(line)'") }
        let at = Instant.zero.advanced(by: time)
        var pending = [try Event(from: &reader)]
        if let rest = reader.peek { throw Failure(description: "\(name): '\(rest)' in '\(line)'") }
        var output: [String] = []
        var depth = 0
        while let event = pending.first {
            pending.removeFirst()
            if depth > 0 { output.append("  raised \(event.text)") }
            depth += 1
            if depth > 8 { throw Failure(description: "\(name): raised facts never end at '\(line)'") }
            let before = kernel.lifecycle.stateText
            let step = kernel.handle(Occurrence(event, at: at))
            witness?(Occurrence(event, at: at), before, step, kernel)
            rules.insert(step.rule)
            let after = kernel.lifecycle.stateText
            output.append("  \(step.rule.rawValue): " + (before == after ? "(\(kernel.name))" : "\(after)"))
            for effect in step.effects.array {
                output.append("    \(effect)")
                if case .raise(let attempt, let fact) = effect { pending.append(.fact(attempt, fact)) }
            }
        }
        return output
    }
}
