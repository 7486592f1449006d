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
        let action: () -> Void

        func isBefore(_ other: Item) -> Bool { (at, number) < (other.at, other.number) }
    }

    private var heap: [Item] = []
    private var struckOut: Set<UInt64> = []
    private var lastNumber: UInt64 = 0

    /// How much is to happen.
    var count: Int { heap.count - struckOut.count }

    /// When the next thing is to happen.
    mutating func earliest() -> UInt64? {
        dropStruckOut()
        return heap.first?.at
    }

    /// Enters an action.
    mutating func enter(at moment: UInt64, _ action: @escaping () -> Void) -> Entry {
        lastNumber += 1
        heap.append(Item(at: moment, number: lastNumber, action: action))
        var child = heap.count - 1
        while child > 0, heap[child].isBefore(heap[(child - 1) / 2]) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
        return Entry(number: lastNumber)
    }

    /// Strikes an entry out. Only for one that has not happened.
    mutating func strikeOut(_ entry: Entry) { struckOut.insert(entry.number) }

    /// Takes the next action that is due at `moment`.
    mutating func takeDue(_ moment: UInt64) -> (() -> Void)? {
        dropStruckOut()
        guard let first = heap.first, first.at <= moment else { return nil }
        return removeFirst().action
    }

    private mutating func dropStruckOut() {
        while !struckOut.isEmpty, let first = heap.first, struckOut.contains(first.number) {
            struckOut.remove(removeFirst().number)
        }
    }

    private mutating func removeFirst() -> Item {
        let first = heap[0]
        let last = heap.removeLast()
        guard !heap.isEmpty else { return first }
        heap[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child].isBefore(heap[least]) {
                least = child
            }
            guard least != parent else { return first }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
