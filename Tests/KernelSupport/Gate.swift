/// Lets one in at a time: tests that compute for long would else take every thread there is.
package actor Gate {
    package static let shared = Gate()
    private var isTaken = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    package func enter() async {
        guard isTaken else {
            isTaken = true
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    package func leave() {
        if waiting.isEmpty { isTaken = false } else { waiting.removeFirst().resume() }
    }
}
