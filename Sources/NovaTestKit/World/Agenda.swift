/// What is to happen when, in the order of the moments; what is to happen at one moment, in the order in which it was
/// entered.
struct Agenda {
    /// An entry, to be struck out by.
    struct Entry: Hashable {
        fileprivate let number: UInt64
    }

    private struct Item {
        let at: UInt64
        let number: UInt64

        func isBefore(_ other: Item) -> Bool { (at, number) < (other.at, other.number) }
    }

    private var heap: [Item] = []
    /// The actions apart: moving them about in the heap would count their owners each time. One that is struck out is
    /// missing here.
    private var actions: [UInt64: () -> Void] = [:]
    private var lastNumber: UInt64 = 0

    /// When the next thing is to happen.
    mutating func earliest() -> UInt64? {
        while let first = heap.first {
            if actions[first.number] != nil { return first.at }
            removeFirst()
        }
        return nil
    }

    /// Enters an action.
    mutating func enter(at moment: UInt64, _ action: @escaping () -> Void) -> Entry {
        lastNumber += 1
        actions[lastNumber] = action
        heap.append(Item(at: moment, number: lastNumber))
        var child = heap.count - 1
        while child > 0, heap[child].isBefore(heap[(child - 1) / 2]) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
        return Entry(number: lastNumber)
    }

    /// Strikes an entry out; without effect if it has happened.
    mutating func strikeOut(_ entry: Entry) { actions[entry.number] = nil }

    /// Takes the next action that is due at `moment`.
    mutating func takeDue(_ moment: UInt64) -> (() -> Void)? {
        guard let earliest = earliest(), earliest <= moment, let first = heap.first else { return nil }
        removeFirst()
        return actions.removeValue(forKey: first.number)
    }

    private mutating func removeFirst() {
        let last = heap.removeLast()
        guard !heap.isEmpty else { return }
        heap[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in 2 * parent + 1..<2 * parent + 3
            where child < heap.count && heap[child].isBefore(heap[least]) {
                least = child
            }
            guard least != parent else { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
