import Foundation
import NovaTestKit
import Synchronization
import TestTurns
import Testing

@testable import NovaSocket

@Suite("Redaction by JSON path", .heavy, .timeLimit(.minutes(30)))
struct JSONRedactionTests {
    private static func redacted(_ text: String, _ paths: [String]) throws -> String {
        var standIn = MessageStandIn(.text, secretsAt: try paths.map { try JSONPath($0) })
        return String(decoding: standIn.all(text.utf8), as: UTF8.self)
    }

    @Test(
        "Paths are read",
        arguments: [
            ("$", 0), ("$.a", 1), ("$..a", 1), ("$.a.b_2[3]", 3), ("$['a b']", 1), ("$[\"it's\"].*", 2), ("$..[*]", 1),
            ("$..*", 1), ("$['a\\'b\\\\']", 1), ("$.ключ", 1),
        ])
    func reading(_ text: String, _ segments: Int) throws {
        #expect(try JSONPath(text).segments.count == segments)
        #expect(try JSONPath(text).description == text)
    }

    @Test(
        "What is no path is refused, with the place",
        arguments: [
            ("", 1), ("a", 1), ("$a", 2), ("$.", 3), ("$.1", 3), ("$..", 4), ("$[", 3), ("$[a]", 3), ("$[1", 4),
            ("$['a]", 6), ("$['a\\n']", 6), ("$[-1]", 3), ("$.a b", 4), ("$[99999999999999999999]", 3),
        ])
    func refused(_ text: String, _ character: Int) {
        let error = #expect(throws: WebSocketError.self) { try JSONPath(text) }
        #expect(error?.code == .invalidOptions)
        #expect(error?.description.hasSuffix("at character \(character).") == true, "\(error?.description ?? "")")
    }

    @Test("A name anywhere is described as the path it is", arguments: ["a", "a b", "it's", "a\\b", "1", "", "é"])
    func anywhere(_ name: String) throws {
        let path = JSONPath(anywhere: name)
        #expect(try JSONPath(path.description).segments == path.segments)
    }

