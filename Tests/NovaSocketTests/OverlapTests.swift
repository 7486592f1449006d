import NovaTestKit
import Testing

@testable import NovaSocket

@Suite("Two connections, one sequence of messages")
struct OverlapTests {
    /// How the messages of a channel say which they are.
    enum Kind: CaseIterable {
        case numbers, chained, holes, keys
    }

    private func position(_ number: Int, _ kind: Kind) -> MessagePosition {
        switch kind {
        case .numbers: .sequence(UInt64(number))
        case .chained: .sequence(UInt64(number), after: UInt64(number - 1))
        case .holes: .sequence(UInt64(number * 3 + number % 2))
        case .keys: .key("message \(number)")
        }
    }

    /// A server that publishes to two connections, one of which begins later; what comes when, is drawn by lot.
    private struct Run {
        var random: SeededRandom
        var published = 20
        /// How many are published when the later one becomes the session's.
        var turnsAt = 0
        var earlier: [Int] = [], later: [Int] = []
        var given: [Int]
        var overlap: Overlap<Int>
        let position: (Int) -> MessagePosition

        init(seed: UInt64, _ position: @escaping (Int) -> MessagePosition) {
            random = SeededRandom(seed: seed)
            self.position = position
            // Before the overlap the earlier one has given up to some number; what is beyond it is under way.
            let last = 15 + Int.random(in: 0..<6, using: &random)
            given = Array(1...last)
            earlier = Array((last + 1)..<21)
            overlap = Overlap(after: position(last), capacity: 64)
        }

        mutating func take(_ side: Overlap<Int>.Side) {
            let number: Int
            switch side {
            case .earlier where !earlier.isEmpty: number = earlier.removeFirst()
            case .later where !later.isEmpty: number = later.removeFirst()
            default: return
            }
            given += overlap.take(number, at: position(number), from: side)
        }
    }

    @Test(
        "Whatever comes first, each message is given once and in order, and when all have come nothing is left open",
        arguments: Kind.allCases)
    func seamless(kind: Kind) {
        for seed in 0..<UInt64(3000) {
            var run = Run(seed: seed) { position($0, kind) }
            // What the server sends again on a new subscription: of keys, the last one at most is remembered.
            let replayed = Int.random(in: 0..<(kind == .keys ? 2 : 4), using: &run.random)
            run.later = Array((21 - replayed)..<21)
            run.turnsAt = 20 + Int.random(in: 0..<10, using: &run.random)
            let pace = Int.random(in: 0..<10, using: &run.random)
            for _ in 0..<60 {
                if run.turnsAt == run.published { run.given += run.overlap.turn() }
                switch Int.random(in: 0..<10, using: &run.random) {
                case 0..<3:
                    run.published += 1
                    run.earlier.append(run.published)
                    run.later.append(run.published)
                case let roll: run.take(roll < 3 + pace * 7 / 10 ? .earlier : .later)
                }
            }
            if run.turnsAt > run.published { run.given += run.overlap.turn() }
            // The earlier one is closed in order: what is under way comes, and then its end.
            while !run.earlier.isEmpty { run.take(.earlier) }
            let rest = run.overlap.end(.earlier)
            #expect(rest.unplaced == 0 && rest.missed == 0)
            run.given += rest.given
            while !run.later.isEmpty { run.take(.later) }
            #expect(run.given == Array(1...run.published), "seed \(seed)")
            for number in run.published + 1...run.published + 2 {
                #expect(
                    run.overlap.isOver || run.overlap.take(number, at: position(number, kind), from: .later) == [number]
                )
            }
            #expect(run.overlap.isOver, "seed \(seed)")
        }
    }

    @Test(
        "If the later one comes to nothing, the earlier one goes on as if it had never been", arguments: Kind.allCases)
    func retracted(kind: Kind) {
        for seed in 0..<UInt64(1000) {
            var run = Run(seed: seed) { position($0, kind) }
            for _ in 0..<30 {
                switch Int.random(in: 0..<3, using: &run.random) {
                case 0:
                    run.published += 1
                    run.earlier.append(run.published)
                    run.later.append(run.published)
                case 1: run.take(.earlier)
                default: run.take(.later)
                }
            }
            _ = run.overlap.end(.later)
            while !run.earlier.isEmpty { run.take(.earlier) }
            #expect(run.given == Array(1...run.published), "seed \(seed)")
        }
    }

    @Test("Numbers that say what is before them meet at once; others when both have brought the same")
    func meeting() {
        var chained = Overlap<Int>(after: .sequence(4, after: 3), capacity: 8)
        #expect(chained.take(5, at: .sequence(5, after: 4), from: .later) == [])
        #expect(chained.turn() == [5])
        #expect(chained.hasMet)
        var plain = Overlap<Int>(after: .sequence(4), capacity: 8)
        #expect(plain.take(5, at: .sequence(5), from: .later) == [])
        #expect(plain.turn() == [])
        #expect(!plain.hasMet)
        #expect(plain.take(5, at: .sequence(5), from: .earlier) == [5])
        #expect(plain.hasMet)
        #expect(plain.take(6, at: .sequence(6), from: .earlier) == [6])
        #expect(plain.take(6, at: .sequence(6), from: .later) == [])
    }

    @Test("What has no position is given by the earlier one until they have met, and by the later one from then on")
    func withoutPosition() {
        var overlap = Overlap<Int>(after: nil, capacity: 8)
        #expect(overlap.take(1, at: nil, from: .earlier) == [1])
        #expect(overlap.take(1, at: nil, from: .later) == [])
        #expect(overlap.turn() == [])
        #expect(overlap.take(2, at: .sequence(2), from: .later) == [])
        #expect(overlap.take(2, at: .sequence(2), from: .earlier) == [2])
        #expect(overlap.take(3, at: nil, from: .earlier) == [])
        #expect(overlap.take(3, at: nil, from: .later) == [3])
        var unplaced = Overlap<Int>(after: nil, capacity: 8)
        #expect(unplaced.turn() == [])
        #expect(unplaced.take(1, at: nil, from: .later) == [])
        let rest = unplaced.end(.earlier)
        #expect(rest.given == [] && rest.unplaced == 1)
    }

    @Test("What finds no room while it waits is counted, if the earlier one does not bring it")
    func overflow() {
        var overlap = Overlap<Int>(after: nil, capacity: 4)
        for number in 1...6 { #expect(overlap.take(number, at: .sequence(UInt64(number)), from: .later) == []) }
        #expect(overlap.turn() == [])
        var met = overlap
        let given = (1...5).flatMap { met.take($0, at: .sequence(UInt64($0)), from: .earlier) }
        #expect(given == Array(1...6))
        let rest = overlap.end(.earlier)
        #expect(rest.missed + rest.given.count == 6)
        #expect(rest.given.last == 6)
    }
}
