/// Turns received bytes into messages and control frames, however they are cut (RFC 6455 §5), and nothing into
/// anything else.
///
/// A message that lies whole in the received bytes is handed out as a view of them. Anything else is put together in
/// memory of its own, after its size was held against the limits. The first violation or close frame ends the
/// reading: what follows is swallowed (§7.1.7, §5.5.1).
///
/// What the bytes say comes as plain data; the bytes themselves wait in the decoder for ``takePayload()``, so that
/// their owner is counted once (measured: an owner in the output costs as much as the reading).
public struct MessageDecoder: ~Copyable {
    /// What the bytes say.
    public enum Output: Sendable {
        /// Nothing more; all bytes are read.
        case needMore
        /// A whole message; the payload waits.
        case message(MessageKind, count: Int)
        /// A frame that does not complete its message, with so many bytes.
        case fragment(MessageKind, count: Int)
        /// A ping; its application data waits.
        case ping(count: Int)
        /// A pong; its application data waits.
        case pong(count: Int)
        /// A close frame; no code if its body is empty. Its reason waits.
        case close(CloseCode?)
        /// What came breaks the protocol. Nothing follows.
        case violation(ProtocolViolation)
    }

    /// What is being read.
    private enum Mode {
        case header
        case payload(Payload)
        case control(Control)
        case over
    }

    /// A data frame whose payload has not come whole.
    private struct Payload {
        var header: FrameHeader
        var key: UInt32
        var taken = 0
    }

    /// A control frame whose payload has not come whole.
    private struct Control {
        var opcode: Opcode
        var key: UInt32
        var slab: Slab
        var taken = 0
    }

    private let parser: FrameHeaderParser
    private let limits: WireLimits
    private var mode = Mode.header
    private var message: Assembly?
    private var payload: ByteView?
    /// The bytes of a header that has not come whole.
    private var carry: (UInt64, UInt64) = (0, 0)
    private var carried = 0

    /// A decoder of what is sent to `role`.
    public init(role: WireRole, limits: WireLimits) {
        parser = FrameHeaderParser(role: role)
        self.limits = limits
    }

    /// A decoder that swallows everything, as one does after its end.
    public static func atEnd(role: WireRole) -> MessageDecoder {
        var decoder = MessageDecoder(role: role, limits: .none)
        decoder.mode = .over
        return decoder
    }

    /// The next thing the bytes say; to be called until it is ``Output/needMore``.
    public mutating func next(_ input: inout DecoderInput) -> Output {
        switch mode {
        case .header where carried == 0:
            switch parser.parse(input.next, count: input.count) {
            case .header(let header, let encodedCount, let key):
                input.offset += encodedCount
                return begin(header, key, &input)
            case .incomplete:
                stash(&input)
                return .needMore
            case .violation(let violation): return fail(violation)
            }
        case .header: return resumeHeader(&input)
        case .payload(let payload): return resume(payload, &input)
        case .control(let control): return resume(control, &input)
        case .over:
            input.offset = input.end
            return .needMore
        }
    }

    /// The bytes of what was said last, which whoever takes them will still find.
    public var heldPayload: ByteView { payload ?? ByteView() }

    /// The bytes of what was said last; none if they were taken, or there are none.
    public mutating func takePayload() -> ByteView { payload.take() ?? ByteView() }

    /// Lets go of bytes that nobody has taken, and of the memory they lie in.
    public mutating func dropPayload() {
        if payload != nil { payload = nil }
    }

    private mutating func fail(_ violation: ProtocolViolation) -> Output {
        mode = .over
        message = nil
        payload = nil
        return .violation(violation)
    }
}

// MARK: - Headers

extension MessageDecoder {
    private mutating func stash(_ input: inout DecoderInput) {
        let part = input.take(input.count)
        withUnsafeMutableBytes(of: &carry) { $0.copyMemory(from: UnsafeRawBufferPointer(part)) }
        carried = part.count
    }

    /// Adds byte after byte to what was carried, until the header is whole or can't be one.
    private mutating func resumeHeader(_ input: inout DecoderInput) -> Output {
        while let byte = input.take(1).first {
            withUnsafeMutableBytes(of: &carry) { $0[carried] = byte }
            carried += 1
            let parsed = withUnsafeBytes(of: &carry) { carry in
                carry.baseAddress.map { parser.parse($0, count: carried) } ?? .incomplete
            }
            switch parsed {
            case .incomplete: continue
            case .violation(let violation): return fail(violation)
            case .header(let header, _, let key):
                carried = 0
                return begin(header, key, &input)
            }
        }
        return .needMore
    }

    @inline(__always)
    private mutating func begin(_ header: FrameHeader, _ key: UInt32, _ input: inout DecoderInput) -> Output {
        if header.opcode.isControl { return beginControl(header, key, &input) }
        if let violation = fault(header) { return fail(violation) }
        guard header.isFinal, message == nil, header.payloadCount <= input.count else {
            return beginPart(header, key, &input)
        }
        let bytes = whole(header.payloadCount, header.isMasked ? key : 0, &input)
        if case .binary = header.opcode { return .message(.binary, count: bytes.count) }
        return UTF8Validator.isValid(bytes) ? .message(.text, count: bytes.count) : fail(.invalidUTF8)
    }

