import NovaKernel
import NovaSocket
import NovaWire

/// A user of a connection in a simulation: does what it is told, takes messages, and keeps book.
final class SimulatedUser: @unchecked Sendable {
    // Sendable: everything happens where the network's loop is driven.
    let index: Int
    private let network: SimulatedNetwork
    private let report: (Law, String) -> Void
    private(set) var socket: WebSocket?
    var watch: LawWatch?
    private var consumer: Task<Void, any Error>?
    private var sleepsUntil: Duration = .zero
    private var lastNumber: UInt32 = 0

    /// Calls that have not returned, by a number of their own.
    private(set) var callsUnderWay: [Int: String] = [:]
    private var lastCall = 0
    /// The numbers of the messages that were taken, by the connection they came through.
    private(set) var taken: [AttemptID: [UInt32]] = [:]
    private(set) var takenCount = 0
    /// The numbers that came back from the server when it was asked to echo.
    private(set) var echoes: Set<UInt32> = []

    /// Whether its tasks are on another thread than the connection.
    private let isElsewhere: Bool

    init(
        _ index: Int, _ network: SimulatedNetwork, isElsewhere: Bool, report: @escaping (Law, String) -> Void
    ) {
        (self.index, self.network, self.report) = (index, network, report)
        self.isElsewhere = isElsewhere
    }

    private func task(_ body: @escaping @Sendable () async throws -> Void) -> Task<Void, any Error> {
        isElsewhere ? network.taskOnAnotherThread(body) : network.task(body)
    }

    /// Makes the connection, wants it open, and takes its messages.
    func begin(_ url: String, _ options: WebSocketOptions) {
        do {
            let socket = try WebSocket.make(url, options)
            self.socket = socket
            follow(socket)
            call("connect") { try await socket.connect() }
            consume(socket)
        } catch {
            report(.everyCallReturns, "the connection can't be made: \(error)")
        }
    }

    /// Watches the states of the connection: each change begins where the last one led to, and the last leads to the end.
    private func follow(_ socket: WebSocket) {
        let changes = socket.stateChanges
        call("state changes") { [self] in
            var state = Lifecycle.Standing.idle
            for await change in changes {
                if change.from != state {
                    report(.changesTold, "a change from \(change.from.name), where \(state.name) was")
                }
                state = change.to
            }
            if state != .closed { report(.changesTold, "the last change told leads to \(state.name)") }
        }
    }

    /// Nobody has the connection any more.
    func letGo() {
        consumer?.cancel()
        consumer = nil
        socket = nil
    }

    // MARK: Calls

    /// A call that must return, whatever comes of it.
    @discardableResult
    private func call(
        _ name: String, givesUpAfter patience: Duration? = nil, _ body: @escaping @Sendable () async throws -> Void
    ) -> Task<Void, any Error> {
        lastCall += 1
        let number = lastCall
        callsUnderWay[number] = name
        let task = task { [self] in
            defer { callsUnderWay[number] = nil }
            try? await body()
        }
        if let patience { network.loop.schedule(after: patience.wholeNanoseconds) { task.cancel() } }
        return task
    }

    /// Does what is to be done.
    func perform(_ deed: Deed, givesUpAfter patience: Duration?) {
        guard let socket else { return }
        switch deed {
        case .send(let bytes):
            let number = nextNumber()
            call("send", givesUpAfter: patience) { [self] in
                try await send(SimulatedPayload(number: number), bytes: bytes, socket)
            }
        case .sendFragments(let count, let bytes, let isAbandoned):
            sendFragments(socket, count, bytes, isAbandoned, patience)
        case .ping: call("ping", givesUpAfter: patience) { _ = try await socket.ping() }
        case .flush: call("flush", givesUpAfter: patience) { try await socket.flush() }
        case .connect: call("connect", givesUpAfter: patience) { try await socket.connect() }
        case .close(let code): close(code)
        case .sleep(let time): sleepsUntil = network.elapsed + time
        case .leaveAndReturn:
            consumer?.cancel()
            consume(socket)
        }
    }

