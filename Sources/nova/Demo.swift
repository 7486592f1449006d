import FoundationEssentials
import NovaEcho
import NovaSocket
import Synchronization

/// The whole of it in a few seconds: a connection lives, loses its server, comes back, ends, and is replayed.
enum Demo: Command {
    static let name = "demo"
    static let usage = "demo"
    static let summary = "Shows a connection live, lose its server, come back, end, and be replayed from its trace."
    static let options: [Option] = []

    static func run(_ arguments: Arguments) async throws -> ExitCode {
        try arguments.takeOptionsOnly(name)
        let loop = try EventLoop.shared()
        let server = try await EchoServer.start(on: loop)
        Console.out(Console.bold("An echo server listens at \(server.url)"))

        let trace = Trace()
        let socket = try WebSocket.make(server.url, settings(trace))
        let changes = Task { [changes = socket.stateChanges] in
            for await change in changes { describe(change) }
        }
        try await socket.connect()
        var messages = socket.messages.makeAsyncIterator()
        try await echo("hello", socket, &messages)
        Console.out("  a ping took \(try await socket.ping())")

        Console.out(Console.bold("\nThe server is lost, in the middle of everything"))
        let address = server.address
        await server.stop()
        await waitFor(.backingOff, socket)
        Console.out(Console.bold("\nThe server is back"))
        let next = try await EchoServer.start(at: address, on: loop)
        try await socket.connect()
        try await echo("still here", socket, &messages)

        Console.out(Console.bold("\nThe end, in order"))
        let termination = await socket.close(reason: "that was it")
        await changes.value
        await next.stop()
        if let termination { Console.out("  \(termination)") }

        Console.out(Console.bold("\nThe same again, from its trace"))
        return try ReplayFile.report(Data(trace.text.utf8))
    }

    /// A trace in memory.
    private final class Trace: Sendable {
        private let lines = Mutex("")
        var text: String { lines.withLock { $0 } }
        func add(_ line: String) { lines.withLock { $0 += line } }
    }

    private static func settings(_ trace: Trace) -> WebSocketOptions {
        var options = WebSocketOptions()
        options.policy.reconnection = Reconnection(
            backoff: .exponentialFullJitter(base: .milliseconds(200), cap: .seconds(2)))
        options.recording = .lines { trace.add($0) }
        return options
    }

    private static func describe(_ change: StateChange) {
        Console.out(Console.dim("  \(change)"))
        if let termination = change.termination, change.to != .closed { Console.out("  \(termination)") }
    }

    private static func echo(
        _ text: String, _ socket: WebSocket, _ messages: inout Messages.AsyncIterator
    ) async throws {
        try await socket.send(text)
        guard let answer = try await messages.next() else { return }
        Console.out("  sent \"\(text)\", received \"\(answer.text)\"")
    }

    private static func waitFor(_ state: Lifecycle.Standing, _ socket: WebSocket) async {
        let changes = socket.stateChanges
        guard await socket.state != state else { return }
        for await change in changes where change.to == state { return }
    }
}
