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
///
/// Plaintext counts as written when its ciphertext has left, not when it is encrypted: what the system refuses is held
/// here, and the plaintext it was made from is owed. The caller presents it again, as it does with all that was not taken.
final class SecureLayer {
    /// What became of a write.
    enum Write {
        /// All of it has left.
        case done
        /// So many bytes have; the system has no more room.
        case blocked(Int)
        /// So many bytes have; ciphertext must come before any others.
        case needsInput(Int)
        case failed(TLSFailure)
    }

    typealias Send = (UnsafeRawBufferPointer) -> Int

    let engine: TLSEngine
    private let scratch: Scratch
    /// Ciphertext that waits for room.
    private var held: [UInt8] = []
    private var heldOffset = 0
    /// Plaintext whose ciphertext is held.
    private var owed = 0
    /// Plaintext whose ciphertext has left since the last write, so that the next can tell it.
    private var due = 0
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
    /// each, as it never gives memory back that it has once needed. What is owed stands at the beginning of `plaintext`.
    func write(_ plaintext: UnsafeRawBufferPointer, _ send: Send) -> Write {
        var encrypted = min(owed + due, plaintext.count)
        while true {
            guard flush(send) else { return .blocked(takeDue()) }
            guard encrypted < plaintext.count else { break }
            var filled = 0
            while encrypted < plaintext.count, scratch.outgoing.count - filled > TLSEngine.maximumRecordCiphertext {
                switch engine.write(UnsafeRawBufferPointer(rebasing: plaintext[encrypted...])) {
                case .bytes(let count): (encrypted, owed) = (encrypted + count, owed + count)
                case .needsInput: return sendScratch(filled, send) ? .needsInput(takeDue()) : .blocked(takeDue())
                case .failed(let failure):
                    _ = sendScratch(filled, send)
                    return .failed(failure)
                }
                filled += engine.drain(into: UnsafeMutableRawBufferPointer(rebasing: scratch.outgoing[filled...]))
            }
            guard sendScratch(filled, send) else { return .blocked(takeDue()) }
        }
        due = 0
        return .done
    }

    private func takeDue() -> Int {
        defer { due = 0 }
        return due
    }

    /// Sends what the engine has to say, behind what was held of it; false if `send` does not take all of it. The rest
    /// is held.
    func flush(_ send: Send) -> Bool {
        if !held.isEmpty {
            let left = held.count - heldOffset
            let sent = held.withUnsafeBytes { send(UnsafeRawBufferPointer(rebasing: $0[heldOffset...])) }
            noteSent(sent, of: left)
            heldOffset += sent
            guard sent == left else { return false }
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
        noteSent(sent, of: count)
        guard sent < count else { return true }
        held = Array(scratch.outgoing[sent..<count])
        return false
    }

    /// Of the plaintext that is owed, the same share has left as of its ciphertext; the last byte of the one with the
    /// last of the other.
    private func noteSent(_ sent: Int, of count: Int) {
        let share = sent == count ? owed : owed * sent / count
        (owed, due) = (owed - share, due + share)
    }
}
