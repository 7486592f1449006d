import NovaSocket
import NovaTestKit
import SessionSupport
import Synchronization
import Testing

@Suite("Spans")
struct SpanTests {
    @Test(
        "An attempt with its stages in it, and requests in their attempts; each begins before it ends, and its parent first"
    )
    func life() async throws {
        let book = Mutex<(begun: [ConnectionSpan], ended: [ConnectionSpan])>(([], []))
        let spans = ConnectionSpans(
            began: { span in book.withLock { $0.begun.append(span) } },
            ended: { span in
                book.withLock { book in
                    #expect(book.begun.contains { $0.id == span.id })
                    book.ended.append(span)
                }
            })
        _ = try await Watched.live {
            $0.observers.append(spans)
        } _: { _, server, options in
            let service = RPCService(at: server)
            service.answers { connection, request in request.method == "silence" ? [] : nil }
            let session = try Session(adapter: RPCAdapter(url: server.url, secret: "sesame"), configure: options.layer)
            try await session.connect()
            async let lost = session.request("silence", as: Int.self)
            _ = try await session.request("echo", ObservedLives.Ask(), as: ObservedLives.Ask.self)
            server.suffer(.reset)
            for await change in session.stateChanges where change.to == .ready { break }
            _ = try? await lost
            await session.close()
        }
        let (begun, ended) = book.withLock(\.self)
        #expect(Set(begun.map(\.id)) == Set(ended.map(\.id)) && begun.count == ended.count)
        for span in begun { #expect(span.duration == nil && span.outcome == nil) }
        let attempts = ended.filter { $0.name == "attempt" }
        #expect(attempts.map(\.outcome) == [.failure, .success] && attempts.allSatisfy { $0.parent == nil })
        #expect(
            attempts.first?.attributes.contains { $0.name == "cause" && $0.value == .text("transport_ended") } == true)
        for attempt in attempts {
            let parts = ended.filter { $0.parent == attempt.id }
            #expect(
                parts.filter { $0.name != "request" }.map(\.name) == [
                    "resolve", "dial", "secure", "upgrade", "authenticate", "restore",
                ])
            #expect(
                parts.filter { $0.name != "request" }.map(\.duration)
                    == [5, 20, 20, 20, 20, 0].map { .milliseconds($0) })
            let index = try #require(begun.firstIndex { $0.id == attempt.id })
            for part in parts { #expect(try #require(begun.firstIndex { $0.id == part.id }) > index) }
            for part in parts { #expect(part.began >= attempt.began) }
        }
        let requests = ended.filter { $0.name == "request" }
        #expect(requests.map(\.outcome) == [.success, .success, .failure, .success])
        #expect(requests.map(\.parent) == [attempts[0].id, attempts[0].id, attempts[0].id, attempts[1].id])
        #expect(requests[1].duration == .milliseconds(20))
    }

    @Test("A stage in which the attempt ended is a failure")
    func failedStage() async throws {
        let ended = Mutex<[ConnectionSpan]>([])
        let spans = ConnectionSpans { span in ended.withLock { $0.append(span) } }
        _ = try await Watched.live {
            $0.observers.append(spans)
            $0.policy.reconnection = .never
        } _: { _, server, options in
            server.suffer(.refuse(for: .seconds(9)))
            _ = try? await WebSocket.connect(to: server.url, options: options)
        }
        #expect(ended.withLock(\.self).map(\.name) == ["resolve", "dial", "attempt"])
        #expect(ended.withLock(\.self).map(\.outcome) == [.success, .failure, .failure])
    }
}
