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
        Option("--tls", "speak TLS; without --cert, with a certificate made on the spot that nobody trusts"),
        Option("--cert", value: "FILE", "the certificate chain, PEM"),
        Option("--key", value: "FILE", "its private key, PEM"),
    ]

    static func run(_ arguments: Arguments) async throws -> ExitCode {
        try arguments.takeOptionsOnly(name)
        try arguments.takeOne(of: ["--port", "--unix"])
        let port = try arguments.count("--port") ?? 0
        guard let port = UInt16(exactly: port) else { throw UsageError("--port needs a number up to 65535.") }
        let path = try socketPath(arguments)
        let address = path.map { SocketAddress.unix(path: $0) } ?? .loopback(port: port)
        let server = try await EchoServer.start(at: address, tls: try tls(arguments), on: try EventLoop.shared())
        Interrupt.take()
        Console.out(server.url)
        await Interrupt.wait()
        await server.stop()
        if let path { unlink(path) }
        return Interrupt.exitCode
    }

    /// The path of the socket to be made; one that is left over from a server that is gone makes room.
    private static func socketPath(_ arguments: Arguments) throws(UsageError) -> String? {
        guard let path = arguments.last("--unix") else { return nil }
        guard path.utf8.count <= 107 else { throw UsageError("--unix needs a path of at most 107 bytes.") }
        var file = stat()
        if lstat(path, &file) == 0, file.st_mode & S_IFMT == S_IFSOCK, isAbandoned(path) { unlink(path) }
        return path
    }

    /// Whether nobody listens at a socket that is there.
    private static func isAbandoned(_ path: String) -> Bool {
        do { _ = try Socket.connecting(to: .unix(path: path)) } catch { return error.code == ECONNREFUSED }
        return false
    }

    private static func tls(_ arguments: Arguments) throws -> TLSContext? {
        let (chain, key) = (arguments.last("--cert"), arguments.last("--key"))
        guard (chain == nil) == (key == nil) else { throw UsageError("--cert and --key belong together.") }
        guard arguments.has("--tls") else {
            guard chain == nil else { throw UsageError("--cert and --key need --tls.") }
            return nil
        }
        var configuration = TLSConfiguration()
        configuration.identity = try .selfSigned()
        if let chain, let key {
            configuration.identity = TLSConfiguration.Identity(certificateChain: .file(chain), privateKey: .file(key))
        }
        return try TLSContext(.server, configuration)
    }
}
