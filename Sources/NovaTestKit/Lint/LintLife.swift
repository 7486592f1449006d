import NovaKernel
import NovaSocket
import NovaWire
import Synchronization

/// The life of a session of the adapter with one server, from the first look-up to the end, and what it shows.
struct LintLife<Base: Adapter>: Sendable {
    let lint: AdapterLint
    let base: Base
    let hostility: AdapterLint.Hostility
    let book: LintBook
    let network: SimulatedNetwork

    /// How long is waited for something that needs a connection, and perhaps another: longer than all usual timeouts.
    static var patience: Duration { .seconds(300) }

    /// So many requests are under way at once.
    static var requests: Int { 8 }

    /// Lives it, and notes what is broken.
    func run() async {
        let probe = LintProbe(base: base, hostility: hostility, book: book, network: network)
        let host: String? = (try? Endpoint(base.url)).flatMap {
            if case .tcp(let host, _) = $0.transport { host } else { nil }
        }
        let server = HostileServer(
            lint, hostility, needsCredentials: base.authentication != nil, book, network)
        let simulated = network.server(host ?? "service.example")
        server.serve(at: simulated)
        // A socket in the file system is none of the network's names.
        let url = host == nil ? simulated.url : base.url
        do {
            try await network.run { try await live(probe, server, simulated, url) }
        } catch {
            book.note(.returnsInTime, "The simulated life ended with: \(error)")
        }
        book.see(LintRecording(lines: book.recording).text, in: "recording")
        for (place, text) in book.seen {
            for number in lint.secretNumbers(in: text) {
                book.note(.keepsSecrets, "Secret number \(number) is in the \(place).")
            }
        }
    }

    private func live(
        _ probe: LintProbe<Base>, _ server: HostileServer, _ simulated: SimulatedServer, _ url: String
    ) async throws {
        if hostility == .honest { lookAtMessages(probe, server) }
        let session = try Session(url, Handlers(probe)) { options in
            base.configure(&options)
            network.join(&options)
            let book = book
            options.recording = .lines(.whole(lint.redaction)) { book.record($0) }
        }
        let reports = session.handlerReports
        let listening = network.task { for await report in reports { see(report) } }
        if let subscriptions = try await begin(session) {
            if hostility.isGood { try await use(session, subscriptions, server, simulated) }
            if hostility == .late {
                server.hostility = .honest
                await ask(session, server)
            }
        }
        try await network.sleep(for: lint.timeLimit + .seconds(60))
        let limit = network.elapsed - lint.timeLimit
        for name in book.outstanding(since: limit) {
            book.note(
                .returnsInTime,
                "\(name) has not returned after \(lint.timeLimit), with \(hostility.words). Or it waits in real time, "
                    + "or for somebody else: what is not in the simulated network is not waited for.")
        }
        book.judgeAccepted()
        await look(at: session)
        await session.close()
        try await listening.value
    }

    // MARK: What anybody can see

    private func see(_ report: HandlerReport) {
        book.see(report.description, in: "report about a handler")
        if case .threw(let error) = report.event { book.see("\(error)", in: "error that a handler threw") }
    }

    private func look(at session: Session) async {
        book.see(session.explainOptions().description, in: "explanation of the options")
        if let status = await within(Self.patience, { await session.status }) {
            book.see((try? status.get().description) ?? "", in: "status")
        }
        if let termination = await session.termination {
            book.see(termination.description, in: "description of the connection's end")
            book.see("\(termination.explanation)", in: "explanation of the connection's end")
        }
    }

    // MARK: Messages, without a connection

    /// What is written for an id must be known by that id again.
    private func lookAtMessages(_ probe: LintProbe<Base>, _ server: HostileServer) {
        for number in [1, 2, 3, 1000, 65_535, 65_536, 1 << 31, 1 << 32, (1 << 53) - 1] as [UInt64] {
            let id = RequestID(number)
            do {
                let written = try probe.encode(lint.method, nil, id: id)
                let answers = server.answers(to: ReceivedMessage(kind: written.kind, bytes: written.bytes))
                let ids = answers.flatMap { probe.sort(message($0)).answered }
                if !ids.contains(id) {
                    let what = answers.isEmpty ? "gets no answer" : "is not known by it"
                    book.note(.answersFindTheirRequests, "The answer to a request with the id \(number) \(what).")
                }
                for other in ids where other != id {
                    book.note(
                        .answersFindTheirRequests,
                        "The answer to a request with the id \(number) is taken for that to \(other.number).")
                }
            } catch {
                book.note(.answersFindTheirRequests, "encode has thrown for a request of \"\(lint.method)\": \(error)")
            }
        }
        for channel in lint.publication == nil ? [] : lint.channels {
            let names = (lint.publication?(channel.name)).map { probe.sort(message($0)).channels } ?? []
            if names != [channel.name] {
                book.note(
                    .messagesFindTheirChannels,
                    "A message of the channel \"\(channel.name)\" belongs to \(names.isEmpty ? "none" : "\(names)").")
            }
        }
        for method in lint.methods + [lint.method] { _ = probe.cost(of: .request(method: method)) }
        _ = (probe.cost(of: .message), probe.cost(of: .reply))
        _ = (
            probe.cost(of: .batch(requests: 1, notifications: 0)), probe.cost(of: .batch(requests: 0, notifications: 1))
        )
    }

    private func message(_ text: String) -> Message {
        Message(kind: .text, view: ByteView(copying: Array(text.utf8)), attempt: AttemptID(1))
    }

    // MARK: Help

    /// Runs `body`, but not longer than that in simulated time; nil if it would take longer.
    func within<Value: Sendable>(
        _ time: Duration, _ body: @escaping @Sendable () async throws -> Value
    ) async -> Result<Value, any Error>? {
        let network = network
        return await withTaskGroup(of: Result<Value, any Error>?.self) { group in
            group.addTask {
                do { return .success(try await body()) } catch { return .failure(error) }
            }
            group.addTask {
                try? await network.sleep(for: time)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }
}

extension Sorting {
    /// The requests that it is an answer to.
    fileprivate var answered: [RequestID] {
        switch self {
        case .answer(let id, _): [id]
        case .several(let parts): parts.flatMap(\.answered)
        case .channel, .channelEnded, .other, .invalid: []
        }
    }

    /// The channels that it belongs to.
    fileprivate var channels: [String] {
        switch self {
        case .channel(let name), .channelEnded(let name, _): [name]
        case .several(let parts): parts.flatMap(\.channels)
        case .answer, .other, .invalid: []
        }
    }
}
