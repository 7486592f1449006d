import NovaWire

/// Frames on their way out: encoded and masked straight into one buffer while there is room, kept as they are while
/// there is not. Control frames go ahead of messages that are not encoded yet, between frames, never inside one (RFC
/// 6455 §5.4).
struct FrameQueue: ~Copyable {
    /// Larger messages are masked and written in pieces, so that the masked bytes are still in the cache when they
    /// are copied to the system (measured: one write of 1 MiB costs half as much again as 32 pieces).
    static let largeMessage = 256 << 10
    static let pieceOfLargeMessage = 32 << 10

    /// A data frame that is not, or not wholly, encoded.
    private struct Message {
        var header: FrameHeader
        var payload: Payload
        var key: UInt32 = 0
        /// Payload bytes that are encoded; -1 before the header is.
        var encoded = -1
    }

    private var buffer: OutgoingBuffer?
    private var messages: [Message] = []
    private var first = 0
    private var control: [(header: FrameHeader, payload: [UInt8])] = []
    private var close: (code: CloseCode, header: FrameHeader, payload: [UInt8])?
    /// What the close frame says that was encoded, and so offered to the transport; nil: none was. Nothing may follow it.
    private var offeredClose: CloseCode?
    /// Bytes of frames that are not encoded, their headers included.
    private var unencodedCount = 0

    /// Bytes that wait, headers of frames not yet encoded included.
    var count: Int { encodedCount + unencodedCount }

    var isEmpty: Bool { encodedCount == 0 && nothingToEncode }

    /// Bytes that are encoded and not written.
    private var encodedCount: Int {
        switch buffer {
        case nil: 0
        case .some(let buffer): buffer.count
        }
    }

    private var nothingToEncode: Bool { first == messages.count && control.isEmpty && close == nil }

    // MARK: In

    /// Takes a data frame; it is encoded at once if nothing waits before it and there is room.
    mutating func append(_ frame: Driver.Outgoing, _ outlet: any Outlet) {
        let header = FrameHeader(
            opcode: frame.opcode, isFinal: frame.isFinal, payloadCount: frame.payload.count, isMasked: true)
        if isNext(header, outlet) {
            frame.payload.withBytes { encode(header, $0, outlet.maskKey()) }
        } else {
            messages.append(Message(header: header, payload: frame.payload))
            unencodedCount += header.wholeCount
        }
    }

    /// The same for bytes that are lent: what can't be encoded at once is copied.
    @inline(__always)
    mutating func append(_ frame: Driver.Lent, _ outlet: any Outlet) {
        let header = FrameHeader(
            opcode: frame.opcode, isFinal: frame.isFinal, payloadCount: frame.bytes.count, isMasked: true)
        if isNext(header, outlet) {
            encode(header, frame.bytes, outlet.maskKey())
        } else {
            messages.append(Message(header: header, payload: .bytes(Array(frame.bytes))))
            unencodedCount += header.wholeCount
        }
    }

    /// Whether a frame can be encoded at once.
    @inline(__always)
    private mutating func isNext(_ header: FrameHeader, _ outlet: any Outlet) -> Bool {
        nothingToEncode && header.payloadCount <= Self.largeMessage
            && room(outlet) >= header.wholeCount
    }

    /// Takes a ping or a pong.
    mutating func append(control opcode: Opcode, _ payload: [UInt8], _ outlet: any Outlet) {
        guard offeredClose == nil else { return }
        let header = FrameHeader(opcode: opcode, isFinal: true, payloadCount: payload.count, isMasked: true)
        if nothingToEncode, room(outlet) >= header.wholeCount {
            payload.withUnsafeBytes { encode(header, $0, outlet.maskKey()) }
        } else {
            control.append((header, payload))
            unencodedCount += header.wholeCount
        }
    }

    /// Puts another payload into the last pong that is not encoded; into a new one if there is none.
    mutating func replacePong(_ payload: [UInt8], _ outlet: any Outlet) {
        guard let last = control.lastIndex(where: { $0.header.opcode == .pong }) else {
            return append(control: .pong, payload, outlet)
        }
        unencodedCount -= control[last].header.wholeCount
        control[last].payload = payload
        control[last].header.payloadCount = payload.count
        unencodedCount += control[last].header.wholeCount
    }

    /// Takes the close frame, in place of one that was not offered to the transport: it goes out behind everything else.
    /// If there is one that was, it stays, and what it says is returned: TLS may have encrypted it, even if it has taken
    /// nothing of it.
    mutating func append(close code: CloseCode, _ payload: [UInt8]) -> CloseCode? {
        if let offeredClose { return offeredClose }
        unencodedCount -= close?.header.wholeCount ?? 0
        let header = FrameHeader(opcode: .close, isFinal: true, payloadCount: payload.count, isMasked: true)
        close = (code, header, payload)
        unencodedCount += header.wholeCount
        return nil
    }

    /// Drops all messages of which nothing is encoded; returns how many bytes those were. A frame that has begun must
    /// be finished, or the peer can't read on.
    mutating func dropMessages() -> Int {
        let hasBegun = first < messages.count && messages[first].encoded >= 0
        let dropped = messages[(first + (hasBegun ? 1 : 0))...]
        let count = dropped.reduce(0) { $0 + $1.header.wholeCount }
        messages.removeSubrange(dropped.indices)
        unencodedCount -= count
        return count
    }

