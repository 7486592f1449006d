import NovaSocket
import NovaTestKit
import SessionSupport
import Testing

@Suite("Metrics as text for Prometheus")
struct PrometheusTests {
    @Test("The text is what the format allows, and says what was measured, in seconds")
    func life() async throws {
        let snapshot = try await ObservedLives.session().metrics.snapshot
        let page = try Exposition(snapshot.prometheusText)
        let target = ["target": "wss://rpc.example"]
        func with(_ more: [String: String]) -> [String: String] { target.merging(more) { $1 } }
        #expect(page.families.count == 29)
        #expect(page.families.values.allSatisfy { !$0.samples.isEmpty && $0.help.hasSuffix(".") })
        #expect(page.value("novasocket_attempts_total", target) == 2)
        #expect(page.value("novasocket_ended_total", with(["cause": "transport_ended"])) == 1)
        #expect(page.value("novasocket_ended_total", with(["cause": "violation"])) == 0)
        #expect(page.value("novasocket_messages_total", with(["direction": "sent", "kind": "text"])) == 7)
        #expect(page.value("novasocket_message_bytes_total", with(["direction": "sent", "kind": "text"])) == 428)
        #expect(page.value("novasocket_requests_total", with(["end": "answered"])) == 5)
        let dial = with(["stage": "dial"])
        #expect(page.value("novasocket_stage_seconds_sum", dial) == 0.04)
        #expect(page.value("novasocket_stage_seconds_count", dial) == 2)
        // 20 ms is in the bucket up to 25 ms, and not in the one before.
        #expect(page.value("novasocket_stage_seconds_bucket", dial.merging(["le": "0.01"]) { $1 }) == 0)
        #expect(page.value("novasocket_stage_seconds_bucket", dial.merging(["le": "0.025"]) { $1 }) == 2)
        #expect(page.value("novasocket_connect_seconds_sum", target) == 0.19)
        #expect(page.value("novasocket_backoff_seconds_sum", target) == 1)
    }

    @Test("A bound belongs to its bucket: what takes a second is in the bucket up to one")
    func bounds() async throws {
        let life = try await ObservedLives.session()
        let page = try Exposition(life.metrics.snapshot.prometheusText)
        let labels = ["target": "wss://rpc.example"]
        #expect(page.value("novasocket_backoff_seconds_bucket", labels.merging(["le": "0.5"]) { $1 }) == 0)
        #expect(page.value("novasocket_backoff_seconds_bucket", labels.merging(["le": "1"]) { $1 }) == 1)
    }

    @Test("A name is escaped, whatever it is")
    func names() async throws {
        let name = "a \"feed\" \\ of\nmine, {le=\"1\"}"
        let life = try await Watched.live {
            $0.name = name
        } _: { _, server, options in
            await (try await WebSocket.connect(to: server.url, options: options)).close()
        }
        let page = try Exposition(life.metrics.snapshot.prometheusText)
        #expect(page.value("novasocket_attempts_total", ["target": name]) == 1)
    }

    @Test("Without a connection there are families, and no samples")
    func empty() throws {
        let page = try Exposition(ConnectionMetrics().snapshot.prometheusText)
        #expect(page.families.count == 29 && page.families.values.allSatisfy { $0.samples.isEmpty })
    }

    @Test(
        "The reader of these tests takes nothing that is wrong",
        arguments: [
            "a 1", "a 1\n", "# TYPE a counter\na 1\n", "# HELP a x\n# TYPE a thing\n",
            "# HELP a x\n# TYPE a counter\nb 1\n",
            "# HELP a x\n# TYPE a counter\na{b=\"c} 1\n", "# HELP a x\n# TYPE a counter\na{b=\"\\q\"} 1\n",
            "# HELP a x\n# TYPE a counter\na 1\na 1\n", "# HELP a x\n# TYPE a counter\na -1\n",
            "# HELP a x\n# TYPE a counter\na x\n", "# HELP a x\n# TYPE a histogram\na_bucket{le=\"1\"} 1\n",
            "# HELP a x\n# TYPE a histogram\na_bucket{le=\"1\"} 3\na_bucket{le=\"+Inf\"} 2\na_sum 1\na_count 2\n",
        ])
    func strict(_ text: String) { #expect(throws: Exposition.Problem.self) { try Exposition(text) } }
}
