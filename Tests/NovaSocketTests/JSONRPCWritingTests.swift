import NovaSocket
import Testing

@Suite("JSON-RPC: what goes out")
struct JSONRPCWritingTests {
    private struct Channels: Encodable { var channels: [String] }
    private struct Nothing: Encodable { func encode(to encoder: any Encoder) {} }
    private struct Refusing: Encodable { func encode(to encoder: any Encoder) throws { throw Refusal() } }
    private struct Refusal: Error {}

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test("Messages are the same bytes each time, their names in order")
    func messages() throws {
        #expect(
            text(try JSONRPC.request("public/subscribe", params: Channels(channels: ["a", "b"]), id: 7))
                == #"{"id":7,"jsonrpc":"2.0","method":"public/subscribe","params":{"channels":["a","b"]}}"#)
        #expect(
            text(try JSONRPC.request("rpc.discover", id: "a\""))
                == #"{"id":"a\"","jsonrpc":"2.0","method":"rpc.discover"}"#)
        #expect(
            text(try JSONRPC.notification("n", params: ["z": 1, "a": 2]))
                == #"{"jsonrpc":"2.0","method":"n","params":{"a":2,"z":1}}"#)
        #expect(text(try JSONRPC.notification("n")) == #"{"jsonrpc":"2.0","method":"n"}"#)
        #expect(text(try JSONRPC.response(result: [1], id: 2)) == #"{"id":2,"jsonrpc":"2.0","result":[1]}"#)
        #expect(text(try JSONRPC.response(result: Int?.none, id: 2)) == #"{"id":2,"jsonrpc":"2.0","result":null}"#)
        #expect(
            text(try JSONRPC.response(failure: JSONRPC.Failure(.methodNotFound), id: 3))
                == #"{"error":{"code":-32601,"message":"Method not found"},"id":3,"jsonrpc":"2.0"}"#)
        #expect(
            text(try JSONRPC.response(failure: JSONRPC.Failure(.parseError, "no", data: [1]), id: nil))
                == #"{"error":{"code":-32700,"data":[1],"message":"no"},"id":null,"jsonrpc":"2.0"}"#)
    }

    @Test("To Chrome there goes no version")
    func devTools() throws {
        #expect(
            text(try JSONRPC.request("Page.navigate", params: ["url": "about:blank"], id: 1, dialect: .devTools))
                == #"{"id":1,"method":"Page.navigate","params":{"url":"about:blank"}}"#)
        #expect(text(try JSONRPC.notification("n", dialect: .devTools)) == #"{"method":"n"}"#)
        #expect(text(try JSONRPC.response(result: 1, id: 1, dialect: .devTools)) == #"{"id":1,"result":1}"#)
    }

    @Test("Parameters are an object or an array, and nothing else")
    func params() throws {
        let allowed: [JSONValue] = [[], [:], [1], ["a": "}"], [[[]]], ["]"]]
        for params in allowed {
            let bytes = try JSONRPC.request("m", params: params, id: 1)
            guard case .request(let request) = JSONRPC.read(bytes, dialect: .strict).first else {
                throw JSONRPCReadingTests.Unexpected()
            }
            #expect(try request.params(as: JSONValue.self) == params)
        }
        let refused: [JSONValue] = [nil, true, 1, 1.5, "text", "}", "]", "\\}", "{}", "[]"]
        for params in refused {
            #expect(throws: JSONRPC.WriteError.paramsNotStructured) { try JSONRPC.request("m", params: params, id: 1) }
            #expect(throws: JSONRPC.WriteError.paramsNotStructured) { try JSONRPC.notification("m", params: params) }
        }
        #expect(throws: JSONRPC.WriteError.paramsNotStructured) {
            try JSONRPC.request("m", params: Int??.some(nil), id: 1)
        }
        #expect(text(try JSONRPC.request("m", params: Nothing(), id: 1)).hasSuffix(#""params":{}}"#))
        #expect(text(try JSONRPC.request("m", params: [Int]?.none, id: 1)).hasSuffix(#""method":"m"}"#))
    }

    @Test("What can't be written is told with its place and without its value")
    func unwritable() {
        struct Order: Encodable, Sendable { var price: Double }
        let error = #expect(throws: JSONRPC.WriteError.self) {
            try JSONRPC.request("m", params: [Order(price: .nan)], id: 1)
        }
        #expect(error?.description == "The JSON value at params[0].price can't be written.")
        #expect(throws: JSONRPC.WriteError.self) { try JSONRPC.request("m", params: Refusing(), id: 1) }
        #expect(throws: JSONRPC.WriteError.self) { try JSONRPC.response(result: Double.infinity, id: 1) }
    }

    @Test("A batch is its messages in their order; one of nothing, or of no messages, is an error")
    func batches() throws {
        let first = try JSONRPC.request("a", params: ["[,]"], id: 1)
        let second = try JSONRPC.notification("b")
        let batch = try JSONRPC.batch([first, second])
        #expect(text(batch) == "[\(text(first)),\(text(second))]")
        #expect(JSONRPC.read(batch, dialect: .strict).map(\.description) == ["request a with id 1", "notification b"])
        #expect(text(try JSONRPC.batch([second])) == "[\(text(second))]")
        #expect(throws: JSONRPC.WriteError.emptyBatch) { try JSONRPC.batch([]) }
        for wrong in ["", "{", "[]", "1", " "] {
            #expect(throws: JSONRPC.WriteError.notAMessage(index: 1)) {
                try JSONRPC.batch([first, Array(wrong.utf8), second])
            }
        }
    }

    @Test("Whatever is written is read as the same, to the letter of the specification", arguments: UInt64(0)..<200)
    func roundTrips(_ seed: UInt64) throws {
        var random = Seeded(state: seed &+ 500_000)
        let value = JSONValue.random(&random, depth: 4)
        let id: JSONRPC.ID = random.below(2) == 0 ? .number(Int64(bitPattern: random.next())) : .string("\(value)")
        let failure = JSONRPC.Failure(
            JSONRPC.Failure.Code(rawValue: Int(truncatingIfNeeded: random.next())), "\(value)",
            data: value.isNull ? JSONValue?.none : value)
        let batch = try JSONRPC.batch([
            JSONRPC.request("\(value)", params: [value], id: id), JSONRPC.notification("n", params: ["a": value]),
            JSONRPC.response(result: value, id: id), JSONRPC.response(failure: failure, id: id),
            JSONRPC.response(failure: failure, id: nil),
        ])
        let read = JSONRPC.read(batch, dialect: .strict)
        guard read.count == 5, case .request(let request) = read[0], case .notification(let notification) = read[1],
            case .response(let result) = read[2], case .response(let failed) = read[3],
            case .response(let lost) = read[4]
        else { throw JSONRPCReadingTests.Unexpected() }
        #expect(request.method == "\(value)" && request.id == id)
        #expect(try request.params(as: [JSONValue].self) == [value])
        #expect(try notification.params(as: [String: JSONValue].self) == ["a": value])
        #expect(try result.result(as: JSONValue.self) == value && result.id == id)
        #expect(failed.failure == failure && failed.id == id)
        #expect(lost.failure == failure && lost.id == nil)
    }
}
