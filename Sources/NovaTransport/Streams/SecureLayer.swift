import NovaWire

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
    /// What became of a write.
    enum Write {
        /// All of it was taken.
        case done
        /// So many bytes were; the system has no more room.
        case blocked(Int)
        /// So many bytes were; ciphertext must come before any others.
        case needsInput(Int)
        case failed(TLSFailure)
    }

    typealias Send = (UnsafeRawBufferPointer) -> Int

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

    /// Encrypts and sends, as many records at a time as the scratch memory has room for. The engine is emptied after
    /// each, as it never gives memory back that it has once needed.
    func write(_ plaintext: UnsafeRawBufferPointer, _ send: Send) -> Write {
        var taken = 0
        while taken < plaintext.count {
            guard flush(send) else { return .blocked(taken) }
            var filled = 0
            while taken < plaintext.count, scratch.outgoing.count - filled > TLSEngine.maximumRecordCiphertext {
                switch engine.write(UnsafeRawBufferPointer(rebasing: plaintext[taken...])) {
                case .bytes(let count): taken += count
                case .needsInput: return sendScratch(filled, send) ? .needsInput(taken) : .blocked(taken)
                case .failed(let failure):
                    _ = sendScratch(filled, send)
                    return .failed(failure)
                }
                filled += engine.drain(into: UnsafeMutableRawBufferPointer(rebasing: scratch.outgoing[filled...]))
            }
            guard sendScratch(filled, send) else { return .blocked(taken) }
        }
        return .done
    }

    /// Sends what the engine has to say, behind what was held of it; false if `send` does not take all of it. The rest
    /// is held.
    func flush(_ send: Send) -> Bool {
        if !held.isEmpty {
            heldOffset += held.withUnsafeBytes { send(UnsafeRawBufferPointer(rebasing: $0[heldOffset...])) }
            guard heldOffset == held.count else { return false }
            (held, heldOffset) = ([], 0)
        }
        while engine.pendingCiphertext > 0 {
            guard sendScratch(engine.drain(into: scratch.outgoing), send) else { return false }
        }
        return true
    }

    private func sendScratch(_ count: Int, _ send: Send) -> Bool {
        guard count > 0 else { return true }
        let sent = send(UnsafeRawBufferPointer(rebasing: scratch.outgoing[..<count]))
        guard sent < count else { return true }
        held = Array(scratch.outgoing[sent..<count])
        return false
    }
}
