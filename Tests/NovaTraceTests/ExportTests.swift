import Foundation
import NovaKernel
import NovaTrace
import NovaWire
import Testing

@Suite("Exports")
struct ExportTests {
    private static func json(_ data: Data) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    private static func events(_ trace: Trace) throws -> [[String: Any]] {
        try #require(try json(try Export.perfetto(trace))["traceEvents"] as? [[String: Any]])
    }

    /// Lives of every kind, and one that breaks off.
    private static func traces() throws -> [Trace] {
        let whole = try RecordedWire().life.trace()
        let cut = Trace(header: whole.header, steps: Array(whole.steps.prefix(20)), isComplete: false)
        return EveryCause.lives.map { $0.trace() } + [whole, cut]
    }

    @Test("Perfetto: slices nest, what begins ends, in every life")
    func perfettoNests() throws {
        for trace in try Self.traces() {
            let events = try Self.events(trace)
            let slices = events.filter { $0["ph"] as? String == "X" }.compactMap { event -> (Double, Double)? in
                guard let ts = event["ts"] as? Double, let length = event["dur"] as? Double else { return nil }
                return (ts, ts + length)
            }
            #expect(slices.count > 1)
            for one in slices {
                for other in slices {
                    let isApart = one.1 <= other.0 || other.1 <= one.0
                    let isInside = (one.0 >= other.0 && one.1 <= other.1) || (other.0 >= one.0 && other.1 <= one.1)
                    #expect(isApart || isInside, "\(one) and \(other)")
                }
            }
            var open: [String: Int] = [:]
            for event in events where ["b", "e"].contains(event["ph"] as? String) {
                let id = "\(event["cat"] ?? "") \(event["id"] ?? "")"
                open[id, default: 0] += event["ph"] as? String == "b" ? 1 : -1
                #expect(open[id] == 0 || open[id] == 1, "\(id)")
            }
            #expect(open.values.allSatisfy { $0 == 0 })
        }
    }

    @Test("Perfetto: states are those of the steps, counters end at zero, pings know whether they were answered")
    func perfettoTells() throws {
        let trace = try RecordedWire().life.trace()
        let events = try Self.events(trace)
        func named(_ phase: String, _ name: String) -> [[String: Any]] {
            events.filter { $0["ph"] as? String == phase && $0["name"] as? String == name }
        }
        let opened = named("X", "open").compactMap { ($0["ts"] as? Double, $0["dur"] as? Double) as? (Double, Double) }
        #expect(opened.map(\.0).sorted() == [54_000, 3_740_000])
        #expect(opened.map { $0.0 + $0.1 }.sorted() == [1_700_000, 5_000_000])
        #expect(named("X", "ready").count == 2)
        #expect(named("b", "attempt 1").count == 1 && named("e", "attempt 2").count == 1)
        let pings = named("e", "ping").compactMap { ($0["args"] as? [String: Any])?["answered"] as? String }
        #expect(pings == ["yes"])
        for name in ["bytes waiting to be sent", "messages waiting for the consumer"] {
            let values = named("C", name).compactMap { ($0["args"] as? [String: Any])?["value"] as? Int }
            #expect(values.last == 0, "\(name)")
            #expect((values.max() ?? 0) > 0, "\(name)")
        }
        let instants = events.filter { $0["ph"] as? String == "i" }.compactMap { $0["name"] as? String }
        #expect(instants.contains("lost") && instants.contains("closeAnswered") && !instants.contains("deliver"))
        let unanswered = try Self.events(try #require(EveryCause.lives.first { $0.name == "nothing is heard" }).trace())
        #expect(unanswered.compactMap { ($0["args"] as? [String: Any])?["answered"] as? String } == ["no"])
    }

    @Test("Mermaid: the diagrams are those of their file")
    func mermaid() throws {
        let names = ["closed in order", "nothing is heard", "closed while waiting", "attemptsExhausted", "status 403"]
        var text = ""
        for name in names {
            let life = try #require(EveryCause.lives.first { $0.name == name })
            text += "%% \(name)\n" + (try Export.mermaid(life.trace())) + "\n"
        }
        text += "%% two attempts\n" + (try Export.mermaid(try RecordedWire().life.trace()))
        try Golden.check(text, "Tests/NovaTraceTests/Explanations/diagrams.mmd")
    }

    @Test("Mermaid: no line has what would end it early, in any life")
    func mermaidLines() throws {
        for trace in try Self.traces() {
            let lines = try Export.mermaid(trace).split(separator: "\n").dropFirst()
            #expect(lines.count > 4)
            for line in lines {
                #expect(!line.contains(";") && !line.contains("#"))
                let words = line.trimmingCharacters(in: .whitespaces)
                let heads = ["participant ", "Note over ", "C->>N: ", "C->>S: ", "N->>S: ", "N-xS: ", "N-->>C: "]
                #expect(
                    (heads + ["S->>N: ", "S->>C: ", "S-->>N: ", "S-xN: "]).contains { words.hasPrefix($0) }, "\(line)")
            }
        }
    }

