import FoundationXML
import Foundation
import NovaMachine
import Testing

/// A turnstile: a coin opens it, a push goes through; too many coins break it.
private struct Turnstile: Machine {
    enum State: Hashable { case locked, unlocked(coins: Int), broken }
    enum Event: Hashable { case coin, push }
    enum Effect: Hashable { case lamp(String), jam }
    enum Rule: String, CaseIterable { case open, pay, pass, jam, refuse, never }

    var state = State.locked
    var path: [String] {
        switch state {
        case .locked: ["working", "locked"]
        case .unlocked: ["working", "unlocked"]
        case .broken: ["broken"]
        }
    }

    mutating func handle(_ event: Event, _ out: inout Effects<Effect>) -> Rule {
        switch (state, event) {
        case (.locked, .coin):
            state = .unlocked(coins: 1)
            return out(.open, .lamp("green"))
        case (.unlocked(let coins), .coin) where coins < 3:
            state = .unlocked(coins: coins + 1)
            return .pay
        case (.unlocked, .coin):
            state = .broken
            return out(.jam, .jam)
        case (.unlocked, .push):
            state = .locked
            return out(.pass, .lamp("red"))
        case (.locked, .push), (.broken, _): return .refuse
        }
    }

    static let exploration = Exploration<Turnstile>(
        from: [Turnstile()], alphabet: { _ in [Exemplar("coin", .coin), Exemplar("push", .push)] })
}

/// A counter that never ends.
private struct Counter: Machine {
    enum Rule: String, CaseIterable { case count }
    var number = 0
    var path: [String] { ["counting"] }
    mutating func handle(_ event: Bool, _ out: inout Effects<Int>) -> Rule {
        number += 1
        return .count
    }
}

/// A die: a six wins.
private struct Die: Machine {
    enum Rule: String, CaseIterable { case roll }
    var hasWon = false
    var path: [String] { [hasWon ? "won" : "waiting"] }
    mutating func handle(_ event: Int, _ out: inout Effects<Int>) -> Rule {
        hasWon = hasWon || event == 6
        return .roll
    }
}

@Suite("Charts")
struct ChartTests {
    private let chart: Chart
    init() throws { chart = try Chart("Turnstile", initial: [Turnstile()], exploring: Turnstile.exploration) }

    @Test("A chart has every state, event, arrow and value, and says which rule nothing goes by")
    func contents() {
        #expect(chart.states == [["working", "locked"], ["working", "unlocked"], ["broken"]])
        #expect(chart.events == ["coin", "push"])
        #expect(chart.values == 5)
        #expect(chart.edges.count == 7)
        #expect(chart.unusedRules == ["never"])
        #expect(chart.states.allSatisfy { chart.undecided($0).isEmpty })
        #expect(chart.statesThatCannotReach(["working", "locked"]) == [["broken"]])
        #expect(chart.edges.first?.effects == ["lamp"])
    }

    @Test("The shortest way to something is told by its events")
    func shortestPath() throws {
        #expect(try Turnstile.exploration.shortestPath { $0.step.rule == .jam } == ["coin", "coin", "coin", "coin"])
        #expect(try Turnstile.exploration.shortestPath { $0.step.rule == .never } == nil)
    }

    @Test("A machine with data in its state is told so, not explored for ever")
    func unbounded() {
        let exploration = Exploration<Counter>(
            from: [Counter()], alphabet: { _ in [Exemplar("tick", true)] }, limit: 50)
        #expect(throws: UnboundedMachine.self) { try exploration.forEachEdge { _ in } }
        let folded = Exploration<Counter>(
            from: [Counter()], alphabet: { _ in [Exemplar("tick", true)] }, representative: { _ in Counter() })
        #expect(throws: Never.self) { try folded.forEachEdge { _ in } }
    }

