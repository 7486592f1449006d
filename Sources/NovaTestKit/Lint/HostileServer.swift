import NovaKernel
import NovaSocket

/// The service as it should be, made into a server that does what its hostility says. Used on the simulation's thread.
final class HostileServer: @unchecked Sendable {
    // Sendable: touched by whoever drives the network's loop.
    private let lint: AdapterLint
    private let book: LintBook
    private let network: SimulatedNetwork
    private let needsCredentials: Bool
    private var random: SeededRandom
    /// What it does now.
    var hostility: AdapterLint.Hostility
    /// Whether answers are held until so many are there, to be sent in reverse.
    var holds = 0
    private var held: [[String]] = []
    private var connection: SimulatedConnection?

    /// How late an answer is that comes too late: later than any usual timeout.
    static let lateness = Duration.seconds(45)

    init(
        _ lint: AdapterLint, _ hostility: AdapterLint.Hostility, needsCredentials: Bool, _ book: LintBook,
        _ network: SimulatedNetwork
    ) {
        (self.lint, self.hostility, self.needsCredentials) = (lint, hostility, needsCredentials)
        (self.book, self.network) = (book, network)
        random = SeededRandom(seed: lint.seed)
    }

    /// Makes it what a simulated server does.
    func serve(at server: SimulatedServer) {
        server.conditions.jitter = .milliseconds(5)
        server.conditions.pieces = .random
        server.onOpen = { connection in
            self.connection = connection
            self.held = []
            if self.hostility == .garbage || self.hostility == .garbageLater {
                for text in Garbage.unasked { connection.send(text) }
            }
        }
        server.onMessage = { self.received($1, on: $0) }
        server.onClose = { self.book.see($2, in: "close frame") }
    }

    /// Sends a text on the present connection.
    func send(_ text: String) { connection?.send(text) }

    /// What the honest service answers.
    func answers(to message: ReceivedMessage) -> [String] {
        let replies = lint.service(message)
        return replies.isEmpty ? lint.answerer(message) : replies
    }

    private func received(_ message: ReceivedMessage, on connection: SimulatedConnection) {
        book.received(message.text)
        let isStillGood = hostility.waitsForCredentials && needsCredentials && !book.isAuthenticated
        guard !isStillGood else { return send(answers(to: message), on: connection) }
        switch hostility {
        case .honest, .afterwards: send(answers(to: message), on: connection)
        case .silent, .silentLater: break
        case .refusing, .refusingLater:
            let refusals = lint.refusal(message)
            if !refusals.isEmpty { book.refused() }
            send(refusals, on: connection)
        case .garbage, .garbageLater:
            send(Garbage.answers(to: message.text, instead: answers(to: message), &random), on: connection)
        case .noise: send(Garbage.unasked + answers(to: message), on: connection)
        case .late:
            let answers = answers(to: message)
            network.loop.schedule(after: Self.lateness.wholeNanoseconds) { self.send(answers, on: connection) }
        case .twice: send(answers(to: message).flatMap { [$0, $0] }, on: connection)
        case .reversed: hold(answers(to: message), on: connection)
        case .huge: send([Garbage.huge] + answers(to: message), on: connection)
        }
    }

    private func hold(_ answers: [String], on connection: SimulatedConnection) {
        guard holds > 0 else { return send(answers, on: connection) }
        held.append(answers)
        guard held.count == holds else { return }
        let all = held.reversed().flatMap(\.self)
        (held, holds) = ([], 0)
        send(all, on: connection)
    }

    private func send(_ texts: [String], on connection: SimulatedConnection) {
        for text in texts where connection.isOpen { connection.send(text) }
    }
}
