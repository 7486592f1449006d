import NovaKernel
import NovaMachine
import NovaTrace
import NovaWire

/// Pops an event, gives it to the kernel, records the step, performs its effects; runs to completion, never re-enters.
///
/// The driver owns what the kernel knows by number only: bytes, buffers and the callers that wait. It decides
/// nothing. All of it lives on one thread, its port's (law R12).
package final class Driver: @unchecked Sendable {
    /// How a command's caller is answered.
    package enum Settlement: Sendable {
        /// The message was accepted.
        case accepted
        /// The machine's word.
        case outcome(Outcome)
        /// The answer to a request, and how long it took.
        case answer(Answer)
    }

    /// Where the numbers of calls come from.
    let numbers: OperationNumbers
    let opening: Opening
    let chooseDelay: (@Sendable (_ failures: UInt32, _ last: Termination) -> Duration?)?
    let port: any Port
    /// Where frames go: the port, or a recorder before it. A constant of its own, as to make the one from the other for each
    /// frame cost 25 ns (measured).
    let outlet: any Outlet
    /// The mind.
    @exclusivity(unchecked) package private(set) var kernel: Kernel

    // Events
    @exclusivity(unchecked) private var raised: [Event] = []
    @exclusivity(unchecked) private var pending: [Event] = []
    @exclusivity(unchecked) private var isHandling = false
    @exclusivity(unchecked) private var effects = Effects<Effect>()

    // Witnesses
    @exclusivity(unchecked) package private(set) var recorder: FlightRecorder
    @exclusivity(unchecked) var inputs: (any InputWitness)?
    @exclusivity(unchecked) package var witnesses: [any StepWitness] = []
    /// The witness that observers are told by; nil if there are none.
    @exclusivity(unchecked) var observation: ObserverWitness?
    @exclusivity(unchecked) var watchers: [(id: UInt64, continuation: AsyncStream<StateChange>.Continuation)] = []

    /// The bucket of tokens that it shares with others; nil: it has its own, or none.
    @exclusivity(unchecked) var bucket: BucketDoor?
    /// Who answers for a session; nil for a plain connection.
    @exclusivity(unchecked) package var desk: (any SessionDesk)?
    /// A message that was delivered to it and is not passed on yet; and an answer, while the machine looks at it.
    @exclusivity(unchecked) var unsorted: Message?
    @exclusivity(unchecked) var answerInHand: Answer?

    // Callers
    @exclusivity(unchecked) var continuations: [OperationID: UnsafeContinuation<Settlement, Never>] = [:]
    @exclusivity(unchecked) var payloads: [OperationID: Outgoing] = [:]
    /// The command being handled, what it sends, and its answer if it came at once.
    @exclusivity(unchecked) var current: OperationID?
    @exclusivity(unchecked) var currentOutgoing: Outgoing?
    @exclusivity(unchecked) var lent: Lent?
    @exclusivity(unchecked) var settled: Settlement?

    // Bytes
    @exclusivity(unchecked) var outgoing = FrameQueue()
    /// Whether the port was asked to tell when the present turn ends.
    @exclusivity(unchecked) var isTurnNoted = false
    @exclusivity(unchecked) var incoming = Incoming()
    @exclusivity(unchecked) var mailbox = Mailbox()
    @exclusivity(unchecked) var evidence: Evidence?
    /// The server's half of the opening handshake, of the last connection that had one.
    package internal(set) var accepted: UpgradeResponse?
    /// How the last attempt ended. Boxed: a connection that lives has no end to tell of.
    private var last: LastEnding?

    /// What a send carries.
    struct Outgoing {
        var opcode: Opcode
        var isFinal: Bool
        var payload: Payload
    }

    /// The same, for a caller on this thread: the bytes are lent while the command is handled. Nearly every send ends
    /// there, and counting owners would cost more than masking (measured).
    struct Lent {
        var opcode: Opcode
        var isFinal: Bool
        var bytes: UnsafeRawBufferPointer
    }

    /// A driver that has not begun; its first attempt follows `attempt`. Throws if the recording can't be opened.
    package init(
        endpoint: Endpoint, options: WebSocketOptions, seed: UInt64, port: any Port, after attempt: AttemptID = .whole,
        numbers: OperationNumbers = OperationNumbers()
    ) throws(WebSocketError) {
        self.numbers = numbers
        opening = options.opening(to: endpoint)
        chooseDelay = options.chooseDelay
        let route: Lifecycle.Route = endpoint.isSecure ? .tls : []
        kernel = Kernel(route: route, policy: options.effectivePolicy, seed: seed, after: attempt)
        recorder = FlightRecorder(capacity: options.flightRecorderCapacity)
        self.port = port
        if let recording = options.recording {
            var header = TraceHeader(
                seed: seed, route: route, policy: options.effectivePolicy, chart: Kernel.chartDigest)
            header.previousAttempt = attempt == .whole ? nil : attempt.number
            let watch = try RecordingWatch(recording, header, opening, port)
            outlet = watch.outlet
            witnesses = [watch.steps]
            inputs = watch.inputs
        } else {
            outlet = port
        }
        // Last: observers keep an account of each connection until it is closed, and one that can't be made never is.
        observation = ObserverWitness(options, endpoint, port)
        if let observation { witnesses.append(observation) }
    }

    private final class LastEnding {
        let termination: Termination
        init(_ termination: Termination) { self.termination = termination }
    }

    /// How the last attempt ended.
    package internal(set) var termination: Termination? {
        get { last?.termination }
        set { last = newValue.map(LastEnding.init) }
    }

    /// Bytes of frames that wait to be written.
    package var unwrittenCount: Int { outgoing.count }

    /// A number for a call on this thread.
    @inline(__always)
    func nextOperation() -> OperationID { numbers.next() }

    /// The path and the query that it asks for.
    package var target: String { opening.endpoint.target }

    // MARK: The loop

    /// Takes an event. From inside an effect it waits until the step is done.
    package func handle(_ event: Event) { handleInPlace(event) }

    /// The same for the two events that come with every message, which are not even copied into a call.
    @inline(__always)
    func handleInPlace(_ event: Event) {
        if let inputs, event.isFromOutside { inputs.eventCame(event) }
        if isHandling {
            pending.append(event)
            return
        }
        isHandling = true
        step(event)
        while let next = nextEvent() { step(next) }
        isHandling = false
    }

    /// What the machine raised itself comes before everything else.
    private func nextEvent() -> Event? {
        if !raised.isEmpty { return raised.removeFirst() }
        if !pending.isEmpty { return pending.removeFirst() }
        return nil
    }

    @inline(__always)
    private func step(_ event: Event) {
        let occurrence = Occurrence(event, at: port.now)
        let advance = witnesses.isEmpty ? kernel.advance(occurrence, &effects) : advanceBeforeWitnesses(occurrence)
        recorder.record(occurrence, advance.rule)
        if let effect = effects.first { perform(effect) }
        if let effect = effects.second { perform(effect) }
        for index in effects.rest.indices { perform(effects.rest[index]) }  // keeps no share in the array
        effects.removeAll()
        if advance.from != advance.to { tellWatchers(advance, occurrence.at) }
    }

    /// Apart: most connections have no witness, and need not keep what the spine was.
    @inline(never)
    private func advanceBeforeWitnesses(_ occurrence: Occurrence) -> Kernel.Advance {
        let before = kernel.lifecycle
        let advance = kernel.advance(occurrence, &effects)
        let step = WitnessedStep(occurrence: occurrence, before: before, rule: advance.rule)
        for witness in witnesses { witness.stepTaken(step, effects, after: kernel) }
        return advance
    }

    /// One effect, one line. Nothing is decided here.
    private func perform(_ effect: Effect) {
        switch effect {
        case .deliver(let attempt, let kind, _): deliver(attempt, kind)
        case .transmit(_, let operation): transmit(operation)
        case .dispatch(_, let operation, let retaining): dispatch(operation, retaining)
        case .settle(let operation, let outcome): settle(operation, .outcome(outcome))

        case .resolve(let attempt): port.resolve(attempt)
        case .dial(let attempt): port.dial(attempt)
        case .tunnel(let attempt): port.release(attempt, .transport)  // no route has a tunnel yet
        case .secure(let attempt): port.secure(attempt)
        case .upgrade(let attempt): upgrade(attempt)
        case .release(let attempt, let holding): release(attempt, holding)

        case .ping(_, let token): send(control: .ping, token.bytes)
        case .pong: send(control: .pong, takePayload().array)
        case .replacePong: replacePong(takePayload().array)
        case .sendClose(_, let code, let urgency): sendClose(code, urgency)
        case .hastenClose: dropMessages()

        case .pauseReading: port.pauseReading()
        case .resumeReading: port.resumeReading()
        case .arm(let attempt, let timer, let duration): port.arm(timer, attempt, after: duration)
        case .disarm(let timer): port.disarm(timer)

        case .authenticate(let attempt, let exchange): desk?.authenticate(attempt, exchange: exchange)
        case .subscribe(let attempt, let id): desk?.subscribe(attempt, id)
        case .unsubscribe(let attempt, let id): desk?.unsubscribe(attempt, id)
        case .tell(let id, let news): desk?.tell(id, news)

        case .askTokens(let attempt, let ticket, let cost): bucket?.ask(attempt, ticket, cost)
        case .returnTokens(_, let ticket, let cost): bucket?.takeBack(ticket, cost)

        case .askDelay(let attempt, let failures): askDelay(attempt, failures)
        case .report(let attempt): report(attempt)
        case .raise(let attempt, let fact): raised.append(.fact(attempt, fact))
        }
    }
}