    /// What every close of a user says.
    static let closeReason = "simulated, é"

    func close(_ code: CloseCode = .normalClosure) {
        guard let socket else { return }
        call("close") { await socket.close(code: code, reason: Self.closeReason) }
    }

    /// Asks the server for an echo; returns the number that comes back.
    func askForEcho() -> UInt32? {
        guard let socket else { return nil }
        let number = nextNumber()
        call("send") { [self] in
            try await send(SimulatedPayload(number: number, wantsEcho: true), bytes: 8, socket)
        }
        return number
    }

    private func send(_ payload: SimulatedPayload, bytes: Int, _ socket: WebSocket) async throws {
        watch?.announce(payload.number)
        let message = payload.message(bytes: bytes)
        switch message.kind {
        case .text: try await socket.send(message.text)
        case .binary: try await socket.send(message.bytes)
        }
    }

    private func nextNumber() -> UInt32 {
        lastNumber += 1
        return lastNumber
    }

    private func sendFragments(
        _ socket: WebSocket, _ count: Int, _ bytes: Int, _ isAbandoned: Bool, _ patience: Duration?
    ) {
        let payload = SimulatedPayload(number: nextNumber())
        let fragments = [payload.message(bytes: bytes).bytes] + (1..<max(count, 1)).map { _ in payload.filler(bytes) }
        call("send fragments", givesUpAfter: patience) { [self] in
            switch payload.kind {
            case .text:
                let texts = fragments.map { String(decoding: $0, as: UTF8.self) }
                try await socket.send(fragments: announced(payload.number, texts, isAbandoned))
            case .binary: try await socket.send(fragments: announced(payload.number, fragments, isAbandoned))
            }
        }
    }

    /// One fragment each millisecond; the first is announced before it is handed out.
    private func announced<Fragment: Sendable>(
        _ number: UInt32, _ fragments: [Fragment], _ isAbandoned: Bool
    ) -> Announcing<AsyncThrowingStream<Fragment, any Error>> {
        let (network, watch) = (network, watch)
        let stream = AsyncThrowingStream<Fragment, any Error> { continuation in
            network.task {
                for (index, fragment) in fragments.enumerated() {
                    if index > 0 { try await network.sleep(for: .milliseconds(1)) }
                    continuation.yield(fragment)
                }
                continuation.finish(throwing: isAbandoned ? Abandoned() : nil)
            }
        }
        return Announcing(base: stream, announce: { watch?.announce(number) })
    }

    // MARK: Messages

    private func consume(_ socket: WebSocket) {
        let before = consumer
        consumer = task { [self] in
            _ = await before?.result
            for try await message in socket.messages {
                take(message)
                while sleepsUntil > network.elapsed {
                    try await network.sleep(for: sleepsUntil - network.elapsed)
                }
            }
        }
    }

    private func take(_ message: Message) {
        takenCount += 1
        guard let payload = SimulatedPayload(message.kind, message.bytes) else {
            return report(.nothingLostInbound, "a \(message.kind) message of \(message.count) bytes that nobody sent")
        }
        if payload.isEcho {
            echoes.insert(payload.number)
        } else {
            taken[message.attempt, default: []].append(payload.number)
        }
    }
}

/// What a message's own sequence fails with.
private struct Abandoned: Error {}

/// A sequence whose first element is announced before it is handed out.
private struct Announcing<Base: AsyncSequence>: AsyncSequence {
    let base: Base
    let announce: @Sendable () -> Void

    struct AsyncIterator: AsyncIteratorProtocol {
        var base: Base.AsyncIterator
        var announce: (@Sendable () -> Void)?

        mutating func next() async throws -> Base.Element? { try await next(isolation: nil) }

        /// Between the announcement and the sending nobody else gets a word in.
        mutating func next(isolation actor: isolated (any Actor)?) async throws -> Base.Element? {
            let next = try await base.next(isolation: actor)
            announce.take()?()
            return next
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(base: base.makeAsyncIterator(), announce: announce)
    }
}
