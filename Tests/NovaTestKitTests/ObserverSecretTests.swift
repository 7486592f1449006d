import NovaSocket
import NovaTestKit
import SessionSupport
import Synchronization
import Testing

@Suite("No observer is told a secret")
struct ObserverSecretTests {
    struct Login: Codable, Sendable { var secret = "sesame-payload" }

    @Test("Neither of the URL, nor of a header, nor of a message in either direction, nor of a close reason")
    func secrets() async throws {
        let spans = Mutex<[ConnectionSpan]>([])
        let life = try await Watched.live {
            $0.addHeader("Authorization", "Bearer sesame-header")
            $0.policy.keepalive = KeepalivePolicy(interval: .seconds(5), timeout: .seconds(5))
            $0.observers.append(ConnectionSpans { span in spans.withLock { $0.append(span) } })
        } _: { network, server, options in
            let service = RPCService(at: server)
            service.answers { connection, request in
                switch request.method {
                case "fail": [RPCService.failure(JSONRPC.Failure(1, "sesame-failure"), of: request), "sesame-garbage"]
                case "close":
                    {
                        server.onOpen = { $0.close(CloseCode(rawValue: 4001), reason: "sesame-reason") }
                        server.suffer(.reset)
                        return []
                    }()
                default: nil
                }
            }
            let url = server.url + "sesame-path?token=sesame-query"
            let session = try Session(url, Handlers(RPCAdapter(url: url, secret: "sesame")), configure: options.layer)
            try await session.connect()
            let subscription = try? await session.subscribe(to: "sesame-channel")
            _ = try await session.request("echo", Login(), as: Login.self)
            _ = try? await session.request("fail", as: Int.self)
            try await session.send("sesame-text")
            try await network.sleep(for: .seconds(12))
            _ = try? await session.request("close", Login(), as: Int.self)
            try await network.sleep(for: .seconds(12))
            await session.close(reason: "sesame-goodbye")
            withExtendedLifetime(subscription) {}
        }
        // The recording shows that the secrets were there to be seen.
        let recorded = life.trace.entries.map { entry -> String in
            switch entry.entry {
            case .command(_, _, let payload): String(decoding: payload, as: UTF8.self)
            case .received(_, let bytes), .wrote(_, let bytes, _): String(decoding: bytes, as: UTF8.self)
            default: ""
            }
        }.joined()
        for place in ["header", "query", "payload", "text", "reason", "failure", "channel"] {
            #expect(recorded.contains("sesame-\(place)"), "\(place)")
        }
        #expect(life.told("message").count > 10 && life.told("handler").count > 0)
        var output = life.log
        output += life.notes.all.map { "\($0.event) \(String(reflecting: $0.event)) \($0.context)" }
        output.append(life.metrics.snapshot.prometheusText)
        output += spans.withLock(\.self).map { String(reflecting: $0) }
        var dumped = ""
        for event in life.events { dump(event, to: &dumped) }
        output.append(dumped)
        #expect(output.joined(separator: "\n").utf8.count > 50_000)
        for text in output { #expect(!text.contains("sesame"), "\(text)") }
    }
}
