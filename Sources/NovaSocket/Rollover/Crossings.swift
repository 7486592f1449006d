/// One channel over all changes of connections: the one under way, and those after which a connection may still bring what
/// the one before it has given.
struct Crossings<Element> {
    private var current: Overlap<Element>?
    /// Those that are left on one side, oldest first: what the remaining connection brings goes through them.
    private var past: [Overlap<Element>] = []

    /// Whether there is nothing to compare.
    var isEmpty: Bool { current == nil && past.isEmpty }

    /// Whether two connections bring messages.
    var isUnderWay: Bool { current != nil }

    /// Whether nothing is open between two connections.
    var hasMet: Bool { current?.hasMet ?? true }

    /// A connection is to bring the messages too; `last` is the position of the last that was given.
    mutating func begin(after last: MessagePosition?, capacity: Int) {
        current = Overlap(after: last, capacity: capacity)
    }

    /// Takes a message; returns what is to be given on. `side` says which of two connections brought it; nil: there is one.
    mutating func take(
        _ element: Element, at position: MessagePosition?, from side: Overlap<Element>.Side?
    ) -> [Element] {
        if side != .later || current == nil, !passes(element, position) { return [] }
        guard current != nil, let side else { return [element] }
        return current?.take(element, at: position, from: side) ?? []
    }

    private mutating func passes(_ element: Element, _ position: MessagePosition?) -> Bool {
        var isNew = true
        for index in past.indices where isNew {
            guard let side = past[index].remaining else { continue }
            isNew = !past[index].take(element, at: position, from: side).isEmpty
        }
        past.removeAll(where: \.isOver)
        return isNew
    }

    /// The later of the two connections is the session's from now on; returns what is to be given on.
    mutating func turn() -> [Element] { current?.turn() ?? [] }

    /// One of two connections will bring no more.
    mutating func end(_ side: Overlap<Element>.Side) -> Overlap<Element>.Rest {
        guard var ended = current.take() else { return Overlap<Element>.Rest() }
        let rest = ended.end(side)
        // What was still to be told of the earlier one's messages has ended with it.
        if side == .earlier { past = [] }
        if !ended.isOver { past.append(ended) }
        return rest
    }

    /// The later connection, which is the session's, is lost: what the earlier one still brings is of no use beside the gap.
    /// Says whether what the later one still brings follows on what was given.
    mutating func loseLater() -> Bool {
        guard let hadMet = current?.hasMet else { return true }
        _ = end(.earlier)
        return hadMet
    }

    /// What the later connection has brought and is held; nothing is compared any more.
    mutating func abandon() -> [Element] {
        defer { (current, past) = (nil, []) }
        return current?.heldElements ?? []
    }
}
