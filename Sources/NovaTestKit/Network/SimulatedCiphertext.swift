/// The outward half of TLS, as far as it shows: bytes go record by record, what has gone into a record can't be taken back,
/// and counts as written when the whole record has left. Until then it must be offered again; whatever is offered in its
/// place, the record has it already.
struct SimulatedCiphertext {
    /// The most plaintext of a record (RFC 8446 §5.1).
    private static let largestRecord = 1 << 14

    /// What has not left of the present record.
    private var held: ArraySlice<UInt8> = []
    /// How many bytes offered are in it.
    private var owed = 0

    /// Writes bytes to a pipe, as far as there is room; returns how many of them have left.
    mutating func write(_ bytes: UnsafeRawBufferPointer, to pipe: Pipe) -> Int {
        var written = 0
        while true {
            held = held.dropFirst(held.withUnsafeBytes { pipe.write($0) })
            guard held.isEmpty else { return written }
            written = min(written + owed, bytes.count)
            let record = bytes[written...].prefix(Self.largestRecord)
            owed = record.count
            guard owed > 0 else { return written }
            held = Array(record)[...]
        }
    }
}
