import Glibc
import NovaEcho
import NovaSocket

/// An echo server on loopback.
enum Serve: Command {
    static let name = "serve"
    static let usage = "serve [OPTIONS]"
    static let summary = "Runs an echo server on 127.0.0.1, for demonstrations and tests."
    static let options = [
        Option("--port -p", value: "PORT", "the port; any free one if it is not given"),
        Option("--unix", value: "PATH", "a unix domain socket in place of TCP"),
        Option("--tls", "speak TLS; needs --cert and --key"),
        Option("--cert", value: "FILE", "the certificate chain, PEM"),
        Option("--key", value: "FILE", "its private key, PEM"),
    ]

    static func run(_ arguments: Arguments) async throws -> ExitCode {
        guard arguments.positional.isEmpty else { throw UsageError("serve takes options only.") }
        let port = try arguments.count("--port") ?? 0
        guard let port = UInt16(exactly: port) else { throw UsageError("--port needs a number up to 65535.") }
        let address = arguments.last("--unix").map { SocketAddress.unix(path: $0) } ?? .loopback(port: port)
        let server = try await EchoServer.start(at: address, tls: try tls(arguments), on: try EventLoop.shared())
        Console.out(server.url)
        await Interrupt.wait()
        await server.stop()
        return .interrupted
    }

    private static func tls(_ arguments: Arguments) throws -> TLSContext? {
        guard arguments.has("--tls") else { return nil }
        guard let chain = arguments.last("--cert"), let key = arguments.last("--key") else {
            throw UsageError("--tls needs --cert and --key.")
        }
        var configuration = TLSConfiguration()
        configuration.identity = TLSConfiguration.Identity(certificateChain: .file(chain), privateKey: .file(key))
        return try TLSContext(.server, configuration)
    }
}

/// Ctrl-C and its relatives, as something to wait for.
enum Interrupt {
    /// Waits until the process is asked to end.
    static func wait() async {
        await withCheckedContinuation { continuation in
            var signals = sigset_t()
            sigemptyset(&signals)
            sigaddset(&signals, SIGINT)
            sigaddset(&signals, SIGTERM)
            let waited = signals
            Thread.detach {
                var (signals, signal) = (waited, Int32(0))
                sigwait(&signals, &signal)
                continuation.resume()
            }
        }
    }

    /// Keeps the signals from ending the process; to be called before any thread is made.
    static func hold() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGINT)
        sigaddset(&signals, SIGTERM)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }
}
