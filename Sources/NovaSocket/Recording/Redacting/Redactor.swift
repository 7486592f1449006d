import NovaKernel
import NovaTrace
import NovaWire

/// Replaces what may be secret in everything that a whole recording holds. What is said twice, as a command and as bytes,
/// gets the same stand-in both times, or a replay would differ.
final class Redactor {
    private let opening: Opening
    /// What is secret in messages of JSON; nil: all of it.
    private let paths: [JSONPath]?
    private var answer: AnswerRedactor
    private var frames: FrameRedactor
    /// What is left of the opening handshake that is being written.
    private var request: ArraySlice<UInt8> = []
    /// Messages in fragments that are not complete.
    private var fragmented: [OperationID: MessageStandIn] = [:]

    /// The handshake that recordings show.
    let traced: TraceOpening

    /// nil if nothing is to be replaced.
    init?(_ redaction: Redaction, _ opening: Opening) {
        switch redaction {
        case .nothing: return nil
        case .all: paths = nil
        case .values(let paths): self.paths = paths
        }
        answer = AnswerRedactor(secretsAt: paths)
        frames = FrameRedactor(to: .server, secretsAt: paths)
        traced = SecretValues().replace(opening.traced)
        self.opening = opening.like(traced)
    }

    /// The pings that may be answered: their tokens are numbers of ours, and are shown.
    var tokens: [PingToken] {
        get { answer.frames.tokens }
        set { answer.frames.tokens = newValue }
    }

    /// This send was refused: no further fragment follows.
    func forget(_ operation: OperationID) { fragmented[operation] = nil }

    /// A new transport: its bytes begin with a handshake, and no message goes on from the last one.
    func beginTransport() {
        fragmented.removeAll()
        answer = AnswerRedactor(secretsAt: paths)
        frames = FrameRedactor(to: .server, secretsAt: paths)
        request = []
    }

    func beginHandshake(_ key: String) { request = ((try? opening.request(key: key))?.bytes ?? [])[...] }

    func received(_ bytes: [UInt8]) -> [UInt8] { answer.replace(bytes) }

    func written(_ bytes: [UInt8]) -> [UInt8] {
        let head = request.prefix(bytes.count)
        request = request.dropFirst(head.count)
        return head + frames.replace(bytes.dropFirst(head.count))
    }

    func delivered(_ kind: MessageKind, _ bytes: [UInt8]) -> [UInt8] {
        var standIn = MessageStandIn(kind, secretsAt: paths)
        return standIn.all(bytes)
    }

    func sent(_ operation: OperationID, _ command: Command, _ payload: [UInt8]) -> [UInt8] {
        switch command {
        case .send(let part, let kind, _): return sent(operation, part, kind, payload)
        case .post(_, let kind, _): return sent(operation, .whole, kind, payload)
        case .connect, .subscribe, .unsubscribe, .authenticate, .flush, .drain, .ping, .close, .fail:
            var reason = StandIn(isText: true)
            return reason.all(payload)
        }
    }

    private func sent(
        _ operation: OperationID, _ part: Outbound.Part, _ kind: MessageKind, _ payload: [UInt8]
    ) -> [UInt8] {
        let message: OperationID =
            switch part {
            case .whole, .first, .posted: operation
            case .next(let message), .last(let message): message
            }
        var standIn = fragmented[message] ?? MessageStandIn(kind, secretsAt: paths)
        let replaced = standIn.all(payload)
        switch part {
        case .whole, .posted: break
        case .first, .next: fragmented[message] = standIn
        case .last: fragmented[message] = nil
        }
        return replaced
    }
}
