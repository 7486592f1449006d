import Glibc

/// Measures the pure parts: the transition function and the wire code.
///
/// `nova-bench [NAME]`: all measurements, or those whose name contains `NAME`. `nova-bench --check`: exits with 1 if a step
/// of the data path takes memory.
@main
enum NovaBench {
    static func main() {
        let words = CommandLine.arguments.dropFirst()
        let filter = words.first { !$0.hasPrefix("-") } ?? ""
        var takesMemory = false
        print(Measurement.header)
        for (name, measure) in KernelBench.all + WireBench.all + TraceBench.all + ObserverBench.all
        where filter.isEmpty || name.contains(filter) {
            let measurement = measure(name)
            print(measurement.row)
            if KernelBench.dataPath.union(TraceBench.dataPath).union(ObserverBench.dataPath).contains(name),
                measurement.allocations > 0
            {
                takesMemory = true
            }
        }
        if words.contains("--check"), takesMemory { exit(1) }
    }
}
