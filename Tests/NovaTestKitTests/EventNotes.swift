import Foundation
import NovaSocket
import NovaTestKit
import Synchronization
import Testing

/// An observer of the tests: keeps everything it is told.
final class EventNotes: Observer {
    private let book = Mutex<[(event: ConnectionEvent, context: EventContext)]>([])

    var all: [(event: ConnectionEvent, context: EventContext)] { book.withLock(\.self) }
    var events: [ConnectionEvent] { all.map(\.event) }

    func observe(_ event: ConnectionEvent, _ context: EventContext) { book.withLock { $0.append((event, context)) } }

    /// Those of a recording: all but what is of no step. Times count from the beginning of the simulation.
    var ofSteps: [ObservedEvent] {
        all.compactMap { event, context in
            if case .handlerReported = event { return nil }
            let at = Instant(nanoseconds: context.at.nanoseconds - Self.beginning)
            return ObservedEvent(event, attempt: context.attempt, at: at)
        }
    }

    /// Where the simulated clock begins: an hour after its zero.
    static let beginning: UInt64 = 3_600_000_000_000
}

/// What was seen of a life in a simulated network.
struct Watched {
    let notes: EventNotes
    let metrics: ConnectionMetrics
    let log: [String]
    let trace: Trace

    var events: [ConnectionEvent] { notes.events }

    /// Lives a life with several observers and a recorder, and holds them against each other.
    static func live(
        _ change: (inout WebSocketOptions) -> Void = { _ in }, seed: UInt64 = 1,
        _ body: @escaping @Sendable (SimulatedNetwork, SimulatedServer, WebSocketOptions) async throws -> Void
    ) async throws -> Watched {
        let network = SimulatedNetwork(seed: seed)
        let server = network.server("rpc.example")
        let (notes, others, metrics) = (EventNotes(), EventNotes(), ConnectionMetrics())
        let log = Mutex<[String]>([])
        let lines = Mutex<[String]>([])
        let options = network.options {
            $0.policy.reconnection = Reconnection(backoff: .constant(.seconds(1)))
            $0.policy.keepalive = nil
            $0.recording = .lines(.whole(.nothing)) { line in lines.withLock { $0.append(line) } }
            let keep: @Sendable (String) -> Void = { line in log.withLock { $0.append(line) } }
            $0.observers = [
                notes, Log(.plain, threshold: .debug, write: keep), metrics,
                Log(.json, threshold: .debug, write: keep), others,
            ]
            change(&$0)
        }
        try await network.run { try await body(network, server, options) }
        let trace = try Trace(reading: Data(lines.withLock(\.self).joined().utf8))
        #expect(notes.all.count == others.all.count)
        for (one, other) in zip(notes.all, others.all) { #expect(one == other) }
        // What was told live is what the recording tells.
        let replayed = try Telemetry.events(of: trace)
        #expect(replayed == notes.ofSteps)
        return Watched(notes: notes, metrics: metrics, log: log.withLock(\.self), trace: trace)
    }

    /// The events whose names begin like this, as lines of name and facts.
    func told(_ prefixes: String...) -> [String] {
        events.filter { event in prefixes.contains { event.name.hasPrefix($0) } }.map(\.line)
    }
}

extension ConnectionEvent {
    /// The name and the facts.
    var line: String { ([name] + facts.map { "\($0.name)=\($0.value)" }).joined(separator: " ") }
}