    @Test("No path has more segments than are counted")
    func longest() throws {
        let segments = String(repeating: ".a", count: 63)
        let text = String(repeating: #"{"a":"#, count: 63) + "7" + String(repeating: "}", count: 63)
        #expect(try Self.redacted(text, ["$" + segments]) == text.replacing("7", with: "1"))
        #expect(throws: WebSocketError.self) { try JSONPath("$" + segments + ".a") }
    }

    @Test(
        "What is at a path is replaced, and nothing else",
        arguments: [
            (#"{"a":"bcd","e":"fgh"}"#, "$.a", #"{"a":"ghi","e":"fgh"}"#),
            (#"{"x":{"a":"bcd"},"a":7}"#, "$.a", #"{"x":{"a":"bcd"},"a":1}"#),
            (#"{"x":{"a":-1.5e3},"a":true}"#, "$..a", #"{"x":{"a":111111},"a":1111}"#),
            (#"{"x":[1,22,333]}"#, "$.x[1]", #"{"x":[1,11,333]}"#),
            (#"[{"k":"v"},{"k":"v"}]"#, "$[*].k", #"[{"k":"h"},{"k":"r"}]"#),
            (#"{"a":{"b":["c",null]}, "d":[]}"#, "$.a", #"{"a":{"h":["m",1111]}, "d":[]}"#),
            (#" { "a" : "b\"c" , "d" : "e" } "#, "$.a", #" { "a" : "klmn" , "d" : "e" } "#),
            (#"{"\u0061":"bcd","e":"f"}"#, "$.a", #"{"\u0061":"lmn","e":"f"}"#),
            (#"{"a":"","b":{},"c":[]}"#, "$.*", #"{"a":"","b":{},"c":[]}"#),
            (#"{"ab":"x","a":"x"}"#, "$.a", #"{"ab":"x","a":"p"}"#),
        ])
    func paths(_ text: String, _ path: String, _ expected: String) throws {
        #expect(try Self.redacted(text, [path]) == expected)
    }

    @Test(
        "From where it is no JSON, all is replaced",
        arguments: [
            "hunter2", "\"hunter2\"", "123456", #"{"b":1} hunter2"#, #"{b:"hunter2"}"#, #"{"b":hunter2}"#, "[tunter2]",
            #"{"b":1}{"b":"hunter2"}"#, "{\"b\":\"\nhunter2\"}", #"["b":"hunter2"]"#, #"{"b","hunter2"}"#,
            "[1 \"hunter2\"]",
            #"{"b":1,}"hunter2""#, #"[1}"hunter2""#, String(repeating: "[", count: 129) + "\"hunter2\"", "null", "true",
        ])
    func noJSON(_ text: String) throws {
        let redacted = try Self.redacted(text, ["$.a"])
        #expect(redacted.utf8.count == text.utf8.count)
        #expect(!redacted.contains("unter2") && !redacted.contains("123456"), "\(redacted)")
        #expect(text.contains("unter2") || redacted != text)
    }

    /// Some JSON, with secrets at `secret` and other words elsewhere.
    private struct Author {
        var random: SeededRandom
        var secrets: [String] = []
        var words: [String] = []

        private mutating func word() -> String {
            let letters = "BCDFGHJKLMNPQRSTVWZбвгджзклмнпрсту漢字🙂\"\\/\n"
            return String((0..<10).map { _ in letters.randomElement(using: &random) ?? "B" })
        }

        mutating func value(_ depth: Int, isSecret: Bool) -> Any {
            switch Int.random(in: 0..<(depth < 4 ? 8 : 4), using: &random) {
            case 0: return isSecret ? 7 : Int.random(in: 0...9, using: &random)
            case 1: return NSNull()
            case 2, 3:
                let word = word()
                if isSecret { secrets.append(word) } else { words.append(word) }
                return word
            case 4, 5:
                return (0..<Int.random(in: 0...3, using: &random)).map { _ in value(depth + 1, isSecret: isSecret) }
            default: return object(depth, isSecret: isSecret)
            }
        }

        mutating func object(_ depth: Int, isSecret: Bool) -> [String: Any] {
            var object: [String: Any] = [:]
            for index in 0..<Int.random(in: 0...4, using: &random) {
                let key = Bool.random(using: &random) ? "secret" : "k\(index)"
                object[key] = value(depth + 1, isSecret: isSecret || key == "secret")
            }
            return object
        }
    }

    @Test("No secret survives, everything else does, and it is JSON still", arguments: 0..<200 as Range<UInt64>)
    func property(_ seed: UInt64) throws {
        var author = Author(random: SeededRandom(seed: seed))
        let object = author.object(0, isSecret: false)
        let options: JSONSerialization.WritingOptions = seed % 2 == 0 ? [.prettyPrinted] : []
        let text = String(decoding: try JSONSerialization.data(withJSONObject: object, options: options), as: UTF8.self)
        let redacted = try Self.redacted(text, ["$..secret"])
        #expect(redacted.utf8.count == text.utf8.count)
        let read = try JSONSerialization.jsonObject(with: Data(redacted.utf8)) as? [String: Any]
        #expect(Self.shape(read as Any) == Self.shape(object))
        let strings = Self.strings(read as Any)
        #expect(Set(author.words).isSubset(of: strings) && strings.isDisjoint(with: author.secrets))
    }

    @Test("Behind a byte that no JSON has, nothing is shown", arguments: 0..<50 as Range<UInt64>)
    func damaged(_ seed: UInt64) throws {
        var author = Author(random: SeededRandom(seed: seed))
        let object = author.object(0, isSecret: false)
        let text = Array(try JSONSerialization.data(withJSONObject: object))
        for place in text.indices {
            var standIn = MessageStandIn(.text, secretsAt: JSONPath.credentials)
            let before = standIn.all(text[..<place])
            var whole = MessageStandIn(.text, secretsAt: JSONPath.credentials)
            #expect(whole.all(text).starts(with: before))
            let behind = standIn.all([1] + text[place...])
            #expect(behind.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || $0 >= 0x80 })
        }
    }

    /// What is there, without what it says; of what is secret, that it is there.
    private static func shape(_ value: Any) -> String {
        switch value {
        case let object as [String: Any]:
            "{\(object.map { $0 == "secret" ? "secret" : "\($0): \(shape($1))" }.sorted())}"
        case let array as [Any]: "[\(array.map { shape($0) })]"
        case is String: "s"
        default: "n"
        }
    }

    private static func strings(_ value: Any) -> Set<String> {
        switch value {
        case let object as [String: Any]: Set(object.values.flatMap { strings($0) })
        case let array as [Any]: Set(array.flatMap { strings($0) })
        case let string as String: [string]
        default: []
        }
    }

    @Test("A connection's messages are recorded without what is secret in them, and replay to the byte")
    func live() async throws {
        let lines = Mutex<[String]>([])
        let network = SimulatedNetwork(seed: 5)
        let server = network.server("feed.example")
        server.conditions.pieces = .random
        server.onMessage = { connection, _ in
            connection.send(#"{"result":{"access_token":"SECRET-ANSWER","scope":"public-scope"}}"#)
            connection.send("SECRET-TEXT")
        }
        let options = network.options {
            $0.recording = .lines(.whole(.credentials)) { line in lines.withLock { $0.append(line) } }
            $0.addHeader("Authorization", "Bearer SECRET-HEADER")
        }
        try await network.run {
            let socket = try await WebSocket.connect(to: server.url, options: options)
            try await socket.send(#"{"method":"public/auth","client_secret":"SECRET-LOGIN"}"#)
            let fragments = [#"{"note":"public-note","pass"#, #"word":"SECRET-"#, #"PASS"}"#].map { Array($0.utf8) }
            try await socket.send(fragments: fragments.async)
            for try await message in socket.messages where message.text == "SECRET-TEXT" { break }
            await socket.close(reason: "SECRET-REASON")
        }
        let contents = try RedactionTests.contents(lines.withLock(\.self))
        for shown in ["public/auth", "public-scope", "public-note", "client_secret", "access_token"] {
            #expect(contents.range(of: Data(shown.utf8)) != nil, "\(shown)")
        }
        for hidden in ["SECRET", "ANSWER", "LOGIN", "PASS", "TEXT", "HEADER", "REASON"] {
            #expect(contents.range(of: Data(hidden.utf8)) == nil, "\(hidden)")
        }
        let trace = try Trace(reading: Data(lines.withLock { $0.joined() }.utf8))
        #expect(try Replay.wholly(trace).difference == nil)
    }
}

extension Array where Element: Sendable {
    fileprivate var async: AsyncStream<Element> {
        AsyncStream { continuation in
            for element in self { continuation.yield(element) }
            continuation.finish()
        }
    }
}
