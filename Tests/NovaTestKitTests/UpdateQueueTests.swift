import NovaKernel
import NovaTestKit
import NovaWire
import Testing

@testable import NovaSocket

@Suite("What waits for the consumer of a subscription")
struct UpdateQueueTests {
    /// The same, told as simply as it can be, whatever it costs.
    private struct Model {
        var updates: [Update] = []
        let capacity: Int

        mutating func take() -> Update? { updates.isEmpty ? nil : updates.removeFirst() }

        mutating func add(_ update: Update) {
            if case .gap(let gap) = update, updates.count > 1, case .interrupted = updates[updates.count - 1],
                case .gap(let earlier) = updates[updates.count - 2], case .connectionLost = earlier.cause
            {
                updates.removeLast(2)
                updates.append(.gap(Gap(cause: earlier.cause, attempt: gap.attempt)))
                return
            }
            updates.append(update)
            guard case .message(let message) = update, updates.count(where: { $0.message != nil }) > capacity,
                let index = updates.firstIndex(where: { $0.message != nil })
            else { return }
            updates.remove(at: index)
            if index > 0, case .gap(let gap) = updates[index - 1], case .overflow(let count) = gap.cause {
                updates[index - 1] = .gap(Gap(cause: .overflow(count: count + 1), attempt: gap.attempt))
            } else {
                let next = updates[index...].lazy.compactMap(\.message).first ?? message
                updates.insert(.gap(Gap(cause: .overflow(count: 1), attempt: next.attempt)), at: index)
            }
        }
    }

    private func message(_ number: Int, on attempt: AttemptID) -> Update {
        .message(Message(kind: .text, view: ByteView(copying: Array("\(number)".utf8)), attempt: attempt))
    }

    private func words(_ update: Update?) -> String {
        switch update {
        case .message(let message)?: "\(message.text) on \(message.attempt.number)"
        case .gap(let gap)?: "gap \(gap.cause) on \(gap.attempt.number)"
        case let other?: "\(other)"
        case nil: "nothing"
        }
    }

    /// An update such as a subscription of attempt `attempt` may bring; a lost connection begins another attempt.
    private func update(_ number: Int, _ attempt: inout UInt32, _ random: inout SeededRandom) -> Update {
        switch random.next() % 12 {
        case 0: return .interrupted
        case 1, 2:
            attempt += 1
            let since = Instant(nanoseconds: UInt64(number))
            return .gap(Gap(cause: .connectionLost(since: since), attempt: AttemptID(attempt)))
        case 3: return .stale(since: Instant(nanoseconds: UInt64(number)))
        case 4: return .fresh
        case 5: return .gap(Gap(cause: .overflow(count: number), attempt: AttemptID(attempt)))
        default: return message(number, on: AttemptID(attempt))
        }
    }

    @Test("Whatever comes and is taken, it holds what the simple model holds", arguments: 0..<300 as Range<UInt64>)
    func model(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let capacity = 1 + Int(random.next() % 9)
        // Some are drained as fast as they fill, others run over all the time.
        let taking = random.next() % 8
        var (queue, model) = (UpdateQueue(capacity: capacity), Model(capacity: capacity))
        var attempt: UInt32 = 1
        for number in 0..<600 {
            if random.next() % 10 < taking {
                #expect(words(queue.take()) == words(model.take()))
            } else {
                let update = update(number, &attempt, &random)
                queue.add(update)
                model.add(update)
            }
            #expect(queue.count == model.updates.count)
        }
        while let update = queue.take() { #expect(words(update) == words(model.take())) }
        #expect(model.updates.isEmpty)
    }

    @Test(
        "What it costs does not grow with what waits: a large queue that runs over, and is taken",
        .timeLimit(.minutes(1)))
    func cost() {
        let (capacity, surplus) = (400_000, 400_000)
        var queue = UpdateQueue(capacity: capacity)
        for number in 0..<capacity + surplus { queue.add(message(number, on: AttemptID(1))) }
        #expect(queue.count == capacity + 1)
        #expect(words(queue.take()) == "gap overflow(count: \(surplus)) on 1")
        var next = surplus
        while let update = queue.take(), update.message?.text == "\(next)" { next += 1 }
        #expect(next == capacity + surplus)
    }
}
