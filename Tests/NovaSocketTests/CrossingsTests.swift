import Testing

@testable import NovaSocket

@Suite("A channel over several changes of connections")
struct CrossingsTests {
    private func number(_ value: Int) -> MessagePosition { .sequence(UInt64(value)) }

    /// A crossing whose earlier connection gave 1 to `given` and was closed in order before the later one brought anything.
    private func closed(after given: Int) -> Crossings<Int> {
        var crossings = Crossings<Int>()
        crossings.begin(after: nil, capacity: 8)
        for value in 1...given { #expect(crossings.take(value, at: number(value), from: .earlier) == [value]) }
        #expect(crossings.turn() == [])
        #expect(crossings.end(.earlier).given == [])
        return crossings
    }

    @Test(
        "What the old connection gave last is dropped when the new one brings it, however late, and then nothing is compared"
    )
    func late() {
        var crossings = closed(after: 3)
        #expect(!crossings.isUnderWay && !crossings.isEmpty && crossings.hasMet)
        for value in 2...3 { #expect(crossings.take(value, at: number(value), from: nil) == []) }
        #expect(crossings.take(4, at: number(4), from: nil) == [4])
        #expect(crossings.isEmpty)
    }

    @Test("A second change before the first is compared to its end: both compare")
    func chained() {
        var crossings = closed(after: 3)
        crossings.begin(after: number(3), capacity: 8)
        #expect(crossings.isUnderWay && !crossings.hasMet)
        // The connection of the first change is the earlier one now, and brings what was given before it.
        #expect(crossings.take(3, at: number(3), from: .earlier) == [])
        #expect(crossings.take(3, at: number(3), from: .later) == [])
        #expect(crossings.hasMet)
        #expect(crossings.turn() == [])
        #expect(crossings.take(4, at: number(4), from: .later) == [4])
        #expect(crossings.take(4, at: number(4), from: .earlier) == [])
        #expect(crossings.end(.earlier).given == [])
        #expect(crossings.take(5, at: number(5), from: nil) == [5])
        #expect(crossings.isEmpty)
    }

    @Test(
        "If the new connection is lost, what it still brings follows only where the two had met",
        arguments: [true, false])
    func lost(hasMet: Bool) {
        var crossings = Crossings<Int>()
        crossings.begin(after: nil, capacity: 8)
        #expect(crossings.take(1, at: number(1), from: .earlier) == [1])
        #expect(crossings.take(hasMet ? 1 : 4, at: number(hasMet ? 1 : 4), from: .later) == [])
        #expect(crossings.turn() == [])
        #expect(crossings.take(2, at: number(2), from: .earlier) == [2])
        #expect(crossings.loseLater() == hasMet)
        #expect(!crossings.isUnderWay)
        // Where they had not, its channel hears nothing of it until the gap is told.
        if hasMet { #expect(crossings.take(2, at: number(2), from: .later) == []) }
        #expect(crossings.abandon() == [])
        #expect(crossings.isEmpty && crossings.loseLater())
    }

    @Test("What was held is given where nothing is compared any more")
    func abandoned() {
        var crossings = Crossings<Int>()
        #expect(crossings.isEmpty && crossings.abandon() == [] && crossings.turn() == [])
        crossings.begin(after: nil, capacity: 8)
        for value in 5...6 { #expect(crossings.take(value, at: nil, from: .later) == []) }
        #expect(crossings.abandon() == [5, 6])
        #expect(crossings.isEmpty)
    }
}
