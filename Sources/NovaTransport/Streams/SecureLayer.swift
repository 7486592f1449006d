/// Memory that all streams of a loop use for ciphertext, one after the other.
package final class Scratch {
    let incoming = UnsafeMutableRawBufferPointer.allocate(byteCount: 128 << 10, alignment: 16)
    let outgoing = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)

    deinit {
        incoming.deallocate()
        outgoing.deallocate()
    }
}

/// TLS between a stream and its socket: the engine, and the ciphertext that the system has not taken.
final class SecureLayer {
    let engine: TLSEngine
    private let scratch: Scratch
    /// Ciphertext that waits for room.
    private var held: [UInt8] = []
    private var heldOffset = 0
    private(set) var isSecured = false

    init(_ engine: consuming TLSEngine, _ scratch: Scratch) {
        self.engine = engine
        self.scratch = scratch
    }

    /// Where ciphertext is received.
    var receiveSpace: UnsafeMutableRawBufferPointer { scratch.incoming }

    func handshake() -> TLSEngine.Handshake {
        let result = engine.handshake()
        if case .done = result { isSecured = true }
        return result
    }

    /// Encrypts as much as the scratch memory has room for.
    func encrypt(_ plaintext: UnsafeRawBufferPointer) -> Int {
        let room = scratch.outgoing.count / TLSEngine.maximumRecordCiphertext - 1
        let limit = min(plaintext.count, room * TLSEngine.maximumRecord)
        var taken = 0
        while taken < limit {
            let count = engine.write(UnsafeRawBufferPointer(rebasing: plaintext[taken..<limit]))
            guard count > 0 else { break }
            taken += count
        }
        return taken
    }

    /// Sends what the engine has to say, or what was held of it; false if `send` does not take all of it. The rest is
    /// held.
    func flush(_ send: (UnsafeRawBufferPointer) -> Int) -> Bool {
        if !held.isEmpty {
            heldOffset += held.withUnsafeBytes { send(UnsafeRawBufferPointer(rebasing: $0[heldOffset...])) }
            guard heldOffset == held.count else { return false }
            (held, heldOffset) = ([], 0)
        }
        while engine.pendingCiphertext > 0 {
            let ciphertext = scratch.outgoing[..<engine.drain(into: scratch.outgoing)]
            let count = send(UnsafeRawBufferPointer(rebasing: ciphertext))
            guard count == ciphertext.count else {
                held = Array(ciphertext[count...])
                return false
            }
        }
        return true
    }
}
