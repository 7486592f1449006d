import Foundation
import NovaEcho
import NovaSocket
import NovaTransport
import Synchronization
import Testing

/// Every connection of a test is recorded whole, and replayed to the byte when the test is over.
struct Replayed: SuiteTrait, TestTrait, TestScoping {
    var isRecursive: Bool { true }

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        guard testCase != nil else { return try await function() }
        let witness = Witness()
        try await Witness.$current.withValue(witness) { try await function() }
        for trace in witness.traces {
            let trace = try Trace(reading: Data(trace.utf8))
            let result = try Replay.run(trace)
            if let difference = result.difference { Issue.record("replayed: \(difference)") }
            #expect(result.agreed == trace.steps.count)
            let whole = try Replay.wholly(trace)
            if let difference = whole.difference { Issue.record("replayed to the byte: \(difference)") }
            #expect(whole.agreed == trace.steps.count)
            // Each end is explained, and from the same cause.
            let told = try Explanation.of(trace).map { $0.cause?.description }
            #expect(told.last == trace.steps.last { $0.cause != nil }?.cause)
            #expect(Set(told).isSubset(of: Set(trace.steps.map(\.cause))))
        }
    }
}

extension Trait where Self == Replayed {
    static var replayed: Self { Replayed() }
}

/// Takes down what the connections of a test do.
final class Witness: Sendable {
    private struct Book {
        var texts: [String] = []
        var counts: [String: Int] = [:]
        var waiting: [(rule: String, count: Int, done: AsyncStream<Void>.Continuation)] = []
    }

    @TaskLocal static var current: Witness?
    private let book = Mutex(Book())

    var traces: [String] { book.withLock(\.texts) }

    func recording() -> Recording {
        let index = book.withLock { book in
            book.texts.append("")
            return book.texts.count - 1
        }
        return .lines(.whole(.nothing)) { line in self.note(line, index) }
    }

    private func note(_ line: String, _ index: Int) {
        let rule = Self.rule(of: line)
        let done = book.withLock { book in
            book.texts[index] += line
            book.counts[rule, default: 0] += 1
            let counts = book.counts
            let done = book.waiting.filter { counts[$0.rule, default: 0] >= $0.count }
            book.waiting.removeAll { counts[$0.rule, default: 0] >= $0.count }
            return done.map(\.done)
        }
        for waiter in done { waiter.finish() }
    }

    /// The rule of a step's line; empty if it is another line. A regular expression took longer than all the rest.
    private static func rule(of line: String) -> String {
        guard line.utf8.starts(with: "{\"after\"".utf8), let key = line.range(of: "\"rule\":\"") else { return "" }
        return String(line[key.upperBound...].prefix { $0 != "\"" })
    }

    /// Waits until steps went by this rule so often, in any connection of the test.
    static func until(_ rule: KernelRule, count: Int = 1) async {
        guard let witness = current else { return }
        let (steps, done) = AsyncStream.makeStream(of: Void.self)
        witness.book.withLock { book in
            if book.counts[rule.rawValue, default: 0] >= count { return done.finish() }
            book.waiting.append((rule.rawValue, count, done))
        }
        for await _ in steps {}
    }
}

/// Options of a connection that is recorded by the test's witness.
func options(_ change: (inout WebSocketOptions) -> Void = { _ in }) -> WebSocketOptions {
    var options = WebSocketOptions()
    options.recording = Witness.current?.recording()
    change(&options)
    return options
}

/// The client's layer of a session that is recorded by the test's witness, and comes back at once.
func sessionSettings() -> @Sendable (inout WebSocketOptions) -> Void {
    let witness = Witness.current
    return { options in
        options.recording = witness?.recording()
        options.policy.reconnection.backoff = .constant(.milliseconds(1))
        // Handlers share their threads with all other tests.
        options.policy.timeouts.authenticate = .seconds(200)
        options.policy.timeouts.restore = .seconds(200)
    }
}

/// A server on loopback for the time of a test.
@discardableResult
func withServer<Result: Sendable>(
    _ script: ServerScript = ServerScript(), tls: TLSConfiguration? = nil,
    _ body: @Sendable (EchoServer) async throws -> Result
) async throws -> Result {
    let context = try tls.map { try TLSContext(.server, $0) }
    let server = try await EchoServer.start(tls: context, on: try EventLoop.shared(), script: script)
    do {
        let result = try await body(server)
        await server.stop()
        return result
    } catch {
        await server.stop()
        throw error
    }
}

/// How a connection to such a server ends if its messages are read until then.
func ending(
    _ script: ServerScript = ServerScript(), tls: TLSConfiguration? = nil,
    _ change: (inout WebSocketOptions) -> Void = { _ in },
    _ body: @escaping @Sendable (WebSocket) async throws -> Void = { _ in }
) async throws -> Termination? {
    let settings = options(change)
    return try await withServer(script, tls: tls) { server in
        try await ending(of: server.url, settings, body)
    }
}

/// How a connection to `url` ends if its messages are read until then.
func ending(
    of url: String, _ settings: WebSocketOptions,
    _ body: @escaping @Sendable (WebSocket) async throws -> Void = { _ in }
) async throws -> Termination? {
    let socket = try WebSocket.make(url, settings)
    do {
        try await socket.connect()
        try await body(socket)
        for try await _ in socket.messages {}
    } catch is WebSocketError {}
    return await socket.termination
}

extension WebSocket {
    /// Waits until the connection is in this state, or was since the call.
    func until(_ state: Lifecycle.Standing) async {
        let changes = stateChanges
        guard await self.state != state else { return }
        for await change in changes where change.to == state { return }
    }
}

/// Whether an operation throws a `WebSocketError` of such an end.
func ends(
    _ isExpected: (Termination) -> Bool, _ body: () async throws -> Void
) async -> Bool {
    do {
        try await body()
        return false
    } catch let error as WebSocketError {
        return error.termination.map(isExpected) ?? false
    } catch {
        return false
    }
}
