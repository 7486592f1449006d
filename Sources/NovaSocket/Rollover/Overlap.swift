/// One channel while two connections bring its messages: what is given on, and in what order. Nothing is lost and nothing
/// comes twice, as far as positions say which message is which.
///
/// At first the earlier connection's messages are given on, and the later one's wait; a message that both have brought shows
/// where the two meet. When they have met and the later one is the session's, each brings everything, in the same order:
/// whichever is first gives a message, and the other's is dropped. That goes on until the one that is left has brought
/// something new.
struct Overlap<Element> {
    /// Which of the two connections.
    enum Side {
        case earlier, later
    }

    private struct Held {
        let element: Element
        let position: MessagePosition?
        var number: UInt64? { if case .sequence(let number, _)? = position { number } else { nil } }

        /// Whether everything before it has a number up to this one.
        func follows(_ number: UInt64) -> Bool {
            if case .sequence(let own, let before)? = position { (before ?? own) <= number } else { false }
        }
    }

    /// The later one's messages that the earlier one has not brought.
    private var held: [Held] = []
    /// How many of them found no room.
    private var missed = 0
    /// The last of these: once the earlier one has brought it, none is missing.
    private var lastMissed: MessagePosition?
    /// The highest number that was given.
    private var highest: UInt64?
    /// The keys that one side has given and the other has not brought yet: of the last messages, oldest first.
    private var ahead: [MessagePosition] = []
    private var leader = Side.earlier
    /// Whether it is known where the two meet; and whether the later one is the session's.
    private(set) var hasMet = false
    private var hasTurned = false
    private var isJoined: Bool { hasMet && hasTurned }
    /// The side that will bring no more.
    private var gone: Side?
    /// Whether there is nothing to compare any more.
    private(set) var isOver = false
    private let capacity: Int

    /// An overlap in which so many messages are held or remembered; `last` is the position of the last message before it.
    init(after last: MessagePosition?, capacity: Int) {
        self.capacity = max(1, capacity)
        if let last { note(last) }
    }

    /// Takes a message; returns what is to be given on.
    mutating func take(_ element: Element, at position: MessagePosition?, from side: Side) -> [Element] {
        guard side != gone else { return [] }
        if isJoined { return wasGiven(position, by: side) ? [] : [element] }
        return switch side {
        case .earlier: takeEarlier(element, position)
        case .later: takeLater(element, position)
        }
    }

    /// The later connection is the session's from now on; returns what is to be given on.
    mutating func turn() -> [Element] {
        hasTurned = true
        return hasMet ? release() : []
    }

    /// What is left where one side ends.
    struct Rest {
        /// What is to be given on.
        var given: [Element] = []
        /// How many were held that nobody can say of whether the earlier one has brought them: they are dropped.
        var unplaced = 0
        /// How many found no room while they were held.
        var missed = 0
    }

    /// One side will bring no more.
    mutating func end(_ side: Side) -> Rest {
        guard gone == nil else { return Rest() }
        gone = side
        defer { (hasMet, hasTurned, held) = (true, true, []) }
        guard side == .earlier else {
            isOver = true  // the later one has given nothing: it never was the session's
            return Rest()
        }
        guard !isJoined else { return Rest() }
        // Those that wait are behind everything that the earlier one has brought: it had all that was before them.
        let given = held.filter { $0.position != nil }.map(\.element)
        isOver = !given.isEmpty
        return Rest(given: given, unplaced: held.count - given.count, missed: missed)
    }

    /// What the later one has brought and is held.
    var heldElements: [Element] { held.map(\.element) }

    /// The side that still brings messages where the other does not.
    var remaining: Side? { gone.map { $0 == .earlier ? .later : .earlier } }

    // MARK: Before they are joined

    private mutating func takeEarlier(_ element: Element, _ position: MessagePosition?) -> [Element] {
        guard let position else { return [element] }
        if isBehindMissed(position) { (missed, lastMissed) = (0, nil) }
        switch position {
        case .sequence(let number, _):
            // If the later one began here or before, what it has up to here is given, and all that follows it will bring.
            if let first = held.first(where: { $0.number != nil }), first.follows(number) { hasMet = true }
            if hasMet {
                held.removeSubrange(..<(held.firstIndex { $0.number.map { $0 > number } ?? false } ?? held.count))
            }
            note(position)
        case .key:
            if let place = held.firstIndex(where: { $0.position == position }) {
                held.removeSubrange(...place)
                (hasMet, ahead) = (true, [])  // what the earlier one gave before, the later one had before, too
            } else {
                note(position)
            }
        }
        return isJoined ? [element] + release() : [element]
    }

    private mutating func takeLater(_ element: Element, _ position: MessagePosition?) -> [Element] {
        if let position, isKnown(position) {
            (hasMet, held) = (true, [])  // what was held came before this, so it was given too
            return []
        }
        if held.count == capacity {
            let count = capacity / 4 + 1
            missed += count
            // Where they meet must be seen again: what was dropped, the earlier one alone can bring.
            (hasMet, lastMissed) = (false, held[count - 1].position)
            held.removeFirst(count)
        }
        held.append(Held(element: element, position: position))
        if held.count == 1, let highest, held[0].follows(highest) { hasMet = true }
        return isJoined ? release() : []
    }

    private func isBehindMissed(_ position: MessagePosition) -> Bool {
        switch (position, lastMissed) {
        case (.sequence(let number, _), .sequence(let last, _)?): number >= last
        case (_, let last): position == last
        }
    }

    /// What is held is given: the later one leads.
    private mutating func release() -> [Element] {
        defer { held = [] }
        if !held.isEmpty { (leader, ahead) = (.later, []) }
        for held in held { held.position.map { note($0) } }
        return held.map(\.element)
    }

    // MARK: When they are joined

    /// Whether the other side has given that message; if not, it is given now.
    private mutating func wasGiven(_ position: MessagePosition?, by side: Side) -> Bool {
        guard let position else { return side == .earlier && gone == nil }
        if side != leader || position.isNumber, isKnown(position) { return true }
        if side != leader { (leader, ahead) = (side, []) }
        note(position)
        if gone != nil { isOver = true }
        return false
    }

    /// Whether the message is one that the leader has given; then it, and those before it, need no remembering.
    private mutating func isKnown(_ position: MessagePosition) -> Bool {
        switch position {
        case .sequence(let number, _): return highest.map { number <= $0 } ?? false
        case .key:
            guard let index = ahead.firstIndex(of: position) else { return false }
            ahead.removeFirst(index + 1)
            return true
        }
    }

    private mutating func note(_ position: MessagePosition) {
        switch position {
        case .sequence(let number, _): highest = max(highest ?? number, number)
        case .key:
            if ahead.count == capacity { ahead.removeFirst(capacity / 4 + 1) }
            ahead.append(position)
        }
    }
}

extension MessagePosition {
    fileprivate var isNumber: Bool { if case .sequence = self { true } else { false } }
}
