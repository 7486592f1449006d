import Foundation
import NovaSocket
import Testing

/// A generator whose numbers are the same each time (SplitMix64).
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}

extension JSONValue {
    /// Any value, of every kind, with strings and numbers that are easily got wrong.
    static func random(_ random: inout Seeded, depth: Int) -> JSONValue {
        switch random.below(depth > 0 ? 8 : 6) {
        case 0: return .null
        case 1: return .bool(random.below(2) == 0)
        case 2: return .integer([Int64.min, .max, 0, -1, 1 << 53 + 1, 10].randomElement(using: &random) ?? 0)
        case 3: return .integer(Int64(bitPattern: random.next() >> UInt64(random.below(64))))
        case 4:
            let number = Double(bitPattern: random.next())
            return .number(number.isFinite ? number : 0.1)
        case 5: return .string(text(&random))
        case 6: return .array((0..<random.below(4)).map { _ in .random(&random, depth: depth - 1) })
        default:
            return .object(
                Dictionary((0..<random.below(4)).map { _ in (text(&random), .random(&random, depth: depth - 1)) }) {
                    first, _ in first
                })
        }
    }

    private static func text(_ random: inout Seeded) -> String {
        let parts = [
            "a", "\"", "\\", "/", "\u{0}", "\n", "\u{1F}", "\u{7F}", "é", "e\u{301}", "\u{2028}", "👩‍👧", "]", "}", ",",
            "\u{FEFF}",
        ]
        return (0..<random.below(6)).map { _ in parts[random.below(parts.count)] }.joined()
    }
}

@Suite("JSON-RPC: any value")
struct JSONRPCValueTests {
    @Test("What is written is read again as the same value", arguments: UInt64(0)..<300)
    func roundTrip(_ seed: UInt64) throws {
        var random = Seeded(state: seed)
        let value = JSONValue.random(&random, depth: 5)
        #expect(try JSONValue(json: value.description) == value)
        #expect(try JSONValue(encoding: value) == value)
        #expect(try value.decode(JSONValue.self) == value)
        #expect(try JSONValue(json: value.description).hashValue == value.hashValue)
    }

    @Test("Integers of 64 bits lose nothing; larger numbers are the nearest Double; beyond that there is an error")
    func numbers() throws {
        for integer in [Int64.max, .min, 9_007_199_254_740_993, -9_007_199_254_740_993] {
            #expect(try JSONValue(json: "\(integer)") == .integer(integer))
            #expect("\(JSONValue.integer(integer))" == "\(integer)")
        }
        guard case .number(let large) = try JSONValue(json: "9223372036854775808") else {
            Issue.record("It is no Double.")
            return
        }
        #expect(large == 9_223_372_036_854_775_808)
        #expect(try JSONValue(json: "18446744073709551615").double == 18_446_744_073_709_551_616)
        #expect(try JSONValue(json: "0.1").double == 0.1)
        for wrong in ["1e400", "-1e400", "01", "1.", "+1", "NaN", "0x10"] {
            #expect(throws: JSONError.self, "\(wrong)") { try JSONValue(json: wrong) }
        }
        // The bytes have all the digits for whom they count.
        let message = Array(#"{"id":1,"result":[18446744073709551615,0.12345678901234567890]}"#.utf8)
        guard case .response(let response) = JSONRPC.read(message).first else { throw JSONRPCReadingTests.Unexpected() }
        #expect(
            try response.result(as: [Decimal].self).map(\.description) == [
                "18446744073709551615", "0.1234567890123456789",
            ])
    }

