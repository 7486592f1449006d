import NovaTrace
import NovaTransport

/// Stand-ins for values that may be secret: letters that follow from the value and a key, as many as it has bytes. The key
/// is made for one recording and thrown away with it.
struct SecretValues {
    private let hash: KeyedHash

    init() { hash = KeyedHash() }

    /// What stands in for a value. Equal values have equal ones.
    func standIn(_ value: String) -> String {
        let count = value.utf8.count
        var letters: [UInt8] = []
        var round: UInt8 = 0
        while letters.count < count {
            letters += hash.digest([round] + Array(value.utf8)).map { UInt8(ascii: "a") + $0 % 26 }
            round &+= 1
        }
        return String(decoding: letters.prefix(count), as: UTF8.self)
    }

    /// The same handshake with stand-ins: the query's values and the caller's headers.
    func replace(_ opening: TraceOpening) -> TraceOpening {
        var opening = opening
        opening.url = replaceQuery(opening.url)
        opening.headers = opening.headers.map { $0.count == 2 ? [$0[0], standIn($0[1])] : $0 }
        return opening
    }

    private func replaceQuery(_ url: String) -> String {
        guard let mark = url.firstIndex(of: "?") else { return url }
        let pairs = url[url.index(after: mark)...].split(separator: "&", omittingEmptySubsequences: false).map { pair in
            guard let sign = pair.firstIndex(of: "=") else { return standIn(String(pair)) }
            return pair[...sign] + standIn(String(pair[pair.index(after: sign)...]))
        }
        return url[...mark] + pairs.joined(separator: "&")
    }
}
