import NovaTransport
import NovaWire

/// One direction of a link: bytes in, the same bytes in the same order out, later.
final class Pipe {
    private enum Content {
        case bytes([UInt8])
        case signal(() -> Void)
        case end(StreamEnd)
    }

    private struct Item {
        var arrives: UInt64
        var content: Content
    }

    /// More pieces are not made of one write.
    private static let mostPieces = 25

    private let loop: VirtualLoop
    private let conditions: LinkConditions
    private var random: SeededRandom
    private var items: [Item] = []
    private var first = 0
    private var lastArrival: UInt64 = 0
    private var stalledUntil: UInt64 = 0
    private var pump: TimerID?
    /// Bytes under way or unread.
    private(set) var count = 0
    private var isWriterWaiting = false
    private var isReading = true
    private var isCut = false

    /// What takes the bytes; nil: the receiver is gone.
    var receive: ((inout DecoderInput) -> Void)?
    /// What is told the end.
    var ended: ((StreamEnd) -> Void)?
    /// What is told that there is room again.
    var hasRoom: (() -> Void)?
    /// What is told that bytes came for a receiver that is gone.
    var undeliverable: (() -> Void)?

    init(_ loop: VirtualLoop, _ conditions: LinkConditions, _ random: SeededRandom) {
        self.loop = loop
        self.conditions = conditions
        self.random = random
    }

    // MARK: In

    /// Takes bytes, as many as there is room for; returns how many.
    func write(_ bytes: UnsafeRawBufferPointer) -> Int {
        let taken = min(bytes.count, max(0, conditions.capacity - count))
        if taken < bytes.count { isWriterWaiting = true }
        count += taken
        guard taken > 0, !isCut else { return taken }  // what goes into a cut pipe fills it, and gets nowhere
        let arrival = nextArrival()
        var at = 0
        var piece = 0
        while at < taken {
            let size = min(taken - at, pieceSize(of: taken))
            add(.bytes(Array(bytes[at..<at + size])), arrival + UInt64(piece))
            at += size
            piece += 1
        }
        return taken
    }

    /// Calls `action` at the other end, behind all bytes.
    func signal(_ action: @escaping () -> Void) {
        if !isCut { add(.signal(action), nextArrival()) }
    }

    /// The end, behind all bytes.
    func end(_ end: StreamEnd) {
        if !isCut { add(.end(end), nextArrival()) }
    }

    /// The end, at once: what is under way is lost, what has arrived unread is read.
    func cut(_ end: StreamEnd) {
        guard !isCut else { return }
        isCut = true
        let lost = items[first...].firstIndex { max($0.arrives, stalledUntil) > loop.now } ?? items.count
        items.removeSubrange(lost...)
        let arrival = loop.moment(after: conditions.latency.wholeNanoseconds)
        items.append(Item(arrives: arrival, content: .end(end)))
        if let pump { loop.cancel(pump) }
        pump = nil
        wake()
        let moment = max(arrival, stalledUntil)
        guard moment < .max else { return }
        loop.schedule(at: moment) { [self] in resume() }
    }

    private func nextArrival() -> UInt64 {
        let reach = min(conditions.jitter.wholeNanoseconds, .max - 1)
        let jitter = reach == 0 ? 0 : random.next() % (reach + 1)
        let way = conditions.latency.wholeNanoseconds.addingReportingOverflow(jitter)
        let arrival = max(loop.moment(after: way.overflow ? .max : way.partialValue), lastArrival)
        return min(arrival, .max - UInt64(Self.mostPieces))  // pieces follow one another
    }

    private func pieceSize(of whole: Int) -> Int {
        let least = max(1, whole / Self.mostPieces)
        return switch conditions.pieces {
        case .whole: whole
        case .each(let bytes): max(bytes, least)
        case .random: max(least, 1 + random.below(whole))
        }
    }

    private func add(_ content: Content, _ arrival: UInt64) {
        items.append(Item(arrives: arrival, content: content))
        lastArrival = max(lastArrival, arrival)
        wake()
    }

    // MARK: The way

    /// Nothing arrives before this moment.
    func stall(until moment: UInt64) { stalledUntil = max(stalledUntil, moment) }

    private func wake() {
        guard pump == nil, first < items.count else { return }
        let moment = max(items[first].arrives, stalledUntil)
        guard moment < .max else { return }
        pump = loop.schedule(at: moment) { [self] in
            pump = nil
            arrive()
        }
    }

    /// The next thing arrives, if nothing holds it up.
    private func arrive() {
        guard first < items.count else { return }
        guard loop.now >= max(items[first].arrives, stalledUntil) else { return wake() }
        switch items[first].content {
        case .bytes(let bytes):
            guard isReading else { return }  // resuming looks again
            remove()
            deliver(bytes)
        case .signal(let action):
            remove()
            action()
        case .end(let end):
            guard isReading else { return }
            remove()
            let ended = ended.take()
            ended?(end)
        }
        wake()
    }

    private func remove() {
        first += 1
        if first == items.count {
            items.removeAll(keepingCapacity: true)
            first = 0
        } else if first >= 64, first >= items.count / 2 {
            items.removeFirst(first)
            first = 0
        }
    }

    private func deliver(_ bytes: [UInt8]) {
        count -= bytes.count
        if let receive {
            var input = DecoderInput(copying: bytes)
            receive(&input)
        } else {
            undeliverable?()
        }
        guard isWriterWaiting, count < conditions.capacity else { return }
        isWriterWaiting = false
        // The writer hears of it when the acknowledgement is back.
        loop.schedule(after: conditions.latency.wholeNanoseconds) { [self] in hasRoom?() }
    }

    // MARK: Out

    /// The receiver takes nothing for the time being.
    func pause() { isReading = false }

    /// The receiver goes on.
    func resume() {
        guard !isReading else { return }
        isReading = true
        wake()
    }

    /// Nobody is told anything any more.
    func close() {
        (receive, ended, hasRoom) = (nil, nil, nil)
        isReading = true
        wake()
    }
}
