import NovaEcho
import NovaSocket
import Synchronization
import TestTurns
import Testing

/// Everything at once: many connections over several attempts each, with callers that send, ask, cancel and leave, and a
/// server that resets, closes, breaks the protocol and refuses. Whatever happens, every call returns, every connection
/// ends, and each of them is replayed.
@Suite("A storm", .live, .replayed, .timeLimit(.minutes(20)))
struct StormTests {
    /// Numbers that follow from a seed.
    private struct Dice {
        var state: UInt64

        mutating func below(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
    }

    private static func script(_ seed: UInt64) -> ServerScript {
        let dice = Mutex(Dice(state: seed))
        let roll: @Sendable (Int) -> Int = { bound in dice.withLock { $0.below(bound) } }
        var script = ServerScript()
        script.upgrade = { _ in
            switch roll(12) {
            case 0: .bytes(UpgradeAnswer(refusing: 503, body: "busy").bytes)
            case 1: .bytesThenEnd([])
            case 2: .acceptThen([0x81, 2, 0x68, 0x69, 0x89, 0])
            default: .accept(subprotocol: nil)
            }
        }
        script.message = { connection, kind, view in
            switch roll(60) {
            case 0: connection.reset()
            case 1: connection.end()
            case 2:
                connection.sendClose(.serviceRestart, reason: "again")
                connection.end()
            case 3:
                connection.send(kind.opcode, view)
                connection.send(raw: [0xC1, 0])
            case 4: for _ in 0..<40 { connection.send(.binary, ByteView(copying: [UInt8](repeating: 1, count: 9000))) }
            default: connection.send(kind.opcode, view)
            }
        }
        return script
    }

    private static func act(_ socket: WebSocket, _ dice: inout Dice) async throws {
        switch dice.below(10) {
        case 0: try await socket.ping()
        case 1: try await socket.flush()
        case 2:
            let parts = AsyncThrowingStream<String, any Error> { continuation in
                for part in ["a", "b", "c"] { continuation.yield(part) }
                continuation.finish()
            }
            try await socket.send(fragments: parts)
        case 3:
            let task = Task { try await socket.send([UInt8](repeating: 2, count: 200_000)) }
            task.cancel()
            try await task.value
        case 4: try await socket.connect()
        default: try await socket.send("message \(dice.below(1000))")
        }
    }

    /// A caller who does many things, whatever comes of them.
    private static func live(_ socket: WebSocket, _ seed: UInt64) async {
        var dice = Dice(state: seed)
        for _ in 0..<40 {
            do { try await act(socket, &dice) } catch {}
        }
    }

    @Test("Every call returns, every connection ends with a cause", arguments: 0..<4)
    func storm(_ round: UInt64) async throws {
        try await withServer(Self.script(round)) { server in
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<12 {
                    let settings = options {
                        $0.policy.reconnection = Reconnection(
                            backoff: .exponentialFullJitter(base: .milliseconds(1), cap: .milliseconds(20)))
                        $0.policy.inbound.maximumBytes = 50_000
                        $0.policy.timeouts.close = .milliseconds(500)
                        $0.policy.timeouts.pong = .milliseconds(500)
                    }
                    group.addTask { await Self.life(server.url, settings, round * 100 + UInt64(number)) }
                }
            }
            await server.untilEmpty()
        }
    }

    private static func life(_ url: String, _ settings: WebSocketOptions, _ seed: UInt64) async {
        guard let socket = try? WebSocket.make(url, settings) else { return }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { do { for try await _ in socket.messages {} } catch {} }
            group.addTask {
                await withTaskGroup(of: Void.self) { callers in
                    for caller in 0..<3 { callers.addTask { await live(socket, seed * 7 + UInt64(caller)) } }
                }
                let termination = await socket.close()
                #expect(termination?.cause.finality != nil)
            }
        }
        #expect(await socket.state == .closed)
    }
}
