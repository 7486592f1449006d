import NovaKernel
import NovaSocket
import NovaTestKit
import NovaWire
import Synchronization
import Testing

/// What is printed by accident: `dump`, string interpolation and mirrors look into everything that does not hide itself.
@Suite("What a dump shows")
struct DumpTests {
    private static let secret = "swordfish-4711"
    private static let bytes = Array(secret.utf8)

    /// All that can be printed of a value.
    private func prints(_ value: Any) -> String {
        var dumped = ""
        dump(value, to: &dumped)
        return dumped + String(describing: value) + String(reflecting: value)
    }

    /// Whether a print has the secret: its words, or its bytes as numbers.
    private func betrays(_ print: String) -> Bool {
        let lines = print.split(whereSeparator: { !$0.isNumber }).map(String.init)
        let numbers = Self.bytes.prefix(4).map { "\($0)" }
        let hasNumbers = lines.indices.contains { lines[$0...].prefix(4).elementsEqual(numbers) }
        return print.contains("swordfish") || hasNumbers
    }

    private var message: Message {
        Message(kind: .text, view: ByteView(copying: Self.bytes), attempt: AttemptID(3))
    }

    @Test("The test itself sees a secret where there is one")
    func sees() {
        #expect(betrays(prints(Self.secret)) && betrays(prints(Self.bytes)) && betrays(prints([[Self.bytes]])))
        #expect(!betrays(prints(42)))
    }

    @Test("Messages on their way in and out show their kind and size, and nothing of their content")
    func messages() {
        let values: [Any] = [
            message, OutgoingMessage.text(Self.secret), OutgoingMessage.text(utf8: Self.bytes),
            OutgoingMessage.binary(Self.bytes), OutgoingMessage.copy(of: message), Payload.text(Self.secret),
            Payload.bytes(Self.bytes), Payload.view(ByteView(copying: Self.bytes)), Update.message(message),
            Reaction.reply(.text(Self.secret)), ControlFrame.ping(Self.bytes), ControlFrame.pong(Self.bytes),
            ControlFrame.close(.normalClosure, reason: Self.secret),
        ]
        for value in values {
            let print = prints(value)
            #expect(!betrays(print), "\(type(of: value))")
            #expect(print.contains("14") || value is ControlFrame, "\(type(of: value)) does not show its size")
        }
    }

    @Test("An answer shows the size of its message, and how long it took")
    func answers() async throws {
        let network = SimulatedNetwork(seed: 1)
        let server = network.server("rpc.example")
        server.onMessage = { connection, message in
            guard case .request(let request)? = JSONRPC.read(message.bytes).first else { return }
            let response = (try? JSONRPC.response(result: Self.secret, id: request.id)) ?? []
            connection.send(String(decoding: response, as: UTF8.self))
        }
        try await network.run {
            let session = try Session(server.url, Handlers()) { network.join(&$0) }
            try await session.connect()
            let answer = try await session.ask("secret")
            #expect(try session.decode(String.self, from: answer) == Self.secret)
            #expect(!betrays(prints(answer)))
            #expect(prints(answer).contains("text message of \(answer.message.count) bytes"))
            await session.close()
        }
    }
}
