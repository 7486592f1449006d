import NovaMachine
import Testing

@testable import NovaKernel

/// A law of a machine, by what breaks it; checked on every value the machine can become with every event there is.
struct Law<Subject: Machine> {
    let name: String
    let isBroken: (Exploration<Subject>.Edge) -> Bool

    init(_ name: String, _ isBroken: @escaping (Exploration<Subject>.Edge) -> Bool) {
        self.name = name
        self.isBroken = isBroken
    }
}

/// Walks everywhere; a broken law is told by the shortest way to where it breaks.
func check<Subject: Machine>(_ exploration: Exploration<Subject>, _ laws: [Law<Subject>]) throws {
    var broken: Set<Int> = []
    try exploration.forEachEdge { edge in
        for (index, law) in laws.enumerated() where !broken.contains(index) && law.isBroken(edge) {
            broken.insert(index)
        }
    }
    for index in broken.sorted() {
        let path = try exploration.shortestPath(to: laws[index].isBroken) ?? []
        Issue.record("\(laws[index].name): broken by \(path.joined(separator: ", "))")
    }
}

extension Effects<Effect> {
    var settled: [OperationID] {
        array.compactMap { if case .settle(let operation, _) = $0 { operation } else { nil } }
    }
    var transmitted: [OperationID] {
        array.compactMap { if case .transmit(_, let operation) = $0 { operation } else { nil } }
    }
    func count(_ isSought: (Effect) -> Bool) -> Int { array.count(where: isSought) }
}
