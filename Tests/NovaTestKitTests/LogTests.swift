import Foundation
import NovaSocket
import NovaTestKit
import SessionSupport
import Synchronization
import Testing

@Suite("Logs")
struct LogTests {
    private static func lines(
        _ format: Log.Format, _ threshold: LogLevel = .info, level: (@Sendable (ConnectionEvent) -> LogLevel?)? = nil,
        name: String? = nil
    ) async throws -> [String] {
        let lines = Mutex<[String]>([])
        let keep: @Sendable (String) -> Void = { line in lines.withLock { $0.append(line) } }
        let log = Log(format, threshold: threshold, write: keep, level: level ?? { $0.level })
        _ = try await Watched.live {
            $0.observers = [log] + $0.observers
            $0.name = name
        } _: { network, server, options in
            let socket = try await WebSocket.connect(to: server.url, options: options)
            server.suffer(.reset)
            for await change in socket.stateChanges where change.to == .ready { break }
            await socket.close()
        }
        return lines.withLock(\.self).map { line in
            line.replacing(#/connection"?[=:]\d+/#, with: "connection=N")  // other tests have connections too
        }
    }

    @Test("Plain lines: names and values, one event a line, with the cause in a sentence")
    func plain() async throws {
        let lines = try await Self.lines(.plain)
        let expected = """
            clock=3600.065 level=info event=opened endpoint=wss://rpc.example connection=N attempt=1 duration=0.065 \
            message="The opening handshake was done after 65 ms."
            clock=3600.065 level=info event=ready endpoint=wss://rpc.example connection=N attempt=1 duration=0.065 \
            message="The connection was ready after 65 ms."
            clock=3600.075 level=warning event=ended endpoint=wss://rpc.example connection=N attempt=1 \
            cause=transport_ended origin=network phase=ready closure=none failures=1 open_for=0.01 since_heard=0.01 \
            unsent_bytes=0 duration=0.075 message="The transport failed (1006), after it had been open for 10 ms: \
            connection reset by peer (errno 104)."
            """
        #expect(lines.prefix(3).joined(separator: "\n") == expected)
        let words = lines.map { $0.split(separator: " ").dropFirst().prefix(2).joined(separator: " ") }
        #expect(
            words == [
                "level=info event=opened", "level=info event=ready", "level=warning event=ended",
                "level=notice event=retry_planned", "level=info event=opened", "level=info event=ready",
                "level=notice event=reconnected", "level=info event=closing", "level=info event=ended",
                "level=info event=closed",
            ])
    }

    @Test("JSON: an object a line, with the same facts")
    func json() async throws {
        let life = try await ObservedLives.session()
        let objects = try life.log.filter { $0.hasPrefix("{") }.map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
        let plain = life.log.filter { !$0.hasPrefix("{") }
        #expect(objects.count == life.events.count && plain.count == life.events.count)
        for (object, event) in zip(objects, life.events) {
            #expect(object["event"] as? String == event.name)
            #expect(object["message"] as? String == event.description)
            for fact in event.facts {
                switch fact.value {
                case .text(let text): #expect(object[fact.name] as? String == text)
                case .number(let number): #expect(object[fact.name] as? Int64 == number)
                case .flag(let flag): #expect(object[fact.name] as? Bool == flag)
                case .time(let time):
                    let seconds = try #require(object[fact.name] as? Double)
                    #expect(Duration.nanoseconds(Int64((seconds * 1e9).rounded())) == time)
                }
            }
        }
    }

    @Test("The threshold, and levels of one's own")
    func levels() async throws {
        #expect(try await Self.lines(.plain, .error).isEmpty)
        #expect(try await Self.lines(.plain, .warning).count == 1)
        let own = try await Self.lines(.plain, .warning) { event in
            switch event {
            case .ended: nil
            case .reconnected: .error
            default: event.level
            }
        }
        #expect(own.count == 1 && own.first?.contains("level=error event=reconnected") == true)
        #expect(LogLevel.allCases == LogLevel.allCases.sorted())
    }

    @Test("A name can't break out of its line, or of its quotes")
    func names() async throws {
        let name = "a \"b\" \\ c\nlevel=error"
        let plain = try await Self.lines(.plain, name: name)
        #expect(
            plain.allSatisfy { $0.contains(#" name="a \"b\" \\ c\\nlevel=error" connection=N "#) && !$0.contains("\n") }
        )
        for line in try await Self.lines(.json, name: name) {
            let object = try JSONSerialization.jsonObject(
                with: Data(line.replacing("connection=N", with: "c\":1").utf8))
            #expect((object as? [String: Any])?["name"] as? String == name)
        }
    }
}
