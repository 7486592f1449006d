// What the gate is tried on before it is believed. `guarded`: many tasks fight for a Mutex, and there is no race. `race`: they
// change a number that nothing guards.
import Synchronization

final class Shared: @unchecked Sendable {
    // Sendable: it is not, and that is what must be found.
    let numbers = Mutex<[Int]>([])
    var count = 0
}

let isRace = CommandLine.arguments.dropFirst().first == "race"
let shared = Shared()
await withTaskGroup(of: Void.self) { group in
    for task in 0..<8 {
        group.addTask {
            for number in 0..<20_000 {
                if isRace { shared.count += 1 }
                shared.numbers.withLock { numbers in
                    if numbers.count > 100 { numbers.removeAll() }
                    numbers.append(task + number)
                }
            }
        }
    }
}
print("done", shared.numbers.withLock(\.count))
