import NovaWire

/// The payload of a message on its way out, in the form the caller gave it: nothing is copied before it is masked.
package enum Payload: Sendable {
    case bytes([UInt8])
    case text(String)
    case view(ByteView)

    /// Its size in bytes.
    package var count: Int {
        switch self {
        case .bytes(let bytes): bytes.count
        case .text(let text): text.utf8.count
        case .view(let view): view.count
        }
    }

    /// Lends the bytes.
    @inline(__always)
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        switch self {
        case .bytes(let bytes): return bytes.withUnsafeBytes(body)
        case .view(let view): return view.withUnsafeBytes(body)
        case .text(var text): return text.withUTF8 { body(UnsafeRawBufferPointer($0)) }
        }
    }
}

extension Payload: CustomStringConvertible, CustomReflectable {
    /// The size; never the content.
    package var description: String { "payload of \(count) bytes" }

    /// Nothing but the size.
    package var customMirror: Mirror { Mirror(self, children: ["count": count]) }
}