    @Test("The picture: superstates, no quiet rules, one arrow for what is alike")
    func mermaid() {
        #expect(
            chart.mermaid(without: ["refuse"]) == """
                %% Generated from the code by `swift run nova chart --write`. Do not edit.
                stateDiagram-v2
                    state working {
                        working_locked : locked
                        working_unlocked : unlocked
                        working_unlocked : coin [pay]
                    }
                    broken : broken
                    [*] --> working_locked
                    working_locked --> working_unlocked : coin [open]
                    working_unlocked --> working_locked : push [pass]
                    working_unlocked --> broken : coin [jam]

                """)
    }

    @Test("The table has every pair")
    func table() {
        let table = chart.table()
        for line in [
            "| coin | open | working.unlocked | lamp |", "| push | refuse | – | – |", "| coin | jam | broken | jam |",
            "3 states, 2 events, 6 pairs, 7 arrows, 5 rules; 5 values explored.",
        ] {
            #expect(table.contains(line))
        }
    }

    @Test("The SCXML is well-formed, and no two transitions of a state are enabled at once")
    func scxml() {
        final class Counting: NSObject, XMLParserDelegate {
            var counts: [String: Int] = [:]
            var conditions: Set<[String]> = []
            func parser(
                _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
                attributes: [String: String]
            ) {
                counts[name, default: 0] += 1
                if name == "state" { conditions = [] }
                guard name == "transition" else { return }
                let condition = [attributes["event"] ?? "", attributes["cond"] ?? ""]
                #expect(conditions.insert(condition).inserted, "\(condition)")
            }
        }
        let parser = XMLParser(data: Data(chart.scxml().utf8))
        let counting = Counting()
        parser.delegate = counting
        #expect(parser.parse())
        #expect(counting.counts == ["scxml": 1, "state": 4, "transition": 7])
        for transition in [
            "event=\"coin\" cond=\"_event.data.rule == 'open'\" target=\"working.unlocked\"/>",
            "event=\"push\" cond=\"_event.data.rule == 'refuse'\"/>",
        ] {
            #expect(chart.scxml().contains(transition))
        }
    }

    @Test("Where data decides between targets, a transition of the SCXML asks for the state after it")
    func choices() throws {
        let exploration = Exploration<Die>(from: [Die()], alphabet: { _ in (1...6).map { Exemplar("roll", $0) } })
        let scxml = try Chart("Die", initial: [Die()], exploring: exploration).scxml()
        #expect(scxml.components(separatedBy: "<transition").count - 1 == 3)
        let roll = "event=\"roll\" cond=\"_event.data.rule == 'roll' &amp;&amp; _event.data.after == "
        #expect(scxml.contains(roll + "'waiting'\"/>"))
        #expect(scxml.contains(roll + "'won'\" target=\"won\"/>"))
        #expect(scxml.contains("event=\"roll\" cond=\"_event.data.rule == 'roll'\"/>"))
    }

    @Test("A digest is that of what the chart says")
    func digest() throws {
        #expect(try Chart("Other", initial: [Turnstile()], exploring: Turnstile.exploration).digest == chart.digest)
        var edges = Set<String>()
        edges.insert(chart.digest)
        edges.insert(
            try Chart(
                "Broken", initial: [Turnstile(state: .broken)],
                exploring: Exploration(
                    from: [Turnstile(state: .broken)], alphabet: { _ in [Exemplar("coin", .coin)] })
            ).digest)
        #expect(edges.count == 2)
        #expect(chart.digest.count == 16)
    }
}

@Suite("Effects")
struct EffectsTests {
    @Test("Effects stay in order from none to many, however they are put together")
    func order() {
        var effects = Effects<Int>()
        for number in 1...5 {
            effects.append(number)
            #expect(effects.array == Array(1...number))
        }
        #expect(effects == [1, 2, 3, 4, 5])
        #expect(effects("rule", 6) == "rule")
        #expect(effects("rule", 7, 8) == "rule")
        #expect(effects.array == Array(1...8))
        effects.removeAll()
        #expect(effects.isEmpty && effects == [])
    }
}
