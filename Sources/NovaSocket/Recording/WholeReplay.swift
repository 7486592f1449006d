import Glibc
import NovaKernel
import NovaMachine
import NovaTrace
import NovaTransport
import NovaWire

extension Replay {
    /// Runs everything above the socket again: the driver, the machine and the wire code get what came in when the recording
    /// was made, and must take the same steps, hand over the same messages, and write the same bytes. Stops at the first
    /// difference.
    ///
    /// Throws a ``/NovaTrace/TraceError`` if the recording is not whole, or can't be run.
    public static func wholly(_ trace: Trace) throws(TraceError) -> Result {
        guard let opening = trace.header.opening else {
            throw TraceError(line: 1, reason: "the recording is not whole: it has steps, but no bytes")
        }
        do {
            let replay = try WholeReplay(trace, opening)
            return try replay.run()
        } catch let error as TraceError {
            throw error
        } catch {
            throw TraceError(line: 1, reason: "\(error)")
        }
    }
}

/// A replay of a whole recording: stands for the world, watches the driver, and compares.
final class WholeReplay {
    private let trace: Trace
    private var driver: Driver?
    private var nextStep = 0
    private var nextEntry = 0
    private var difference: Replay.Difference?
    /// Whether the connection is closed: then nothing is recorded any more.
    private var isOver = false
    private var putOffWork: [@Sendable () -> Void] = []

    init(_ trace: Trace, _ opening: TraceOpening) throws {
        self.trace = trace
        var options = WebSocketOptions()
        options.policy = try trace.header.makeKernel().policy
        options.origin = opening.origin
        options.subprotocols = opening.subprotocols
        for header in opening.headers where header.count == 2 { options.addHeader(header[0], header[1]) }
        options.maximumRefusalBody = opening.maximumRefusalBody
        let driver = try Driver(
            endpoint: try Endpoint(opening.url), options: options, seed: UInt64(trace.header.seed) ?? 0,
            port: ReplayPort(self), after: AttemptID(trace.header.previousAttempt ?? 0))
        guard driver.kernel.lifecycle.route.rawValue == trace.header.route else {
            throw TraceError(line: 1, reason: "the route \(trace.header.route) is not that of the URL")
        }
        driver.witnesses = [self]
        driver.inputs = self
        driver.desk = self
        self.driver = driver
    }

    func run() throws -> Replay.Result {
        guard let driver else { throw TraceError(line: 1, reason: "there is nothing to run") }
        defer { letGo(of: driver) }
        while difference == nil, let next {
            switch next {
            case .entry(let entry) where entry.isStimulus && !isOver:
                nextEntry += 1
                try feed(entry, to: driver)
            case .entry(let entry): differ("what follows", entry.description, "nothing")
            case .step(let step): differ("what follows", step.rule, "nothing")
            }
        }
        return Replay.Result(agreed: nextStep, difference: difference, kernel: driver.kernel)
    }

    /// The two hold each other while it runs, and no longer.
    private func letGo(of driver: Driver) {
        driver.witnesses = []
        driver.inputs = nil
        driver.desk = nil
        self.driver = nil
    }

    private func feed(_ entry: TraceEntry, to driver: Driver) throws {
        switch entry {
        case .command(let operation, let words, let payload):
            let command = try Command(text: words)
            _ = driver.begin(operation, command, Driver.Outgoing(for: command, payload))
        case .event(let words): driver.handle(try Event(text: words))
        case .received(let attempt, let bytes):
            var input = DecoderInput(copying: bytes)
            driver.received(attempt, &input)
        case .writable: driver.writable()
        case .turnEnded: driver.turnEnded()
        case .job where putOffWork.isEmpty: differ("what follows", entry.description, "nothing")
        case .job: putOffWork.removeFirst()()
        case .maskKey, .handshakeKey, .wrote, .delivered: break
        }
        driver.mailbox.forget()
    }

