import NovaKernel
import NovaTrace

/// The life of a connection as a list of events: the machine decides what comes of it.
struct Life {
    /// What the golden files call it.
    var name: String
    var route: Lifecycle.Route = []
    var policy = Policy()
    /// Whether what the machine raises is given back to it, as a driver does.
    var obeysRaises = true
    /// Milliseconds, and what happens then.
    private(set) var events: [(at: Int64, event: Event)] = []
    private var attempt = AttemptID(1)
    private var operation: UInt64 = 0

    init(_ name: String, _ route: Lifecycle.Route = [], _ change: (inout Policy) -> Void = { _ in }) {
        self.name = name
        self.route = route
        change(&policy)
    }

    mutating func add(_ at: Int64, _ event: Event) { events.append((at, event)) }

    mutating func command(_ at: Int64, _ command: Command) {
        operation += 1
        add(at, .command(OperationID(operation), command))
    }

    mutating func fact(_ at: Int64, _ fact: Lifecycle.Fact) { add(at, .fact(attempt, fact)) }
    mutating func heard(_ at: Int64, _ count: Int = 20) { add(at, .heard(attempt, count: count)) }
    mutating func wrote(_ at: Int64, _ count: Int = 20, remaining: Int = 0) {
        add(at, .wrote(attempt, count: count, remaining: remaining))
    }
    mutating func authentication(_ at: Int64, _ word: AuthenticationWord) { add(at, .authentication(attempt, word)) }
    mutating func fired(_ at: Int64, _ timer: Timer) { add(at, .fired(attempt, timer)) }
    mutating func nextAttempt(_ at: Int64) {
        fired(at, .backoff)
        attempt = attempt.next
    }

    /// The same life, as far as this phase.
    func upTo(_ phase: Phase) -> Life {
        var life = self
        let facts: [(Phase, Lifecycle.Fact)] =
            [(.dialing, .resolved), (.tunnelling, .dialed)]
            + (route.contains(.tunnel) ? [(.securing, .tunnelled)] : [])
            + (route.contains(.tls) ? [(.upgrading, .secured)] : [])
        let order: [Phase] = [.resolving, .dialing, .tunnelling, .securing, .upgrading, .ready]
        let depth = order.firstIndex(of: phase) ?? 0
        var at = events.last?.at ?? 0
        if events.isEmpty { life.command(0, .connect) }
        for (reached, fact) in facts where (order.firstIndex(of: reached) ?? 0) <= depth {
            at += 12
            life.fact(at, fact)
        }
        guard phase == .ready else { return life }
        life.wrote(at, 200)
        life.heard(at + 30, 129)
        life.fact(at + 30, .upgraded)
        return life
    }

    /// The same life, with a message in either direction.
    func withTraffic(_ at: Int64) -> Life {
        var life = self
        life.command(at, .send(.whole, .text, count: 5))
        life.wrote(at, 11)
        life.heard(at + 4, 7)
        life.fact(at + 4, .received(.message(.text, count: 5)))
        life.add(at + 4, .consumed(messages: 1, bytes: 5))
        return life
    }

    /// An open connection with some traffic.
    static func open(_ name: String, tls: Bool = false, _ change: (inout Policy) -> Void = { _ in }) -> Life {
        Life(name, tls ? .tls : [], change).upTo(.ready).withTraffic(1000)
    }

    /// What the machine makes of it, where there is a calendar or there is none.
    func trace(began: UInt64? = nil) -> Trace {
        var kernel = Kernel(route: route, policy: policy, seed: 7)
        var steps: [TraceStep] = []
        for (at, event) in events {
            var pending = [event]
            while let next = pending.first {
                pending.removeFirst()
                let occurrence = Occurrence(next, at: Instant.zero.advanced(by: .milliseconds(at)))
                let step = TraceStep.taken(&kernel, occurrence, number: UInt64(steps.count) + 1, origin: .zero)
                if obeysRaises {
                    pending += step.effects.filter { $0.hasPrefix("raise ") }
                        .compactMap { try? Event(text: "fact " + $0.dropFirst(6)) }
                }
                steps.append(step)
            }
        }
        var header = TraceHeader(seed: 7, route: route, policy: policy, chart: Kernel.chartDigest)
        header.began = began
        return Trace(header: header, steps: steps, isComplete: true)
    }
}