    /// Takes bytes that are no frame: the opening handshake.
    mutating func append(raw bytes: [UInt8], _ outlet: any Outlet) {
        _ = room(outlet)
        bytes.withUnsafeBytes { buffer?.append($0) }
    }

    // MARK: Out

    /// Writes until everything is gone or the transport takes no more, and gives the buffer back when it is empty;
    /// returns how many bytes were taken.
    mutating func flush(_ outlet: any Outlet) -> Int {
        var written = 0
        while true {
            fill(outlet)
            let waiting = encodedCount
            guard waiting > 0, let bytes = buffer?.unwritten else { break }
            let taken = outlet.write(bytes)
            buffer?.advance(by: taken)
            written += taken
            if taken < waiting { break }
        }
        if encodedCount == 0, let empty = buffer.take() { outlet.giveBack(empty) }
        return written
    }

    /// Forgets everything.
    mutating func removeAll(_ outlet: any Outlet) {
        messages.removeAll()
        first = 0
        control.removeAll()
        close = nil
        offeredClose = nil
        unencodedCount = 0
        if var used = buffer.take() {
            used.clear()
            outlet.giveBack(used)
        }
    }

    /// Encodes as much as there is room for: the frame that has begun, control frames, messages, the close frame.
    private mutating func fill(_ outlet: any Outlet) {
        while !nothingToEncode {
            if first < messages.count, messages[first].encoded >= 0 {
                guard goOn(outlet) else { return }
            } else if let frame = control.first {
                guard room(outlet) >= frame.header.wholeCount else { return }
                control.removeFirst()
                unencodedCount -= frame.header.wholeCount
                frame.payload.withUnsafeBytes { encode(frame.header, $0, outlet.maskKey()) }
            } else if first < messages.count {
                guard begin(outlet) else { return }
            } else if let frame = close {
                // Only into an empty buffer: as long as it is not encoded, another may take its place.
                guard encodedCount == 0, room(outlet) >= frame.header.wholeCount else { return }
                close = nil
                offeredClose = frame.code
                unencodedCount -= frame.header.wholeCount
                frame.payload.withUnsafeBytes { encode(frame.header, $0, outlet.maskKey()) }
            }
        }
    }

    private mutating func begin(_ outlet: any Outlet) -> Bool {
        guard room(outlet) >= FrameHeader.maximumEncodedCount else { return false }
        let key = outlet.maskKey()
        messages[first].key = key
        messages[first].encoded = 0
        buffer?.append(messages[first].header, key)
        unencodedCount -= messages[first].header.encodedCount
        return true
    }

    /// Encodes more of the message that has begun; false if there is no room for all of what this piece may be.
    private mutating func goOn(_ outlet: any Outlet) -> Bool {
        let message = messages[first]
        let rest = message.payload.count - message.encoded
        var room = room(outlet)
        if message.payload.count > Self.largeMessage {
            room = min(room, Self.pieceOfLargeMessage - min(Self.pieceOfLargeMessage, encodedCount))
        }
        let piece = min(rest, room)
        message.payload.withBytes { bytes in
            buffer?.append(
                UnsafeRawBufferPointer(rebasing: bytes[message.encoded..<message.encoded + piece]), message.key,
                phase: message.encoded)
        }
        messages[first].encoded += piece
        unencodedCount -= piece
        guard piece == rest else { return false }
        messages[first].payload = .bytes([])
        first += 1
        if first == messages.count {
            messages.removeAll(keepingCapacity: messages.capacity <= 64)
            first = 0
        } else if first >= 64, first >= messages.count / 2 {  // moved once for each that is done, not more
            messages.removeFirst(first)
            first = 0
        }
        return true
    }

    @inline(__always)
    private mutating func encode(_ header: FrameHeader, _ payload: UnsafeRawBufferPointer, _ key: UInt32) {
        buffer?.append(header, key)
        buffer?.append(payload, key, phase: 0)
    }

    /// The room there is, in a buffer taken for the purpose.
    @inline(__always)
    private mutating func room(_ outlet: any Outlet) -> Int {
        if buffer == nil { buffer = outlet.takeBuffer() }
        return buffer?.room ?? 0
    }
}

extension FrameHeader {
    /// How long the whole frame is.
    fileprivate var wholeCount: Int { encodedCount + payloadCount }
}

extension OutgoingBuffer {
    @inline(__always)
    fileprivate mutating func append(_ header: FrameHeader, _ key: UInt32) {
        grow(by: header.encode(into: end, maskKey: key))
    }

    /// Copies and masks in one pass. The caller has seen to the room.
    @inline(__always)
    fileprivate mutating func append(_ bytes: UnsafeRawBufferPointer, _ key: UInt32, phase: Int) {
        guard let source = bytes.baseAddress else { return }
        Masking.copy(from: source, to: end, count: bytes.count, key: key, phase: phase)
        grow(by: bytes.count)
    }

    fileprivate mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress, bytes.count <= room else { return }
        end.copyMemory(from: source, byteCount: bytes.count)
        grow(by: bytes.count)
    }
}