    /// What a message was found to be was told before the next one was looked at, in the same read: so it is told now.
    /// Other events never come there.
    func sort(_ message: Message) {
        while difference == nil, !isOver, let driver, case .entry(.event(let words)) = next,
            let event = try? Event(text: words), event.isOfSorting
        {
            nextEntry += 1
            driver.handle(event)
        }
    }

    // MARK: What should come next

    private enum Next {
        case entry(TraceEntry)
        case step(TraceStep)
    }

    private var next: Next? {
        if nextEntry < trace.entries.count, trace.entries[nextEntry].after <= nextStep {
            return .entry(trace.entries[nextEntry].entry)
        }
        return nextStep < trace.steps.count ? .step(trace.steps[nextStep]) : nil
    }

    /// Whether the recording breaks off here: what else the replay does is beyond it.
    private var isBeyondEnd: Bool { next == nil && !trace.isComplete }

    private func differ(_ part: String, _ recorded: String, _ replayed: String) {
        guard difference == nil else { return }
        let last = trace.steps[max(0, min(nextStep, trace.steps.count) - 1)..<min(nextStep, trace.steps.count)].first
        difference = Replay.Difference(
            step: last?.n ?? 0, event: last.map { "after \($0.rule)" } ?? "at the beginning", part: part,
            recorded: recorded, replayed: replayed)
    }

    /// Takes the next entry if it is of this kind; notes a difference if not.
    private func take<Value>(_ part: String, _ replayed: String, _ read: (TraceEntry) -> Value?) -> Value? {
        guard difference == nil, !isBeyondEnd else { return nil }
        switch next {
        case .entry(let entry):
            if let value = read(entry) {
                nextEntry += 1
                return value
            }
            differ(part, entry.description, replayed)
        case .step(let step): differ(part, "step \(step.n): \(step.rule)", replayed)
        case nil: differ(part, "the end", replayed)
        }
        return nil
    }

    // MARK: The world

    /// The time of the next step.
    var now: Instant {
        let step = trace.steps.indices.contains(nextStep) ? trace.steps[nextStep] : trace.steps.last
        return Instant(nanoseconds: step?.t ?? 0)
    }

    func putOff(_ work: @escaping @Sendable () -> Void) { putOffWork.append(work) }

    func write(_ bytes: UnsafeRawBufferPointer) -> Int {
        typealias Written = (attempt: AttemptID, taken: [UInt8], offered: Int)
        let written = take("bytes written", "\(bytes.count) bytes are offered") { entry -> Written? in
            if case .wrote(let attempt, let taken, let offered) = entry { (attempt, taken, offered) } else { nil }
        }
        guard let (attempt, taken, offered) = written else { return bytes.count }
        if let present = driver?.kernel.attempt, attempt != present {
            differ("bytes written", "attempt \(attempt.number)", "attempt \(present.number)")
        } else if offered != bytes.count {
            differ("bytes written", "\(offered) bytes are offered", "\(bytes.count) bytes are offered")
        } else if !taken.withUnsafeBytes({ $0.isSame(as: bytes) }),
            let index = taken.indices.first(where: { taken[$0] != bytes[$0] })
        {
            differ("bytes written", "byte \(index) is \(taken[index])", "byte \(index) is \(bytes[index])")
        }
        return min(taken.count, bytes.count)
    }

    func nextMaskKey() -> UInt32 {
        take("key", "a frame's key is wanted") { if case .maskKey(let key) = $0 { key } else { nil } } ?? 0
    }

    func nextHandshakeKey() -> HandshakeKey {
        let key = take("key", "the key of an opening handshake is wanted") {
            if case .handshakeKey(let key) = $0 { key } else { nil }
        }
        return HandshakeKey(key: key ?? "")
    }
}

// MARK: - What the driver does

