/// What a server sends that it should not.
enum Garbage {
    /// Messages that nobody has asked for, and that are no answer to anything.
    static let unasked = [
        "", " ", "{", "[]", "{}", "null", "true", "0", "\"\"", "\u{0}", "\u{FEFF}{}", "ping", "<html></html>",
        #"{"jsonrpc":"2.0","id":null,"result":true}"#, #"{"id":"no such id","result":true}"#,
        #"{"id":[1],"result":{}}"#, #"{"jsonrpc":"2.0","id":1e999,"result":1}"#,
        #"{"jsonrpc":"2.0","id":99999999999999999999999999,"result":1}"#, #"{"jsonrpc":"2.0","id":-1.5,"result":1}"#,
        #"{"jsonrpc":"2.0","method":"nobody knows this","params":{}}"#,
        #"{"jsonrpc":"2.0","method":"subscription","params":{"channel":"nobody wants this","data":1}}"#,
        #"{"jsonrpc":"2.0","method":"subscription","params":{"channel":[{}]}}"#, #"{"jsonrpc":"2.0","method":5}"#,
        String(repeating: "[", count: 1000), #"{"a":"\ud800"}"#, #"{"error":{"code":"x","message":7}}"#,
    ]

    /// A message of 64 KiB.
    static let huge =
        #"{"jsonrpc":"2.0","method":"news","params":{"data":""# + String(repeating: "x", count: 64 << 10) + #""}}"#

    /// What comes instead of these answers to a message.
    static func answers(to message: String, instead honest: [String], _ random: inout SeededRandom) -> [String] {
        switch random.below(4) {
        case 0: [unasked[random.below(unasked.count)]]
        case 1: [message, String(message.dropLast())]  // its own words, whole and broken off
        case 2: honest.map { String($0.prefix(random.below($0.count + 1))) }
        default: honest.map { broken($0, &random) }
        }
    }

    /// The same with a few bytes changed.
    private static func broken(_ text: String, _ random: inout SeededRandom) -> String {
        var bytes = Array(text.utf8)
        guard !bytes.isEmpty else { return "" }
        for _ in 0...2 { bytes[random.below(bytes.count)] = UInt8(32 + random.below(95)) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
