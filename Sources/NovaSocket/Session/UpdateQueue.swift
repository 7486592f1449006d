import NovaKernel

/// What waits for one who takes a subscription's updates. Every operation takes the same time on average, however much
/// waits: a consumer that has fallen behind is where nobody can afford more.
struct UpdateQueue {
    /// What is no message, and stands before the first message.
    private var front = Fifo<Update>()
    /// The first message and all behind it.
    private var rest = Fifo<Update>()
    /// How many messages there are.
    private var messages = 0
    private let capacity: Int

    /// An empty queue that holds so many messages; beyond them the oldest are dropped, and a gap stands in their place.
    init(capacity: Int) { self.capacity = max(1, capacity) }

    /// How many updates wait.
    var count: Int { front.count + rest.count }

    /// Takes the oldest; nil if there is none.
    mutating func take() -> Update? {
        if let update = front.popFirst() { return update }
        guard let update = rest.popFirst() else { return nil }
        messages -= 1
        advance()
        return update
    }

    /// Adds one. What finds no room pushes the oldest message out; neighbouring gaps of that kind are one.
    mutating func add(_ update: Update) {
        if joins(update) { return }
        guard case .message = update else {
            if rest.isEmpty { front.append(update) } else { rest.append(update) }
            return
        }
        rest.append(update)
        messages += 1
        if messages > capacity { dropOldest() }
    }

    /// What now stands before the first message goes to the front: each update does so once.
    private mutating func advance() {
        while let update = rest.first, update.message == nil {
            rest.removeFirst()
            front.append(update)
        }
    }

    private mutating func dropOldest() {
        guard let dropped = rest.popFirst()?.message else { return }
        messages -= 1
        if case .gap(let gap)? = front.last, case .overflow(let count) = gap.cause {
            front.replaceLast(.gap(Gap(cause: .overflow(count: count + 1), attempt: gap.attempt)))
            advance()
        } else {
            let place = front.count
            front.append(.gap(Gap(cause: .overflow(count: 1), attempt: dropped.attempt)))
            advance()
            guard let next = rest.first?.message else { return }
            front.replace(at: place, .gap(Gap(cause: .overflow(count: 1), attempt: next.attempt)))
        }
    }

    /// A gap behind an interruption behind a gap is one gap, since the first of them: nothing came in between. So what is
    /// not a message is no more than what comes between messages.
    private mutating func joins(_ update: Update) -> Bool {
        guard case .gap(let gap) = update else { return false }
        let earlier = rest.isEmpty ? Self.earlier(in: front) : Self.earlier(in: rest)
        guard let earlier else { return false }
        let whole = Update.gap(Gap(cause: earlier.cause, attempt: gap.attempt))
        if rest.isEmpty {
            front.removeLast()
            front.replaceLast(whole)
        } else {
            rest.removeLast()
            rest.replaceLast(whole)
        }
        return true
    }

    /// The gap of a lost connection that stands right before an interruption at the end.
    private static func earlier(in updates: Fifo<Update>) -> Gap? {
        guard case .interrupted? = updates.last, case .gap(let gap)? = updates.beforeLast,
            case .connectionLost = gap.cause
        else { return nil }
        return gap
    }
}

/// First in, first out, each in the same time on average: what is taken leaves a place, and places are closed up when they
/// are as many as what is left.
private struct Fifo<Element> {
    private var places: [Element?] = []
    private var start = 0

    var count: Int { places.count - start }
    var isEmpty: Bool { count == 0 }
    var first: Element? { isEmpty ? nil : places[start] }
    var last: Element? { isEmpty ? nil : places[places.count - 1] }
    var beforeLast: Element? { count > 1 ? places[places.count - 2] : nil }

    mutating func append(_ element: Element) { places.append(element) }
    mutating func removeLast() { places.removeLast() }
    mutating func replaceLast(_ element: Element) { places[places.count - 1] = element }
    /// In the place of the one that so many are before.
    mutating func replace(at index: Int, _ element: Element) { places[start + index] = element }
    mutating func removeFirst() { _ = popFirst() }

    mutating func popFirst() -> Element? {
        guard !isEmpty else { return nil }
        defer {
            places[start] = nil  // what it holds is let go of now
            start += 1
            if start == places.count {
                places.removeAll(keepingCapacity: places.count <= 64)
                start = 0
            } else if start >= 32, start * 2 >= places.count {
                places.removeFirst(start)
                start = 0
            }
        }
        return places[start]
    }
}