    /// The next `count` bytes where they are, unmasked: the payload.
    @inline(__always)
    private mutating func whole(_ count: Int, _ key: UInt32, _ input: inout DecoderInput) -> UnsafeRawBufferPointer {
        payload = ByteView(input.slab, input.offset, count)
        let bytes = input.take(count)
        if key != 0 { Masking.apply(to: bytes, key: key, phase: 0) }
        return UnsafeRawBufferPointer(bytes)
    }

    /// What forbids a data frame here: its place (§5.4), or a limit (§10.4), before any memory is spent on it.
    @inline(__always)
    private func fault(_ header: FrameHeader) -> ProtocolViolation? {
        if header.payloadCount > limits.maximumFrameBytes { return .frameTooBig }
        guard let message else {
            if header.opcode == .continuation { return .unexpectedContinuation }
            return header.payloadCount > limits.maximumMessageBytes ? .messageTooBig : nil
        }
        if header.opcode != .continuation { return .interruptedMessage }
        if header.payloadCount > limits.maximumMessageBytes - message.count { return .messageTooBig }
        return message.fragments >= limits.maximumFragments ? .tooManyFragments : nil
    }
}

// MARK: - Messages in parts

extension MessageDecoder {
    private mutating func beginPart(_ header: FrameHeader, _ key: UInt32, _ input: inout DecoderInput) -> Output {
        if message == nil {
            guard limits.maximumFragments > 0 else { return fail(.tooManyFragments) }
            message = Assembly(header.opcode == .text ? .text : .binary, payloadCount: header.payloadCount)
        } else {
            message?.fragments += 1
        }
        return resume(Payload(header: header, key: key), &input)
    }

    private mutating func resume(_ payload: Payload, _ input: inout DecoderInput) -> Output {
        var payload = payload
        let rest = payload.header.payloadCount - payload.taken
        let part = input.take(rest)
        if payload.header.isMasked { Masking.apply(to: part, key: payload.key, phase: payload.taken) }
        let isText = message?.append(UnsafeRawBufferPointer(part), rest: rest, isLast: payload.header.isFinal) ?? false
        guard isText else { return fail(.invalidUTF8) }
        payload.taken += part.count
        guard part.count == rest else {
            mode = .payload(payload)
            return .needMore
        }
        mode = .header
        return end(payload.header)
    }

    /// A data frame is complete; so is the message, if it was the last.
    private mutating func end(_ header: FrameHeader) -> Output {
        guard let kind = message?.kind else { return .needMore }
        guard header.isFinal else { return .fragment(kind, count: header.payloadCount) }
        payload = message?.message
        message = nil
        guard let count = payload?.count else { return fail(.invalidUTF8) }
        return .message(kind, count: count)
    }
}

// MARK: - Control frames

extension MessageDecoder {
    private mutating func beginControl(_ header: FrameHeader, _ key: UInt32, _ input: inout DecoderInput) -> Output {
        guard header.payloadCount > input.count else {
            return deliver(header.opcode, whole(header.payloadCount, header.isMasked ? key : 0, &input))
        }
        return resume(Control(opcode: header.opcode, key: key, slab: Slab(capacity: header.payloadCount)), &input)
    }

    private mutating func resume(_ control: Control, _ input: inout DecoderInput) -> Output {
        var control = control
        let part = input.take(control.slab.capacity - control.taken)
        if let source = part.baseAddress {
            Masking.copy(
                from: source, to: control.slab.base + control.taken, count: part.count, key: control.key,
                phase: control.taken)
        }
        control.taken += part.count
        guard control.taken == control.slab.capacity else {
            mode = .control(control)
            return .needMore
        }
        mode = .header
        payload = ByteView(control.slab, 0, control.taken)
        return deliver(control.opcode, UnsafeRawBufferPointer(start: control.slab.base, count: control.taken))
    }

    private mutating func deliver(_ opcode: Opcode, _ bytes: UnsafeRawBufferPointer) -> Output {
        switch opcode {
        case .ping: .ping(count: bytes.count)
        case .pong: .pong(count: bytes.count)
        case .close, .continuation, .text, .binary: close(bytes)
        }
    }

    /// A close frame's body: nothing, or a code that may be sent and a reason in UTF-8 (§5.5.1, §7.4).
    private mutating func close(_ body: UnsafeRawBufferPointer) -> Output {
        guard !body.isEmpty else {
            mode = .over
            return .close(nil)
        }
        guard body.count >= 2 else { return fail(.truncatedCloseStatus) }
        let code = CloseCode(rawValue: UInt16(bigEndian: body.loadUnaligned(as: UInt16.self)))
        guard code.mayAppearOnWire else { return fail(.invalidCloseCode) }
        guard UTF8Validator.isValid(UnsafeRawBufferPointer(rebasing: body[2...])) else {
            return fail(.invalidCloseReason)
        }
        payload = payload.map { ByteView($0.slab, $0.offset + 2, $0.count - 2) }
        mode = .over
        return .close(code)
    }
}
