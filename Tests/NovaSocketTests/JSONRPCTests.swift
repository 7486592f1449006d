import NovaKernel
import NovaWire
import Testing

@testable import NovaSocket

/// What a message was taken for, in a word or two that tests can compare.
private func words(_ incoming: [JSONRPC.Incoming]) -> [String] {
    incoming.map { incoming in
        switch incoming {
        case .response(let response):
            if let failure = response.failure {
                "failure \(failure.code.rawValue) to \(response.id.map(\.description) ?? "nobody")"
            } else {
                "result to \(response.id.map(\.description) ?? "nobody")"
            }
        case .notification(let notification):
            "notification \(notification.method)\(notification.hasParams ? " with params" : "")"
        case .request(let request):
            "request \(request.method) \(request.id)\(request.hasParams ? " with params" : "")"
        case .invalid(let problem):
            problem.kind.rawValue + (problem.id.map { " of \($0)" } ?? "") + (problem.index.map { " at \($0)" } ?? "")
        }
    }
}

private func words(_ text: String, _ dialect: JSONRPC.Dialect = .lenient) -> [String] {
    words(JSONRPC.read(Array(text.utf8), dialect: dialect))
}

@Suite("JSON-RPC: what came")
struct JSONRPCReadingTests {
    /// The examples of §7, in their order, without the two batches that a client only sends.
    static let examples: [(text: String, words: [String])] = [
        (#"{"jsonrpc": "2.0", "method": "subtract", "params": [42, 23], "id": 1}"#, ["request subtract 1 with params"]),
        (#"{"jsonrpc": "2.0", "result": 19, "id": 1}"#, ["result to 1"]),
        (#"{"jsonrpc": "2.0", "result": -19, "id": 2}"#, ["result to 2"]),
        (
            #"{"jsonrpc": "2.0", "method": "subtract", "params": {"subtrahend": 23, "minuend": 42}, "id": 3}"#,
            ["request subtract 3 with params"]
        ),
        (
            #"{"jsonrpc": "2.0", "method": "update", "params": [1,2,3,4,5]}"#, ["notification update with params"]
        ),
        (#"{"jsonrpc": "2.0", "method": "foobar"}"#, ["notification foobar"]),
        (#"{"jsonrpc": "2.0", "method": "foobar", "id": "1"}"#, [#"request foobar "1""#]),
        (
            #"{"jsonrpc": "2.0", "error": {"code": -32601, "message": "Method not found"}, "id": "1"}"#,
            [#"failure -32601 to "1""#]
        ),
        (#"{"jsonrpc": "2.0", "method": "foobar, "params": "bar", "baz]"#, ["notJSON"]),
        (
            #"{"jsonrpc": "2.0", "error": {"code": -32700, "message": "Parse error"}, "id": null}"#,
            ["failure -32700 to nobody"]
        ),
        (#"{"jsonrpc": "2.0", "method": 1, "params": "bar"}"#, ["wrongMethod"]),
        (
            """
            [
              {"jsonrpc": "2.0", "method": "sum", "params": [1,2,4], "id": "1"},
              {"jsonrpc": "2.0", "method"
            ]
            """, ["notJSON"]
        ),
        ("[]", ["emptyBatch"]),
        ("[1]", ["notAnObject at 0"]),
        ("[1,2,3]", ["notAnObject at 0", "notAnObject at 1", "notAnObject at 2"]),
        (
            """
            [
              {"jsonrpc": "2.0", "method": "sum", "params": [1,2,4], "id": "1"},
              {"jsonrpc": "2.0", "method": "notify_hello", "params": [7]},
              {"jsonrpc": "2.0", "method": "subtract", "params": [42,23], "id": "2"},
              {"foo": "boo"},
              {"jsonrpc": "2.0", "method": "foo.get", "params": {"name": "myself"}, "id": "5"},
              {"jsonrpc": "2.0", "method": "get_data", "id": "9"}
            ]
            """,
            [
                #"request sum "1" with params"#, "notification notify_hello with params",
                #"request subtract "2" with params"#, "missingVersion at 3", #"request foo.get "5" with params"#,
                #"request get_data "9""#,
            ]
        ),
        (
            """
            [
              {"jsonrpc": "2.0", "result": 7, "id": "1"},
              {"jsonrpc": "2.0", "result": 19, "id": "2"},
              {"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": null},
              {"jsonrpc": "2.0", "error": {"code": -32601, "message": "Method not found"}, "id": "5"},
              {"jsonrpc": "2.0", "result": ["hello", 5], "id": "9"}
            ]
            """,
            [
                #"result to "1""#, #"result to "2""#, "failure -32600 to nobody", #"failure -32601 to "5""#,
                #"result to "9""#,
            ]
        ),
    ]

    @Test("The examples of the specification are what it says they are", arguments: examples)
    func specification(_ text: String, _ expected: [String]) { #expect(words(text, .strict) == expected) }

    /// What breaks the specification, and what the strict and the lenient dialect say to it.
    static let problems: [(text: String, strict: String, lenient: String)] = [
        ("", "notJSON", "notJSON"),
        (" ", "notJSON", "notJSON"),
        ("{", "notJSON", "notJSON"),
        ("{} {}", "notJSON", "notJSON"),
        (#"{"\ud800":1,"method":"m"}"#, "notJSON", "notJSON"),
        (#"{"\uZZZZ":1}"#, "notJSON", "notJSON"),
        ("1", "notAnObject", "notAnObject"),
        ("null", "notAnObject", "notAnObject"),
        (#""text""#, "notAnObject", "notAnObject"),
        ("[[]]", "notAnObject at 0", "notAnObject at 0"),
        ("{}", "missingVersion", "neitherMethodNorOutcome"),
        (#"{"method":"m"}"#, "missingVersion", "notification m"),
        (#"{"method":"m","jsonrpc":"1.0"}"#, "wrongVersion", "wrongVersion"),
        (#"{"method":"m","jsonrpc":2.0}"#, "wrongVersion", "wrongVersion"),
        (#"{"method":"m","jsonrpc":null}"#, "wrongVersion", "wrongVersion"),
        (#"{"jsonrpc":"2.0","method":"m","more":1}"#, "unknownMember", "notification m"),
        (#"{"jsonrpc":"2.0","method":"m","id":1.5}"#, "wrongID", "wrongID"),
        (#"{"jsonrpc":"2.0","method":"m","id":9223372036854775808}"#, "wrongID", "wrongID"),
        (#"{"jsonrpc":"2.0","method":"m","id":true}"#, "wrongID", "wrongID"),
        (#"{"jsonrpc":"2.0","result":1,"id":[1]}"#, "wrongID", "wrongID"),
        (#"{"jsonrpc":"2.0","result":1,"id":{}}"#, "wrongID", "wrongID"),
        (#"{"jsonrpc":"2.0","method":"m","id":null}"#, "wrongID", "notification m"),
        (#"{"jsonrpc":"2.0","method":null,"id":1}"#, "wrongMethod of 1", "wrongMethod of 1"),
        (#"{"jsonrpc":"2.0","method":["m"]}"#, "wrongMethod", "wrongMethod"),
        (#"{"jsonrpc":"2.0","method":"m","result":1,"id":1}"#, "methodAndOutcome of 1", "methodAndOutcome of 1"),
        (#"{"jsonrpc":"2.0","method":"m","result":null}"#, "methodAndOutcome", "methodAndOutcome"),
        (#"{"jsonrpc":"2.0","method":"m","error":{}}"#, "methodAndOutcome", "methodAndOutcome"),
        (#"{"jsonrpc":"2.0","method":"m","error":null}"#, "methodAndOutcome", "notification m"),
        (#"{"jsonrpc":"2.0","method":"m","params":1,"id":4}"#, "wrongParams of 4", "wrongParams of 4"),
        (#"{"jsonrpc":"2.0","method":"m","params":"{}"}"#, "wrongParams", "wrongParams"),
        (#"{"jsonrpc":"2.0","method":"m","params":null}"#, "wrongParams", "notification m"),
        (
            #"{"jsonrpc":"2.0","result":1,"error":{"code":1,"message":""},"id":1}"#, "resultAndError of 1",
            "resultAndError of 1"
        ),
        (#"{"jsonrpc":"2.0","result":1,"error":null,"id":1}"#, "resultAndError of 1", "result to 1"),
        (
            #"{"jsonrpc":"2.0","result":null,"error":{"code":1,"message":""},"id":1}"#, "resultAndError of 1",
            "failure 1 to 1"
        ),
        (#"{"jsonrpc":"2.0","result":null,"error":null,"id":1}"#, "resultAndError of 1", "result to 1"),
        (#"{"jsonrpc":"2.0","id":1}"#, "neitherMethodNorOutcome of 1", "neitherMethodNorOutcome of 1"),
        (
            #"{"jsonrpc":"2.0","params":[],"id":"x"}"#, #"neitherMethodNorOutcome of "x""#,
            #"neitherMethodNorOutcome of "x""#
        ),
        (#"{"jsonrpc":"2.0","error":null,"id":1}"#, "wrongError of 1", "wrongError of 1"),
        (#"{"jsonrpc":"2.0","error":"no","id":1}"#, "wrongError of 1", "wrongError of 1"),
        (#"{"jsonrpc":"2.0","error":{"code":1},"id":1}"#, "wrongError of 1", "wrongError of 1"),
        (#"{"jsonrpc":"2.0","error":{"message":"m"},"id":1}"#, "wrongError of 1", "wrongError of 1"),
        (#"{"jsonrpc":"2.0","error":{"code":1.5,"message":"m"},"id":1}"#, "wrongError of 1", "wrongError of 1"),
        (#"{"jsonrpc":"2.0","error":{"code":"1","message":"m"},"id":1}"#, "wrongError of 1", "wrongError of 1"),
        (#"{"jsonrpc":"2.0","error":{"code":1,"message":2},"id":1}"#, "wrongError of 1", "wrongError of 1"),
        (#"{"jsonrpc":"2.0","error":{"code":1,"message":"m"}}"#, "missingID", "failure 1 to nobody"),
        (#"{"jsonrpc":"2.0","result":1}"#, "missingID", "missingID"),
        (#"{"jsonrpc":"2.0","result":1,"id":null}"#, "missingID", "missingID"),
    ]

    @Test("Each problem has its name, and who asked is told", arguments: problems)
    func problem(_ text: String, _ strict: String, _ lenient: String) {
        #expect(words(text, .strict) == [strict])
        #expect(words(text, .lenient) == [lenient])
    }

    @Test("The table above knows every problem that a text can have")
    func everyProblem() {
        let told = Set(
            Self.problems.flatMap { [$0.strict, $0.lenient] }.map { String($0.prefix(while: { $0 != " " })) })
        let elsewhere: Set<JSONRPC.Problem.Kind> = [.notUTF8, .emptyBatch, .tooManyInBatch]
        for kind in JSONRPC.Problem.Kind.allCases where !elsewhere.contains(kind) {
            #expect(told.contains(kind.rawValue), "\(kind)")
        }
    }

    @Test("What servers of today send is understood")
    func servers() throws {
        let deribit = #"{"jsonrpc":"2.0","id":7,"testnet":true,"result":{"a":1},"usIn":1,"usOut":2,"usDiff":1}"#
        #expect(words(deribit) == ["result to 7"])
        #expect(words(#"{"id":3,"result":{},"sessionId":"S"}"#) == ["result to 3"])
        #expect(
            words(#"{"method":"Page.loadEventFired","params":{"timestamp":1.5}}"#) == [
                "notification Page.loadEventFired with params"
            ])
        #expect(words(#"{"error":{"code":-32700,"message":"JSON: syntax error"}}"#) == ["failure -32700 to nobody"])
        #expect(
            words(#"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"parse error"}}"#) == [
                "failure -32700 to nobody"
            ])
    }

    @Test("Whole numbers in any form are ids, to 64 bits")
    func ids() {
        for (id, words) in [
            ("1.0", "1"), ("1e2", "100"), ("-9223372036854775808", "-9223372036854775808"),
            ("9223372036854775807", "9223372036854775807"), (#""9""#, #""9""#), (#""""#, #""""#),
        ] {
            #expect(
                NovaSocketTests.words(#"{"jsonrpc":"2.0","method":"m","id":\#(id)}"#, .strict) == ["request m \(words)"]
            )
        }
    }

    @Test("Bytes that are not UTF-8 are told as that, wherever they are; other encodings are no JSON")
    func encodings() {
        let text = Array(#"{"method":"m","params":[""]}"#.utf8)
        for wrong: [UInt8] in [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xE2, 0x82]] {
            #expect(words(JSONRPC.read(text.dropLast(3) + wrong + text.suffix(3))) == ["notUTF8"])
        }
        #expect(words(JSONRPC.read(#"{"method":"m"}"#.utf16.flatMap { [UInt8($0), 0] })) == ["notJSON"])
        #expect(words(JSONRPC.read(#"{"method":"m"}"#.utf16.flatMap { [0, UInt8($0)] })) == ["notJSON"])
        #expect(words(JSONRPC.read(#"{"method":"m"}"#.utf16.flatMap { [0, 0, 0, UInt8($0)] })) == ["notJSON"])
    }

    @Test("A message of a socket is read as its bytes are; a binary one need not be UTF-8, and is then told so")
    func messages() {
        func message(_ kind: MessageKind, _ bytes: [UInt8]) -> Message {
            Message(kind: kind, view: ByteView(copying: bytes), attempt: AttemptID(1))
        }
        let reader = JSONRPC.Reader()
        let text = Array(#"{"method":"m"}"#.utf8)
        #expect(words(reader.read(message(.text, text))) == ["notification m"])
        #expect(words(reader.read(message(.binary, text))) == ["notification m"])
        #expect(words(reader.read(message(.binary, Array(#"{"method":""#.utf8) + [0xFF]))) == ["notUTF8"])
        #expect(words(reader.read(message(.text, []))) == ["notJSON"])
    }

    @Test("Each option of a dialect allows what it is called after, and nothing else")
    func options() {
        let options: [(WritableKeyPath<JSONRPC.Dialect, Bool>, text: String)] = [
            (\.allowsMissingVersion, #"{"method":"m"}"#),
            (\.allowsUnknownMembers, #"{"jsonrpc":"2.0","method":"m","x":1}"#),
            (\.allowsNullBeside, #"{"jsonrpc":"2.0","result":1,"error":null,"id":1}"#),
            (\.allowsMissingID, #"{"jsonrpc":"2.0","error":{"code":1,"message":""}}"#),
            (\.allowsNullID, #"{"jsonrpc":"2.0","method":"m","id":null}"#),
            (\.allowsNullParams, #"{"jsonrpc":"2.0","method":"m","params":null}"#),
        ]
        func isValid(_ text: String, _ dialect: JSONRPC.Dialect) -> Bool {
            if case .invalid = JSONRPC.read(Array(text.utf8), dialect: dialect).first { false } else { true }
        }
        for (option, _) in options {
            var dialect = JSONRPC.Dialect.strict
            dialect[keyPath: option] = true
            for (other, text) in options { #expect(isValid(text, dialect) == (option == other), "\(text)") }
        }
    }

    @Test("Of members with the same name the first counts, for the envelope as for what is in it")
    func duplicates() throws {
        let text = #"{"id":1,"id":2,"result":{"a":1,"a":2},"result":3}"#
        #expect(words(text) == ["result to 1"])
        guard case .response(let response) = JSONRPC.read(Array(text.utf8)).first else { throw Unexpected() }
        #expect(try response.result(as: JSONValue.self) == ["a": 1])
        #expect(try response.result(as: [String: Int].self) == ["a": 1])
    }

    @Test("Deep nesting is no JSON, and no crash: at most 512 levels are read")
    func depth() {
        func message(_ depth: Int, closed: Bool = true) -> String {
            let end = closed ? String(repeating: "]", count: depth) + "}" : ""
            return #"{"method":"m","params":"# + String(repeating: "[", count: depth) + end
        }
        #expect(words(message(511)) == ["notification m with params"])
        for depth in [512, 10_000, 1_000_000] {
            #expect(words(message(depth)) == ["notJSON"])
            #expect(words(message(depth, closed: false)) == ["notJSON"])
        }
        // Foundation's own scanner traps where the 513th array is the last byte.
        for depth in 509..<516 {
            for (open, last) in [("[", "["), ("[", "{"), (#"{"a":"#, "["), (#"{"a":"#, "{")] {
                #expect(words(String(repeating: open, count: depth) + last) == ["notJSON"])
                #expect(words(#"[1,{"method":"m"},"# + String(repeating: open, count: depth) + last) == ["notJSON"])
                #expect(throws: JSONError.self) { try JSONValue(json: String(repeating: open, count: depth) + last) }
            }
        }
        #expect(words(String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000)) == ["notJSON"])
        #expect(words(String(repeating: #"{"a":"#, count: 10_000)) == ["notJSON"])
    }

    struct Unexpected: Error {}
}

@Suite("JSON-RPC: batches")
struct JSONRPCBatchTests {
    @Test("What is wrong in a batch loses nothing of what is right, and the order is kept")
    func mixed() throws {
        let text = #"""
             [ {"id":1,"result":"]},{["} , 5,{"id":2,"result":"\\\"," , "error":{"code":1,"message":""}},null,
            {"method":"m","params":{"a":[1,{"b":"\"]"}]}},[{"id":3,"result":1}],{"id":true,"result":1},"x,y",
            {"id":"\u0022","result":[ ]},{},{"method":"last"} ]
            """#
        #expect(
            words(text) == [
                "result to 1", "notAnObject at 1", "resultAndError of 2 at 2", "notAnObject at 3",
                "notification m with params", "notAnObject at 5", "wrongID at 6", "notAnObject at 7",
                #"result to """"#, "neitherMethodNorOutcome at 9", "notification last",
            ])
        let read = JSONRPC.read(Array(text.utf8))
        guard case .response(let first) = read[0], case .notification(let fifth) = read[4] else {
            throw JSONRPCReadingTests.Unexpected()
        }
        #expect(try first.result(as: String.self) == "]},{[")
        #expect(try fifth.params(as: JSONValue.self) == ["a": [1, ["b": "\"]"]]])
        #expect(JSONRPC.read(first.bytes).map(\.description) == [first.description])
        #expect(JSONRPC.read(fifth.bytes).map(\.description) == [fifth.description])
    }

    @Test("The limit of a batch is one problem, whatever is in it")
    func limit() {
        var dialect = JSONRPC.Dialect.lenient
        dialect.maximumBatchCount = 3
        #expect(words("[1,1,1]", dialect).count == 3)
        #expect(words("[1,1,1,1]", dialect) == ["tooManyInBatch"])
        #expect(words("[" + String(repeating: "1,", count: 10_000) + "1]") == ["tooManyInBatch"])
    }

    @Test("Blanks and a last comma make no element")
    func blanks() {
        #expect(words(" [ \n ] ") == ["emptyBatch"])
        #expect(words("\u{FEFF}[1]") == ["notAnObject at 0"])
        #expect(words(#"[{"method":"m"},]"#) == ["notification m"])
        for wrong in ["[,]", "[1,,1]", "[1", "[1]]", "[}", #"["]"#, "[1] [1]"] { #expect(words(wrong) == ["notJSON"]) }
    }

    @Test("Batches of anything: each element comes out as it went in", arguments: UInt64(0)..<100)
    func anything(_ seed: UInt64) throws {
        var random = Seeded(state: seed)
        let values = (0..<random.below(12) + 1).map { _ in JSONValue.random(&random, depth: 4) }
        let blanks = ["", " ", "\n", "\t \r"]
        var text = "["
        for (index, value) in values.enumerated() {
            let before = blanks[random.below(4)]
            let params = #"{"method":"m","params":[\#(before)\#(value)]}"#
            text += (index == 0 ? "" : ",") + before + params + blanks[random.below(4)]
        }
        let read = JSONRPC.read(Array((text + "]").utf8))
        #expect(read.count == values.count)
        for (value, incoming) in zip(values, read) {
            guard case .notification(let notification) = incoming else { throw JSONRPCReadingTests.Unexpected() }
            #expect(try notification.params(as: [JSONValue].self) == [value])
        }
    }
}

@Suite("JSON-RPC: bytes at random")
struct JSONRPCNoiseTests {
    @Test("Whatever comes, something is said of it, and nothing traps", arguments: UInt64(0)..<200)
    func noise(_ seed: UInt64) {
        var random = Seeded(state: seed &+ 1_000_000)
        var bytes = Array(JSONRPCReadingTests.examples[random.below(JSONRPCReadingTests.examples.count)].text.utf8)
        for _ in 0..<random.below(4) + 1 {
            let at = random.below(bytes.count)
            switch random.below(4) {
            case 0: bytes[at] = UInt8(truncatingIfNeeded: random.next())
            case 1: bytes.remove(at: at)
            case 2: bytes.insert(Array(#"[]{},:"\0e-"#.utf8)[random.below(11)], at: at)
            default: bytes.removeSubrange(at...)
            }
            if bytes.isEmpty { bytes = [0] }
        }
        for dialect in [JSONRPC.Dialect.strict, .lenient] {
            let read = JSONRPC.read(bytes, dialect: dialect, peeking: ["params.name", "params"])
            #expect(!read.isEmpty)
            for incoming in read {
                switch incoming {
                case .response(let response): _ = try? response.result(as: JSONValue.self)
                case .notification(let notification): _ = try? notification.params(as: JSONValue.self)
                case .request(let request): _ = try? request.params(as: JSONValue.self)
                case .invalid(let problem): #expect(!problem.description.isEmpty)
                }
            }
        }
    }
}
