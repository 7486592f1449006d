import Glibc

/// Measures the pure parts: the transition function and the wire code.
///
/// `nova-bench [NAME]`: all measurements, or those whose name contains `NAME`.
@main
enum NovaBench {
    static func main() {
        let filter = CommandLine.arguments.dropFirst().first ?? ""
        print(Measurement.header)
        for (name, measure) in KernelBench.all + WireBench.all where filter.isEmpty || name.contains(filter) {
            print(measure(name).row)
        }
    }
}
