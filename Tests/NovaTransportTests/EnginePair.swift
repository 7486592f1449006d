import NovaTransport
import NovaWire

/// A client's engine, a server's engine, and a wire between them that carries what it is told to carry.
struct EnginePair {
    let client: EngineEnd
    let server: EngineEnd

    init(
        _ server: TLSConfiguration, _ client: TLSConfiguration = TLSConfiguration(), host: String = "localhost"
    ) throws {
        self.client = EngineEnd(try TLSEngine(TLSContext(.client, client), host: host))
        self.server = EngineEnd(try TLSEngine(TLSContext(.server, server), host: ""))
    }

    /// Does the handshake as far as it goes; returns what it came to at both ends.
    func handshake() -> (client: TLSEngine.Handshake, server: TLSEngine.Handshake) {
        var (client, server) = (TLSEngine.Handshake.needsMore, TLSEngine.Handshake.needsMore)
        var moved = 1
        while moved > 0 {
            if client == .needsMore { client = self.client.handshake() }
            moved = moveToServer()
            if server == .needsMore { server = self.server.handshake() }
            moved += moveToClient()
        }
        return (client, server)
    }

    /// Carries what the client has to say; returns how much it was.
    @discardableResult
    func moveToServer() -> Int {
        let bytes = client.taken()
        server.feed(bytes[...])
        return bytes.count
    }

    /// Carries what the server has to say; returns how much it was.
    @discardableResult
    func moveToClient() -> Int {
        let bytes = server.taken()
        client.feed(bytes[...])
        return bytes.count
    }
}

/// An engine that speaks in arrays, and may be looked at by the macros of Testing, which copy what they look at.
final class EngineEnd {
    private let engine: TLSEngine

    init(_ engine: consuming TLSEngine) { self.engine = engine }

    var version: String { engine.version }
    var cipherSuite: String? { engine.cipherSuite }
    var applicationProtocol: String? { engine.applicationProtocol }
    var serverName: String? { engine.serverName }
    var pendingCiphertext: Int { engine.pendingCiphertext }

    func peerCertificate() -> String? { engine.peerCertificate() }
    func handshake() -> TLSEngine.Handshake { engine.handshake() }
    func shutDown() { engine.shutDown() }
    /// How many bytes were encrypted.
    func write(_ bytes: [UInt8]) -> Int {
        guard case .bytes(let count) = bytes.withUnsafeBytes({ engine.write($0) }) else { return 0 }
        return count
    }
    func feed(_ bytes: ArraySlice<UInt8>) { bytes.withUnsafeBytes { engine.feed($0) } }

    /// Goes on with the handshake after these bytes came.
    func handshake(after bytes: [UInt8]) -> TLSEngine.Handshake {
        feed(bytes[...])
        return engine.handshake()
    }

    /// Reads once, at most a record.
    func read() -> (outcome: TLSEngine.Read, bytes: [UInt8]) {
        var bytes = [UInt8](repeating: 0, count: TLSEngine.maximumRecord)
        let outcome = bytes.withUnsafeMutableBytes { engine.read(into: $0) }
        guard case .bytes(let count) = outcome else { return (outcome, []) }
        return (outcome, Array(bytes[..<count]))
    }

    /// All the ciphertext that waits to be sent.
    func taken() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: engine.pendingCiphertext)
        let count = bytes.withUnsafeMutableBytes { engine.drain(into: $0) }
        return Array(bytes[..<count])
    }
}

extension TLSConfiguration {
    /// A server that shows this certificate.
    static func server(_ identity: Identity, _ change: (inout Self) -> Void = { _ in }) -> Self {
        var configuration = TLSConfiguration()
        configuration.identity = identity
        change(&configuration)
        return configuration
    }

    /// A client that trusts this authority.
    static func client(trusting authority: String, _ change: (inout Self) -> Void = { _ in }) -> Self {
        var configuration = TLSConfiguration()
        configuration.trustRoots = .text(authority)
        change(&configuration)
        return configuration
    }
}
