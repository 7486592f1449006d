import NovaEcho
import NovaKernel
import NovaTransport
import NovaWire

/// What an address does to those who connect to it.
public enum DialAnswer: Hashable, Sendable {
    /// It connects.
    case answers
    /// It refuses, with this `errno`: 111 is `ECONNREFUSED`.
    case refuses(errno: Int32)
    /// It says nothing: the attempt's time runs out, or its share of it if another address follows.
    case ignores
}

/// What an opening handshake is answered with.
public enum RequestAnswer: Hashable, Sendable {
    /// 101, with this subprotocol.
    case accept(subprotocol: String?)
    /// A refusal with this status and body.
    case refuse(status: UInt16, body: String)
    /// These bytes, and the end of the transport.
    case raw([UInt8])
}

/// A server in a simulated network: a name, addresses, and a script. It echoes, unless it is told otherwise; and it
/// suffers what it is made to suffer.
///
/// To be used inside of ``SimulatedNetwork/run(_:)``, or while nothing runs.
public final class SimulatedServer: @unchecked Sendable {
    // Sendable: touched by whoever drives the network's loop.
    let loop: VirtualLoop
    private var random: SeededRandom
    /// The connections that have not ended, by their numbers: one of ten thousand leaves without a search.
    private var present: [Int: SimulatedConnection] = [:]
    private var afflictions = Afflictions()

    /// The name that clients look up.
    public let name: String
    /// How long a look-up of the name takes; 5 ms by default.
    public var resolveTime: Duration = .milliseconds(5)
    /// What each address of the name does, one that answers by default; the first one is tried first. One
    /// that is taken away while it is tried refuses.
    public var addresses: [DialAnswer] = [.answers]
    /// How the links to it carry bytes; for connections that are made from now on.
    public var conditions = LinkConditions()
    /// What happens when a client is connected and its opening handshake is done; nothing by default.
    public var onOpen: @Sendable (SimulatedConnection) -> Void = { _ in }
    /// What happens when a message comes; the default sends it back.
    public var onMessage: @Sendable (SimulatedConnection, ReceivedMessage) -> Void = { $0.send($1) }
    /// What happens when a pong comes, with its payload; nothing by default. Pings are answered by themselves.
    public var onPong: @Sendable (SimulatedConnection, [UInt8]) -> Void = { _, _ in }
    /// How many connections were ever accepted, and how many attempts to connect have come, each address counted; those
    /// that were refused or ignored are among the latter only.
    public private(set) var counts = (accepted: 0, dialed: 0)
    /// What a request for this path and query is answered with; nil, the default: as usual, which is 101 with the first
    /// subprotocol that the client offers.
    public var onRequest: @Sendable (_ target: String) -> RequestAnswer? = { _ in nil }
    /// What happens when a close frame comes, with this code, or nil if it has none; nothing by default. It is answered by
    /// itself.
    public var onClose: @Sendable (SimulatedConnection, CloseCode?, _ reason: String) -> Void = { _, _, _ in }
    /// Called when a client asks for this path and query, before it is answered.
    package var onOpenRequest: @Sendable (SimulatedConnection, String) -> Void = { _, _ in }
    /// Called when a connection is gone, however that came about.
    var onLeave: @Sendable (SimulatedConnection) -> Void = { _ in }
    /// Called for each violation of the protocol that a client commits.
    package var onViolation: @Sendable (ProtocolViolation) -> Void = { _ in }
    /// Called for each attempt to connect that reaches it.
    var onDial: () -> Void = {}

    /// What a message of a flood is made of.
    package var makeFlood: (SimulatedConnection, Int) -> ReceivedMessage = {
        ReceivedMessage(kind: .binary, bytes: [UInt8](repeating: 0, count: $1))
    }

    init(_ name: String, _ loop: VirtualLoop, _ random: SeededRandom) {
        (self.name, self.loop, self.random) = (name, loop, random)
    }

    /// Its URL, with TLS.
    public var url: String { "wss://\(name)/" }
    /// Its URL, without TLS.
    public var plainURL: String { "ws://\(name)/" }

    /// The connections that have not ended, the oldest first.
    private var connections: [SimulatedConnection] { present.values.sorted { $0.number < $1.number } }

    /// The connection of that number, if it has not ended: 1 is the first that was accepted.
    public func connection(_ number: Int) -> SimulatedConnection? { present[number] }

    /// Makes it, or the links to it, suffer this from now on. Faults add up; what has no time happens at once, to the
    /// connections that stand.
    public func suffer(_ fault: Fault) {
        let end = loop.moment(after: fault.duration.wholeNanoseconds)
        afflictions.add(fault, at: loop.now, until: end)
        switch fault {
        case .stall: for connection in connections { connection.link.stall(until: end) }
        case .stopReading: for connection in connections { connection.stopReading(until: end) }
        default: for connection in connections { connection.suffer(fault) }
        }
    }

    /// Ends what lasts: it connects, shakes hands and answers again. A connection that is stalled, half open, or not read
    /// from stays so for its time.
    public func recover() { afflictions = Afflictions() }

    // MARK: What clients meet

    /// How a look-up ends that begins now: after this time, with nil or a code.
    func lookUp() -> (time: UInt64, code: Int32?) {
        let (delay, code) = afflictions.resolution(loop.now)
        return (resolveTime.wholeNanoseconds + delay, code)
    }

    func answer(toDialAt index: Int) -> DialAnswer {
        counts.dialed += 1
        onDial()
        return afflictions.dial(loop.now) ?? (index < addresses.count ? addresses[index] : .refuses(errno: 111))
    }

    /// A client is connected.
    func accept(isSecure: Bool) -> Link {
        counts.accepted += 1
        let link = Link(loop, conditions, isSecure: isSecure, &random)
        if let until = afflictions.stalledUntil(loop.now) { link.stall(until: until) }
        present[counts.accepted] = SimulatedConnection(self, link, number: counts.accepted)
        return link
    }

    /// How TLS ends that is set up now; nil: well.
    var tlsFailure: TLSFailure? { afflictions.tls(loop.now) }

    var answersPings: Bool { !afflictions.ignoresPings(loop.now) }
    var answersClose: Bool { !afflictions.ignoresClose(loop.now) }
    var upgradeAnswer: ServerScript.Answer? { afflictions.upgrade(loop.now) }

    func dissolve() {
        for connection in connections { connection.dissolve() }
        present = [:]
    }

    func left(_ connection: SimulatedConnection) {
        present[connection.number] = nil
        onLeave(connection)
    }
}
