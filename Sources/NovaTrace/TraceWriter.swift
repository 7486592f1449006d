import FoundationEssentials
import NovaKernel
import NovaMachine

/// Writes a trace, line by line, to whoever takes the lines.
///
/// The writer is fed from the one place where events are handled; nobody tells it what happened but the machine itself.
public struct TraceWriter {
    private let encoder: JSONEncoder
    private let write: (String) -> Void
    private let origin: Instant
    private var count: UInt64 = 0

    /// Writes the header to `write`, which gets each line with its newline. Times count from `origin`.
    public init(header: TraceHeader, origin: Instant, write: @escaping (String) -> Void) {
        encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        self.origin = origin
        self.write = write
        line(header)
    }

    /// Writes a step.
    public mutating func record(
        _ occurrence: Occurrence, before: String, _ rule: KernelRule, _ effects: Effects<Effect>,
        after kernel: borrowing Kernel
    ) {
        count += 1
        line(TraceStep(occurrence, number: count, origin: origin, before: before, rule, effects, after: kernel))
    }

    /// Writes what is no step.
    public func note(_ entry: TraceEntry) { for line in entry.lines { self.line(line) } }

    /// Writes the last line.
    public func finish() { line(TraceFooter(end: count)) }

    private func line(_ value: some Encodable) {
        // These values are strings and numbers: encoding them has no way to fail.
        guard let data = try? encoder.encode(value) else { return }
        write(String(decoding: data, as: UTF8.self) + "\n")
    }
}