extension WholeReplay: StepWitness, InputWitness, SessionDesk {
    func stepTaken(_ step: WitnessedStep, _ effects: Effects<Effect>, after kernel: borrowing Kernel) {
        guard difference == nil, !isBeyondEnd else { return }
        guard case .step(let recorded) = next else {
            if case .entry(let entry) = next { return differ("what follows", entry.description, step.rule.rawValue) }
            return differ("what follows", "the end", step.rule.rawValue)
        }
        let replayed = TraceStep(
            step.occurrence, number: recorded.n, origin: .zero, before: step.before.stateText, step.rule, effects,
            after: kernel)
        difference = Replay.difference(recorded, replayed)
        if difference == nil { nextStep += 1 }
    }

    func messageDelivered(_ kind: MessageKind, _ message: ByteView) {
        let digest = message.withUnsafeBytes { TraceEntry.digest($0) }
        let recorded = take("delivery", "a message of \(message.count) bytes") { entry -> (Int, UInt64)? in
            if case .delivered(let count, let digest) = entry { (count, digest) } else { nil }
        }
        guard let recorded, recorded != (message.count, digest) else { return }
        differ(
            "delivery", "\(recorded.0) bytes with the digest \(String(recorded.1, radix: 16))",
            "\(message.count) bytes with the digest \(String(digest, radix: 16))")
    }

    func stepsEnded() { isOver = true }
    func commandCame(_ operation: OperationID, _ command: Command, _ payload: UnsafeRawBufferPointer) {}
    func eventCame(_ event: Event) {}
    func bytesCame(_ attempt: AttemptID, _ bytes: UnsafeRawBufferPointer) {}
    func becameWritable() {}
    func turnEnded() {}
    func jobBegan() {}
    func handshakeKeyTaken(_ key: String) {}

    // What handlers did came in as events, and what they sent as commands.
    func authenticate(_ attempt: AttemptID, exchange: UInt32) {}
    func subscribe(_ attempt: AttemptID, _ id: SubscriptionID) {}
    func unsubscribe(_ attempt: AttemptID, _ id: SubscriptionID) {}
    var wantsControlFrames: Bool { false }
    func controlFrameCame(_ frame: ControlFrame, _ attempt: AttemptID) {}
    func stateChanged(_ change: StateChange) {}
    func askDelay(_ attempt: AttemptID, failures: UInt32, _ termination: Termination) {}
    func tell(_ id: SubscriptionID, _ news: SubscriptionNews) {}
    func end() {}
}

extension Event {
    /// Whether it is what is told while a message is passed on.
    fileprivate var isOfSorting: Bool {
        switch self {
        case .answered, .subscription, .consumed: true
        case .command, .abandoned, .consumerLeft, .fact, .heard, .wrote, .dropped, .authentication, .fired,
            .tokensGranted:
            false
        }
    }
}

extension Driver.Outgoing {
    /// What a command sends; nil if it is not one that does.
    init?(for command: Command, _ payload: [UInt8]) {
        switch command {
        case .send(let part, let kind, _): self.init(part, kind, .bytes(payload))
        case .post(_, let kind, _): self.init(.whole, kind, .bytes(payload))
        case .close, .fail: self.init(opcode: .close, isFinal: true, payload: .bytes(payload))
        case .connect, .subscribe, .unsubscribe, .authenticate, .flush, .drain, .ping: return nil
        }
    }

    /// A message, or a part of one (RFC 6455 §5.4).
    init(_ part: Outbound.Part, _ kind: MessageKind, _ payload: Payload) {
        switch part {
        case .whole, .posted: self.init(opcode: kind.opcode, isFinal: true, payload: payload)
        case .first: self.init(opcode: kind.opcode, isFinal: false, payload: payload)
        case .next: self.init(opcode: .continuation, isFinal: false, payload: payload)
        case .last: self.init(opcode: .continuation, isFinal: true, payload: payload)
        }
    }
}

extension UnsafeRawBufferPointer {
    /// Whether these bytes are those that `other` begins with.
    fileprivate func isSame(as other: UnsafeRawBufferPointer) -> Bool {
        guard let base = baseAddress, let otherBase = other.baseAddress else { return isEmpty }
        return count <= other.count && memcmp(base, otherBase, count) == 0
    }
}
