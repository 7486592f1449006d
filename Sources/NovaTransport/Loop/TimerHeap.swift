/// Who is told when a timer fires.
package protocol TimerHandler: AnyObject {
    /// The timer that was scheduled with this token has fired.
    func timerFired(_ token: UInt64)
}

/// A timer that was scheduled. It may have fired since.
package struct TimerID: Hashable, Sendable {
    fileprivate var slot: Int
    fileprivate var generation: UInt32
}

/// Deadlines in order: a binary heap whose entries can be taken out again. Equal deadlines fire as they were scheduled.
package struct TimerHeap {
    private struct Slot {
        var generation: UInt32 = 0
        var position = -1
        var handler: (any TimerHandler)?
        var token: UInt64 = 0
    }

    private struct Entry {
        var deadline: UInt64
        var order: UInt64
        var slot: Int

        func precedes(_ other: Entry) -> Bool {
            deadline != other.deadline ? deadline < other.deadline : order < other.order
        }
    }

    private var entries: [Entry] = []
    private var slots: [Slot] = []
    private var free: [Int] = []
    private var order: UInt64 = 0
    private var lastOfPass = UInt64.max

    /// No timers.
    package init() {}

    /// The next deadline, in nanoseconds.
    package var earliest: UInt64? { entries.first?.deadline }

    /// How many timers run.
    package var count: Int { entries.count }

    /// Enters a timer.
    package mutating func schedule(at deadline: UInt64, _ handler: any TimerHandler, token: UInt64) -> TimerID {
        let slot = free.popLast() ?? slots.count
        if slot == slots.count { slots.append(Slot()) }
        slots[slot].handler = handler
        slots[slot].token = token
        order += 1
        entries.append(Entry(deadline: deadline, order: order, slot: slot))
        rise(entries.count - 1)
        return TimerID(slot: slot, generation: slots[slot].generation)
    }

    /// Takes a timer out; without effect if it has fired.
    package mutating func cancel(_ id: TimerID) {
        guard slots.indices.contains(id.slot), slots[id.slot].generation == id.generation else { return }
        remove(slots[id.slot].position)
    }

    /// What is scheduled from now on is left for the next pass, even if it is due: timers that schedule each other would
    /// never come to an end.
    package mutating func beginPass() { lastOfPass = order }

    /// Takes out the earliest timer if it is due.
    package mutating func popDue(_ now: UInt64) -> (handler: any TimerHandler, token: UInt64)? {
        guard let first = entries.first, first.deadline <= now, first.order <= lastOfPass else { return nil }
        let token = slots[first.slot].token
        let handler = slots[first.slot].handler
        remove(0)
        return handler.map { ($0, token) }
    }

    // MARK: The heap

    private mutating func remove(_ position: Int) {
        let slot = entries[position].slot
        slots[slot].generation &+= 1
        slots[slot].handler = nil
        free.append(slot)
        let last = entries.removeLast()
        guard position < entries.count else { return }
        entries[position] = last
        slots[last.slot].position = position
        sink(position)
        rise(position)
    }

    private mutating func rise(_ start: Int) {
        var position = start
        let entry = entries[position]
        while position > 0, entry.precedes(entries[(position - 1) / 2]) {
            place(entries[(position - 1) / 2], position)
            position = (position - 1) / 2
        }
        place(entry, position)
    }

    private mutating func sink(_ start: Int) {
        var position = start
        let entry = entries[position]
        while true {
            var child = 2 * position + 1
            guard child < entries.count else { break }
            if child + 1 < entries.count, entries[child + 1].precedes(entries[child]) { child += 1 }
            guard entries[child].precedes(entry) else { break }
            place(entries[child], position)
            position = child
        }
        place(entry, position)
    }

    private mutating func place(_ entry: Entry, _ position: Int) {
        entries[position] = entry
        slots[entry.slot].position = position
    }
}
