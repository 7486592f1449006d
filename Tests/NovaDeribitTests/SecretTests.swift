import Foundation
import NovaDeribit
import NovaTestKit
import NovaWire
import Synchronization
import Testing

@Suite("No secret is told", .timeLimit(.minutes(2)))
struct SecretTests {
    static let secret = "sEcReTk3y-7f"

    /// Everything that a recording holds, its bytes unpacked, and frames of the client unmasked.
    static func contents(_ lines: [String]) throws -> String {
        var contents = lines.joined()
        for line in lines {
            guard let bytes = try JSONValue(json: line)["b"]?.string.flatMap({ Data(base64Encoded: $0) }) else {
                continue
            }
            contents += String(decoding: bytes, as: UTF8.self) + "\n"
            var decoder = MessageDecoder(role: .server, limits: .none)
            var input = DecoderInput(copying: bytes)
            reading: while true {
                switch decoder.next(&input) {
                case .needMore, .violation: break reading
                case .message, .ping, .pong, .close:
                    contents += String(decoding: Data(decoder.takePayload().array), as: UTF8.self) + "\n"
                case .fragment: break
                }
            }
        }
        return contents
    }

    /// A life with renewals, an outage and a refusal; what it recorded, reported and described.
    private func live(
        _ contents: Recording.Contents, _ grant: Deribit.Credentials.Grant
    ) async throws -> (recording: String, words: String, secrets: [String], lines: String) {
        let exchange = Exchange {
            $0.credentials = ["client": Self.secret]
            $0.tokenLifetime = .seconds(200)
        }
        let lines = Mutex<[String]>([])
        let words = Mutex("")
        let tokens = Mutex<Set<String>>([])
        let options = exchange.options {
            $0.recording = .lines(contents) { line in lines.withLock { $0.append(line) } }
        }
        let key = Deribit.Credentials(id: "client", secret: Self.secret, grant: grant, scope: "session:main")
        let adapter = exchange.adapter(.fixed(key))
        try await exchange.network.run {
            let client = try DeribitClient(adapter, configure: options)
            let reports = client.session.handlerReports
            try await client.connect()
            try await exchange.network.sleep(for: .seconds(300))
            exchange.deribit.server.suffer(.reset)
            await client.ready()
            let fork = try await client.forkToken(sessionName: "other")
            exchange.deribit.refuses = { _ in ScriptedDeribit.Refusal(13004, "invalid_credentials") }
            try? await client.session.authenticate()
            await client.close()
            var told = "\(key)\(String(reflecting: key))\(adapter)\(String(reflecting: adapter))\(fork)"
            for value in [key, adapter, fork, Deribit.CredentialsProvider.fixed(key), client] as [Any] {
                dump(value, to: &told)
            }
            for await report in reports {
                told += "\(report)\(String(reflecting: report))"
                dump(report, to: &told)
            }
            told += await "\(client.session.explanation)\(String(describing: client.session.termination))"
            words.withLock { $0 = told }
            tokens.withLock { $0 = [fork.accessToken, fork.refreshToken] }
        }
        let all = try Self.contents(lines.withLock(\.self))
        let (told, granted) = (words.withLock(\.self), tokens.withLock { Array($0) })
        return (all, told, granted + [Self.secret], lines.withLock { $0.joined() })
    }

    @Test("What is not hidden is there to be found", arguments: [Deribit.Credentials.Grant.secret])
    func control(_ grant: Deribit.Credentials.Grant) async throws {
        let (recording, _, secrets, _) = try await live(.whole(.nothing), grant)
        for secret in secrets { #expect(recording.contains(secret)) }
    }

    @Test(
        "Neither the key nor a token is in a recording, a description, a mirror or a report",
        arguments: [Deribit.Credentials.Grant.secret, .signature(data: "data")], [0, 1, 2])
    func hidden(_ grant: Deribit.Credentials.Grant, _ index: Int) async throws {
        let contents = [Recording.Contents.steps, .whole(.all), .whole(.credentials)][index]
        let (recording, words, secrets, lines) = try await live(contents, grant)
        #expect(secrets.count == 3 && words.contains("client") && !recording.isEmpty)
        for secret in secrets {
            #expect(!recording.contains(secret))
            #expect(!words.contains(secret))
        }
        if index > 0 {
            #expect(try Replay.wholly(Trace(reading: Data(lines.utf8))).difference == nil)
        }
        if index == 2 {
            // Redacted as JSON, and all else is there.
            #expect(recording.contains("public/auth") && recording.contains("expires_in"))
            #expect(!recording.contains("access-") && !recording.contains("refresh-"))
        }
    }
}
