import NovaKernel
import NovaWire

/// A subscription of a session that is wanted by somebody, whatever connection it is on.
final class SessionEntry {
    let id: SubscriptionID
    let channel: Channel
    /// Everybody who takes its updates.
    var feeds: [Feed] = []
    /// Why the server refused it, if it did.
    var refusal: (any Error)?
    /// Whether no connection has confirmed it yet.
    private(set) var isNew = true
    /// The connection it was lost with, until it is confirmed on another.
    private var lostWith: AttemptID?
    /// Whether it was told, on the connection before, that its messages stay away.
    var isStill = false
    /// Whether what the lost connection still brings is a part of the gap that will be told.
    private var isInGap = false
    /// Messages of a connection that came before its confirmation: they belong behind it, and behind the gap. And how many of
    /// them found no room.
    private(set) var held: [Message] = []
    private var missed = 0

    /// What became of it, the last changes.
    var history: [SubscriptionRecord.Change] = []

    /// How long its messages may stay away; nil: for ever.
    var freshness: Duration?
    /// Whether the machine wants to hear of each message: they must not stay away.
    var isWatched: Bool { freshness != nil }

    /// One more wants it: the strictest word counts.
    func wants(_ freshness: Duration?) {
        self.freshness = [self.freshness, freshness].compactMap(\.self).min()
    }

    /// How the messages of two connections are one sequence, while one is changed for the other.
    private var crossings = Crossings<Message>()
    /// The last message, where its position may be asked for.
    private var last: Message?
    private let positions: (any PositionHandler)?

    init(_ id: SubscriptionID, _ channel: Channel, freshness: Duration?, _ positions: (any PositionHandler)?) {
        (self.id, self.channel, self.freshness) = (id, channel, freshness)
        self.positions = positions.flatMap { $0.hasPositions(in: channel) ? $0 : nil }
    }

    /// More messages than these are not held for a confirmation; the oldest go first, and that is told.
    private static let mostHeld = 4096

    // MARK: Messages

    /// A message has come, on the session's connection or on the one beside it; which of the two that is.
    func take(_ message: Message, isOfSession: Bool, _ side: Overlap<Message>.Side?) {
        let isEarly = isNew || (lostWith != nil && message.attempt != lostWith)
        if isOfSession, isEarly { return hold(message) }
        if isInGap { return }
        // What comes on another connection is for those who compare.
        if isOfSession || crossings.isUnderWay { compare(message, side) }
    }

    /// A server may send a message before the handler has understood that the channel is confirmed again.
    private func hold(_ message: Message) {
        // What came on a connection that is lost too is a part of the gap, or came before the beginning.
        if let first = held.first, first.attempt != message.attempt { forgetHeld() }
        if held.count == Self.mostHeld {
            let count = Self.mostHeld / 4
            held.removeFirst(count)
            missed += count
        }
        held.append(message)
    }

    private func give(_ message: Message) {
        if positions != nil { last = message.ofItsOwn }
        for feed in feeds { feed.append(.message(message)) }
        if isStill { tellFresh() }
    }

    /// What has come so far is of an earlier subscription to a channel of that name.
    func forgetHeld() { (held, missed) = ([], 0) }

    /// Its messages have stayed away since before the connection was changed.
    private func tellFresh() {
        isStill = false
        for feed in feeds { feed.append(.fresh) }
    }

    /// Its messages stay away since that moment; told once, over changes of connections too.
    func tellStale(since moment: Instant) {
        if !isStill { for feed in feeds { feed.append(.stale(since: moment)) } }
        isStill = false
    }

    // MARK: What became of it

    /// The beginning, or the gap, was told: what came on this connection follows.
    func resume(on attempt: AttemptID, _ side: Overlap<Message>.Side?) {
        let (messages, missed) = (held.filter { $0.attempt == attempt }, missed)
        forgetHeld()
        // Behind the gap the numbers may begin anew.
        if lostWith != nil, side != .earlier { _ = crossings.abandon() }
        (lostWith, isNew, isInGap) = (nil, false, false)
        if missed > 0, !messages.isEmpty { tell(.overflow(count: missed), attempt) }
        for message in messages { compare(message, side) }
    }

    /// The session's connection is lost; which of two it is.
    func lose(_ attempt: AttemptID, _ side: Overlap<Message>.Side?) {
        lostWith = attempt
        if side == .later { isInGap = !crossings.loseLater() }
        for feed in feeds { feed.append(.interrupted) }
    }

    func tell(_ cause: Gap.Cause, _ attempt: AttemptID) {
        for feed in feeds { feed.append(.gap(Gap(cause: cause, attempt: attempt))) }
    }

    /// There will be no more; a later wish begins it anew.
    func finish(_ end: Feed.End) {
        for feed in feeds { feed.finish(end) }
        (feeds, freshness, lostWith, isNew, isInGap, isStill, last) = ([], nil, nil, true, false, false, nil)
        _ = crossings.abandon()
        forgetHeld()
    }
}

// MARK: - Between two connections

extension SessionEntry {
    /// Whether nothing is open between two connections.
    var hasMet: Bool { crossings.hasMet }

    private func compare(_ message: Message, _ side: Overlap<Message>.Side?) {
        guard !crossings.isEmpty else { return give(message) }
        for message in crossings.take(message, at: position(of: message), from: side) { give(message) }
    }

    private func position(of message: Message) -> MessagePosition? {
        positions?.position(of: message, in: channel)
    }

    /// The channel is asked for on another connection, beside the session's.
    func beginOverlap() { crossings.begin(after: last.flatMap(position), capacity: Self.mostHeld) }

    /// The other connection, which has confirmed the channel, is the session's from now on; says whether that is news: that
    /// it has never been confirmed before, or was lost, since that moment.
    func turn(to attempt: AttemptID, lostAt: Instant?) -> Bool {
        guard isNew || lostWith != nil else {
            if positions == nil { tell(.rolledOver, attempt) }
            for message in positions == nil ? crossings.abandon() : crossings.turn() { give(message) }
            return false
        }
        if let lostAt { tell(.connectionLost(since: lostAt), attempt) }
        let messages = crossings.abandon()
        resume(on: attempt, nil)
        for message in messages { give(message) }
        return true
    }

    /// One of two connections is closed for good. `attempt` is the session's.
    func otherEnded(_ side: Overlap<Message>.Side, inOrder: Bool, at now: Instant, on attempt: AttemptID) {
        let hadMet = hasMet
        let rest = crossings.end(side)
        // Closed in order, the earlier one had brought everything up to its end, which came after the later one's beginning.
        if side == .earlier, !hadMet, !inOrder { tell(.connectionLost(since: now), attempt) }
        if rest.unplaced > 0 { tell(.rolledOver, attempt) }
        if rest.missed > 0 { tell(.overflow(count: rest.missed), attempt) }
        for message in rest.given { give(message) }
    }
}

extension Message {
    /// The same in memory of its own, where it would keep much alive that is others'.
    fileprivate var ofItsOwn: Message {
        guard view.isSmallPart else { return self }
        var packed = PackedViews(capacity: count)
        return moved(to: packed.add(view))
    }
}