    @Test("A whole number is the same in both forms, and hashes alike")
    func wholeNumbers() throws {
        guard case .integer(1) = try JSONValue(json: "1.0") else { throw JSONRPCReadingTests.Unexpected() }
        #expect(JSONValue.number(1) == 1 && JSONValue.integer(1) == .number(1) && JSONValue.number(1.5) != 1)
        #expect(Set<JSONValue>([.number(1), .integer(1), .number(1.5)]).count == 2)
        #expect(JSONValue.integer(.max) != .number(9_223_372_036_854_775_808))
        #expect(
            JSONValue.number(-0.0) == .number(0) && JSONValue.number(-0.0).hashValue == JSONValue.integer(0).hashValue)
        #expect(JSONValue.integer(1) != true && JSONValue.null != false && JSONValue.string("1") != 1)
    }

    @Test("Literals, accessors and subscripts")
    func access() {
        let value: JSONValue = ["a": [1, 2.5, "x", nil, true], "b": ["c": [:]]]
        #expect(value["a"]?[0]?.int == 1 && value["a"]?[0]?.double == 1)
        #expect(value["a"]?[1]?.double == 2.5 && value["a"]?[1]?.int == nil)
        #expect(value["a"]?[2]?.string == "x" && value["a"]?[3]?.isNull == true && value["a"]?[4]?.bool == true)
        #expect(value["a"]?[5] == nil && value["a"]?[-1] == nil && value["a"]?["a"] == nil && value[0] == nil)
        #expect(value["b"]?["c"]?.object == [:] && value["b"]?.array == nil && value["a"]?.array?.count == 5)
        #expect(JSONValue.number(3).int == 3 && JSONValue.number(1e30).int == nil && JSONValue.number(.nan).int == nil)
        #expect(value.description == #"{"a":[1,2.5,"x",null,true],"b":{"c":{}}}"#)
        #expect(["a": 1, "a": 2] as JSONValue == ["a": 1])
        #expect(("/" as JSONValue).description == #""/""#)
    }

    private func nested(_ depth: Int) -> JSONValue {
        (1..<depth).reduce([]) { value, level in level % 2 == 0 ? .array([value]) : .object(["a": value]) }
    }

    @Test("A value can be 128 deep; deeper ones are an error in every direction, not a crash")
    func depth() throws {
        let deepest = nested(128)
        #expect(try JSONValue(json: deepest.description) == deepest)
        let request = try JSONRPC.request("m", params: deepest, id: 1)
        guard case .request(let read) = JSONRPC.read(request).first else { throw JSONRPCReadingTests.Unexpected() }
        #expect(try read.params(as: JSONValue.self) == deepest)
        for depth in [129, 10_000] {
            let value = nested(depth)
            let error = #expect(throws: JSONError.self) { try JSONValue(encoding: value) }
            #expect(error?.kind == .tooDeep)
            #expect(value.description == "(The JSON value is nested deeper than 128.)")
            let refusal = #expect(throws: JSONRPC.WriteError.self) { try JSONRPC.request("m", params: value, id: 1) }
            #expect(refusal?.description == "The JSON value is nested deeper than 128.")
        }
    }

    @Test("What is deeper than a value can be is a message all the same, and can be read as another type")
    func deeper() throws {
        struct Skipped: Decodable { init(from decoder: any Decoder) {} }
        for depth in [129, 511] {
            let text = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
            let error = #expect(throws: JSONError.self) { try JSONValue(json: text) }
            #expect(error?.kind == .tooDeep)
            let read = JSONRPC.read(Array(#"{"id":1,"result":\#(text)}"#.utf8)).first
            guard case .response(let response) = read else { throw JSONRPCReadingTests.Unexpected() }
            let refusal = #expect(throws: JSONRPC.ResultError.self) { try response.result(as: JSONValue.self) }
            #expect(refusal?.description == "The JSON value is nested deeper than 128.")
            _ = try response.result(as: [Skipped].self)
        }
    }

    @Test("The deepest value is read and written on a stack of 512 KiB")
    func smallStack() throws {
        let text = nested(128).description
        let done = DispatchSemaphore(value: 0)
        let thread = Thread {
            let value = try? JSONValue(json: text)
            #expect(value?.description == text)
            done.signal()
        }
        thread.stackSize = 512 << 10
        thread.start()
        done.wait()
    }

    @Test("A number that is not finite can't be written, and the error has neither number nor name")
    func notFinite() {
        let value: JSONValue = ["secret": [.number(.infinity)]]
        let error = #expect(throws: JSONError.self) { try value.decode([String: [Double]].self) }
        #expect(error?.kind == .unwritable)
        #expect(error?.description == "The JSON value at *[0] can't be written.")
    }

    @Test("Values become types, and types values")
    func types() throws {
        struct Order: Codable, Equatable {
            var price: Double
            var side: String?
        }
        let value = try JSONValue(encoding: [Order(price: 1.5, side: "buy"), Order(price: 2, side: nil)])
        #expect(value == [["price": 1.5, "side": "buy"], ["price": 2]])
        #expect(try value[0]?.decode(Order.self) == Order(price: 1.5, side: "buy"))
        let error = #expect(throws: JSONError.self) { try value.decode(Order.self) }
        #expect(error?.kind == .wrongType && error?.path == "" && error?.expected == "object")
    }
}