    @Test("HAR: the handshake, and every message with its opcode and its data")
    func har() throws {
        let wire = try RecordedWire()
        let trace = wire.life.trace(began: 1_700_000_000_250_000_000)
        let file = try Self.json(try Export.har(trace, wire.traffic))
        let log = try #require(file["log"] as? [String: Any])
        #expect(log["version"] as? String == "1.2")
        let entries = try #require(log["entries"] as? [[String: Any]])
        #expect(
            entries.map { $0["startedDateTime"] as? String } == [
                "2023-11-14T22:13:20.274Z", "2023-11-14T22:13:23.960Z",
            ])
        let request = try #require(entries[0]["request"] as? [String: Any])
        #expect(request["url"] as? String == "ws://feed.example/stream?\(RecordedWire.token)&depth=5")
        #expect((request["queryString"] as? [[String: String]])?[0] == ["name": "token", "value": "secret"])
        let response = try #require(entries[0]["response"] as? [String: Any])
        #expect(response["status"] as? Int == 101)
        #expect(entries[0]["_resourceType"] as? String == "websocket")
        let messages = try entries.map { try #require($0["_webSocketMessages"] as? [[String: Any]]) }
        #expect(messages[0].map { $0["type"] as? String } == ["send", "receive", "send", "receive", "send"])
        #expect(messages[0].map { $0["opcode"] as? Int } == [1, 1, 9, 10, 2])
        #expect(messages[0][1]["data"] as? String == "hello")
        #expect(messages[0][4]["data"] as? String == Data(wire.frames[4].payload).base64EncodedString())
        #expect(abs((messages[0][0]["time"] as? Double ?? 0) - 1_700_000_001.25) < 0.000_1)
        #expect(messages[1].map { $0["opcode"] as? Int } == [9, 10, 1, 8, 8])
        #expect(messages[1][2]["data"] as? String == "fragments")
        #expect(messages[1][3]["data"] as? String == Data([0x0F, 0xA1] + Array("done".utf8)).base64EncodedString())
    }

    @Test("HAR: a refusal has its status and its body, and no messages")
    func harRefusal() throws {
        let endpoint = try Endpoint("ws://feed.example/")
        let answer = UpgradeAnswer(
            refusing: 302, reason: "Found", headers: [HeaderField("Location", "/new")], body: "go")
        let traffic = [
            Traffic(.sent, t: 5, attempt: 1, try UpgradeRequest(to: endpoint, key: "dGhlIHNhbXBsZSBub25jZQ==").bytes),
            Traffic(.received, t: 2_000_005, attempt: 1, Array("HTTP/1.1 103 Early Hints\r\n\r\n".utf8) + answer.bytes),
        ]
        let life = try #require(EveryCause.lives.first { $0.name == "status 302" })
        let log = try #require(try Self.json(try Export.har(life.trace(), traffic))["log"] as? [String: Any])
        let entry = try #require((log["entries"] as? [[String: Any]])?.first)
        let response = try #require(entry["response"] as? [String: Any])
        #expect(response["status"] as? Int == 302)
        #expect(response["redirectURL"] as? String == "/new")
        #expect((response["content"] as? [String: Any])?["text"] as? String == Data("go".utf8).base64EncodedString())
        #expect(entry["_webSocketMessages"] == nil)
        #expect(entry["time"] as? Double == 2)
    }

    @Test("Without bytes there is no archive and no capture, and that is said")
    func noBytes() throws {
        let trace = try RecordedWire().life.trace()
        #expect(throws: Export.Failure.noTraffic) { try Export.har(trace, []) }
        #expect(throws: Export.Failure.noTraffic) { try Export.pcapng(trace, [Traffic(.sent, t: 0, attempt: 1, [])]) }
        #expect(Export.Failure.noTraffic.description == "the recording holds no bytes")
        let noise = [Traffic(.sent, t: 0, attempt: 3, Array("\u{16}\u{3}\u{1}".utf8))]
        #expect(throws: Export.Failure.noRequest(attempt: 3)) { try Export.har(trace, noise) }
        #expect(!"\(noise[0])".contains("\u{16}"))
    }

    @Test("HAR: a request that was cut takes nothing from the other attempts")
    func harCut() throws {
        let wire = try RecordedWire()
        var traffic = wire.traffic
        let request = try #require(traffic.lastIndex { $0.bytes.starts(with: "GET ".utf8) })
        let cut = traffic[request].bytes.prefix(20)
        traffic = Array(traffic[..<request]) + [Traffic(.sent, t: traffic[request].t, attempt: 2, Array(cut))]
        let log = try #require(try Self.json(try Export.har(wire.life.trace(), traffic))["log"] as? [String: Any])
        #expect((log["entries"] as? [Any])?.count == 1)
        #expect(throws: Export.Failure.noRequest(attempt: 2)) { try Export.har(wire.life.trace(), traffic.suffix(1)) }
    }

    @Test("Whatever bytes were recorded, an export ends", arguments: 0..<4)
    func noise(_ part: Int) throws {
        let wire = try RecordedWire()
        var state = UInt64(part) &+ 1
        func below(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        for _ in 0..<12 {
            var traffic = wire.traffic
            for _ in 0...below(3) {
                let piece = below(traffic.count)
                switch below(4) {
                case 0: traffic[piece].bytes[below(traffic[piece].bytes.count)] = UInt8(below(256))
                case 1: traffic[piece].t = .max - UInt64(below(3))
                case 2: traffic[piece].attempt = .max
                default: traffic.swapAt(piece, below(traffic.count))
                }
            }
            _ = try? Export.har(wire.life.trace(began: .max - 5), traffic)
            _ = try Export.pcapng(wire.life.trace(began: .max - 5), traffic)
        }
    }
}
