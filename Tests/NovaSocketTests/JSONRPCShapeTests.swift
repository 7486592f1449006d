import Foundation
import NovaSocket
import Testing

@Suite("JSON-RPC: what is in a message")
struct JSONRPCShapeTests {
    private struct Trade: Decodable, Equatable {
        enum Side: String, Decodable { case buy, sell }

        var price: Double
        var side: Side
    }

    private struct Trades: Decodable {
        var trades: [Trade]
        var byName: [String: Trade]?
    }

    private func response(_ result: String) throws -> JSONRPC.Response {
        let read = JSONRPC.read(Array(#"{"jsonrpc":"2.0","id":1,"result":\#(result)}"#.utf8))
        guard case .response(let response) = read.first else { throw JSONRPCReadingTests.Unexpected() }
        return response
    }

    private func notification(_ text: String, peeking: [JSONRPC.Path] = []) throws -> JSONRPC.Notification {
        let read = JSONRPC.read(Array(text.utf8), peeking: peeking)
        guard case .notification(let notification) = read.first else { throw JSONRPCReadingTests.Unexpected() }
        return notification
    }

    @Test("A result is read as the type that is asked for, as often as it is asked for")
    func results() throws {
        let response = try response(#"{"trades":[{"price":1,"side":"buy"}]}"#)
        #expect(try response.result(as: Trades.self).trades == [Trade(price: 1, side: .buy)])
        #expect(try response.result(as: JSONValue.self)["trades"]?[0]?["side"] == "buy")
        #expect(try self.response("null").result(as: Int?.self) == nil)
        #expect(try self.response("null").result(as: JSONValue.self) == nil as JSONValue)
        #expect(try self.response("7").result() as Int == 7)
        #expect(try self.response("18446744073709551615").result(as: UInt64.self) == .max)
    }

    @Test("A decoder of one's own reads dates and names in another style")
    func decoders() throws {
        struct Server: Decodable, Equatable { var serverTime: Date }
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .millisecondsSince1970
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let response = try response(#"{"server_time":1500}"#)
        #expect(try response.result(with: decoder) == Server(serverTime: Date(timeIntervalSince1970: 1.5)))
    }

    /// Results that don't fit, and what is said of them.
    static let misfits: [(text: String, words: String)] = [
        (
            #"{"trades":[{"price":1,"side":"buy"},{"price":"SECRET","side":"buy"}]}"#,
            "The JSON value at result.trades[1].price is of another type, where a value of type Double is expected."
        ),
        (#"{"trades":[{"side":"buy"}],"SECRET":1}"#, "The JSON value at result.trades[0].price is missing."),
        (
            #"{"trades":[{"price":null,"side":"buy"}],"SECRET":1}"#,
            "The JSON value at result.trades[0].price is null or missing, where a value of type Double is expected."
        ),
        (
            #"{"trades":[{"price":1,"side":"SECRET"}]}"#,
            "The JSON value at result.trades[0].side can't be read: it is out of the range of its type, or not JSON, or "
                + "nested too deep."
        ),
        (
            #"{"trades":[],"byName":{"SECRET":{"price":[],"side":"buy"}}}"#,
            "The JSON value at result.byName.*.price is of another type, where a value of type Double is expected."
        ),
        (
            #"{"trades":{"SECRET":1}}"#,
            "The JSON value at result.trades is of another type, where a value of type array is expected."
        ),
        (#"["SECRET"]"#, "The JSON value at result is of another type, where a value of type object is expected."),
    ]

    @Test("What doesn't fit is told with its place and without its value", arguments: misfits)
    func misfit(_ text: String, _ words: String) throws {
        let response = try response(text)
        let error = #expect(throws: JSONRPC.ResultError.self) { try response.result(as: Trades.self) }
        #expect(error?.description == words)
        #expect(error?.failure == nil)
        #expect(!String(reflecting: error).contains("SECRET"))
    }

    @Test("Parameters are read, or told to be missing")
    func params() throws {
        let none = try notification(#"{"method":"m"}"#)
        let error = #expect(throws: JSONError.self) { try none.params(as: JSONValue.self) }
        #expect(!none.hasParams && error?.kind == .missing && error?.path == "params")
        let some = try notification(#"{"method":"m","params":[1,[2]]}"#)
        #expect(some.hasParams)
        #expect(try some.params(as: JSONValue.self) == [1, [2]])
        let wrong = #expect(throws: JSONError.self) { try some.params(as: [Int].self) }
        #expect(wrong?.path == "params[1]" && wrong?.expected == "Int")
    }

    @Test("What is at the paths to peek at is known at once, and only that")
    func peeking() throws {
        let text =
            #"{"method":"m","sessionId":"S","params":{"channel":"c","n":5,"sub":{"id":"i"},"o":{},"f":1.5,"d.t":"x"}}"#
        let dotted = JSONRPC.Path("params", "d.t")
        let notification = try notification(
            text,
            peeking: [
                "params.channel", "sessionId", "params.n", "params.sub.id", "params.o", "params.f", "params.none",
                "none.at.all", "method.deeper", dotted, "params.channel",
            ])
        #expect(notification["params.channel"] == "c" && notification["sessionId"]?.string == "S")
        #expect(notification["params.n"]?.number == 5 && notification["params.sub.id"] == "i")
        #expect(notification[dotted] == "x")
        for path: JSONRPC.Path in [
            "params.o", "params.f", "params.none", "none.at.all", "method.deeper", "params.sub", "", "params.d.t",
        ] {
            #expect(notification[path] == nil, "\(path)")
        }
        let response = JSONRPC.read(Array(#"[{"id":1,"result":{},"sessionId":"T"}]"#.utf8), peeking: ["sessionId", ""])
        guard case .response(let read) = response.first else { throw JSONRPCReadingTests.Unexpected() }
        #expect(read["sessionId"] == "T")
    }

    @Test("A failure is what the server said, and its data is never shown")
    func failures() throws {
        let text =
            #"{"id":1,"error":{"code":-32602,"message":"bad\nid\u001b[31m \u2028\u202e","data":{"k":"SECRET"},"more":1}}"#
        guard case .response(let response) = JSONRPC.read(Array(text.utf8)).first else {
            throw JSONRPCReadingTests.Unexpected()
        }
        let failure = try #require(response.failure)
        #expect(failure.code == .invalidParams && failure.kind == .invalidParams && failure.data == ["k": "SECRET"])
        #expect(failure.description == #"-32602: bad\nid\u{1B}[31m \u{2028}\u{202E}"#)
        let error = #expect(throws: JSONRPC.ResultError.self) { try response.result(as: Int.self) }
        #expect(error?.failure == failure)
        var dumped = ""
        dump(response, to: &dumped)
        dump(failure, to: &dumped)
        #expect(!(dumped + "\(response)\(String(reflecting: response))\(failure)").contains("SECRET"))
        let long = JSONRPC.Failure(1, String(repeating: "x", count: 100_000))
        #expect(long.description.count < 1100)
    }

    @Test("Data that no value holds is left out: the code and the message are worth more")
    func strangeData() throws {
        let text = #"{"id":1,"error":{"code":1,"message":"m","data":1e400}}"#
        guard case .response(let response) = JSONRPC.read(Array(text.utf8)).first else {
            throw JSONRPCReadingTests.Unexpected()
        }
        #expect(response.failure == JSONRPC.Failure(1, "m"))
    }

    @Test(
        "Codes have the meanings of the specification, to the edges of their ranges",
        arguments: [
            (-32700, JSONRPC.Failure.Kind.parseError), (-32600, .invalidRequest), (-32601, .methodNotFound),
            (-32602, .invalidParams), (-32603, .internalError), (-32099, .serverError), (-32000, .serverError),
            (-32100, .reserved), (-32768, .reserved), (-32604, .reserved), (-32769, .application),
            (-31999, .application), (0, .application), (13009, .application), (Int.min, .application),
        ])
    func kinds(_ code: Int, _ kind: JSONRPC.Failure.Kind) {
        #expect(JSONRPC.Failure(JSONRPC.Failure.Code(rawValue: code)).kind == kind)
    }

    @Test("Descriptions name what it is, and have nothing of what is in it")
    func descriptions() {
        func words(_ text: String) -> String { JSONRPC.read(Array(text.utf8)).map(\.description).joined() }
        #expect(words(#"{"id":1,"result":"SECRET"}"#) == "response to 1: a result")
        #expect(words(#"{"method":"a\nb","params":["SECRET"]}"#) == #"notification a\nb"#)
        #expect(words(#"{"method":"m","params":["SECRET"],"id":"\u0007"}"#) == #"request m with id "\u{07}""#)
        #expect(words(#"[5,{"id":3}]"#).hasPrefix("Element 0 of the batch is not an object."))
        #expect(words(#"{"id":3}"#) == "The message with id 3 has no method, no result and no error.")
    }
}
