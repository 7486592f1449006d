import NovaWire
import TestSupport
import Testing

@testable import NovaTransport

@Suite("What goes into one engine comes out of the other", .timeLimit(.minutes(4)))
struct TLSDataTests {
    private let certificates: Certificates
    init() throws { certificates = try .shared() }

    private func connectedPair(_ version: TLSConfiguration.Version? = nil) throws -> EnginePair {
        let pair = try EnginePair(
            .server(certificates.server) { $0.maximumVersion = version },
            .client(trusting: certificates.authority))
        try #require(pair.handshake() == (.done, .done))
        return pair
    }

    /// A mebibyte whose bytes tell where they belong.
    private static let mebibyte = (0..<1 << 20).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 11) }

    @Test(
        "A mebibyte each way, cut at odd places before and after encryption",
        arguments: [TLSConfiguration.Version.tls12, .tls13], [1021, 16 << 10, 50_021])
    func bothWays(_ version: TLSConfiguration.Version, _ piece: Int) throws {
        let pair = try connectedPair(version)
        let up = Self.carry(Self.mebibyte, from: pair.client, to: pair.server, writing: piece, feeding: piece &* 3 / 7)
        let down = Self.carry(Self.mebibyte, from: pair.server, to: pair.client, writing: piece, feeding: 4099)
        #expect(up == Self.mebibyte)
        #expect(down == Self.mebibyte)
    }

    @Test("The handshake and a record arrive a byte at a time")
    func byteByByte() throws {
        let pair = try EnginePair(.server(certificates.server), .client(trusting: certificates.authority))
        var (client, server) = (pair.client.handshake(), TLSEngine.Handshake.needsMore)
        while client != .done || server != .done {
            for byte in pair.client.taken() { server = pair.server.handshake(after: [byte]) }
            for byte in pair.server.taken() { client = pair.client.handshake(after: [byte]) }
            try #require(pair.client.pendingCiphertext > 0 || client == .done)
        }
        #expect(Self.carry([1, 2, 3], from: pair.client, to: pair.server, writing: 3, feeding: 1) == [1, 2, 3])
    }

    @Test("A write takes a record at most, and nothing before the handshake")
    func writeLimits() throws {
        let fresh = try EnginePair(.server(certificates.server)).client
        #expect(fresh.write([1]) == 0)
        let pair = try connectedPair()
        #expect(pair.client.write(Self.mebibyte) == TLSEngine.maximumRecord)
        #expect(pair.client.pendingCiphertext > TLSEngine.maximumRecord)
        #expect(pair.client.pendingCiphertext <= TLSEngine.maximumRecordCiphertext)
    }

    @Test("Plaintext counts as written when its ciphertext has left: never before, and all of it at last")
    func written() throws {
        for size in [1, 16_384, 16_385, 100_000, 300_000, 900_000] {
            let (client, server) = try connectedLayer()
            let message = Self.mebibyte[..<size]
            var (told, wire, room) = (0, [UInt8](), 0)
            let send: SecureLayer.Send = { bytes in
                let count = min(room, bytes.count)
                wire += bytes[..<count]
                room -= count
                return count
            }
            var received = 0
            let rooms = [0, 1, 20_000, 0, 1_000, 7, 300_000]
            var turn = 0
            while told < message.count {
                room = rooms[turn % rooms.count]
                turn += 1
                let outcome = message[told...].withUnsafeBytes { client.write($0, send) }
                switch outcome {
                case .done: told = message.count
                case .blocked(let count): told += count
                case .needsInput, .failed: Issue.record("\(outcome)")
                }
                server.feed(wire[...])
                wire = []
                while case (.bytes, let plaintext) = server.read() { received += plaintext.count }
                // A record that is cut can't be read yet.
                #expect(told <= received + TLSEngine.maximumRecord)
            }
            #expect(received == message.count)
        }
    }

    /// A client's layer and a server's engine that have done their handshake.
    private func connectedLayer() throws -> (SecureLayer, EngineEnd) {
        let pair = try EnginePair(.server(certificates.server))
        let engine = try TLSEngine(TLSContext(.client, .client(trusting: certificates.authority)), host: "localhost")
        let layer = SecureLayer(engine, Scratch())
        var isDone = false
        while !isDone {
            if case .done = layer.handshake() { isDone = true }
            _ = layer.flush {
                pair.server.feed(Array($0)[...])
                return $0.count
            }
            _ = pair.server.handshake()
            let answer = pair.server.taken()
            answer.withUnsafeBytes { layer.engine.feed($0) }
        }
        return (layer, pair.server)
    }

    @Test("The end of one side is told in order, after all that came before it; the other side goes on")
    func closeNotify() throws {
        let pair = try connectedPair()
        #expect(pair.client.write([1, 2, 3]) == 3)
        pair.client.shutDown()
        pair.moveToServer()
        #expect(pair.server.read().bytes == [1, 2, 3])
        #expect(pair.server.read().outcome == .closeNotify)
        #expect(pair.server.read().outcome == .closeNotify)
        #expect(pair.server.write([4]) == 1)
        pair.moveToClient()
        #expect(pair.client.read().bytes == [4])
        #expect(pair.client.write([5]) == 0)
    }

    @Test("A record that was tampered with ends the connection at both ends")
    func tampered() throws {
        for version in [TLSConfiguration.Version.tls12, .tls13] {
            let pair = try connectedPair(version)
            #expect(pair.client.write([1, 2, 3]) == 3)
            var record = pair.client.taken()
            record[record.count - 1] ^= 1
            pair.server.feed(record[...])
            guard case .failed(.library) = pair.server.read().outcome else {
                Issue.record("\(pair.server.read())")
                continue
            }
            pair.moveToClient()
            #expect(pair.client.read().outcome == .failed(.alert(20)))
        }
    }

    @Test("What is not TLS is no plain-text server once the handshake is done")
    func garbage() throws {
        let pair = try connectedPair()
        pair.client.feed(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)[...])
        guard case .failed(let failure) = pair.client.read().outcome else { return #expect(Bool(false)) }
        #expect(failure != .notTLS)
    }

    @Test("Who the peer is, in words")
    func peer() throws {
        let pair = try connectedPair()
        let words = try #require(pair.client.peerCertificate())
        #expect(words.hasPrefix("CN=server, issued by CN=authority, valid until "))
        #expect(words.hasSuffix(" GMT"))
        #expect(pair.server.peerCertificate() == nil)
        #expect(pair.client.cipherSuite?.hasPrefix("TLS_") == true)
    }

    /// Carries `bytes`, so many a write, and so much ciphertext at a time; returns what comes out.
    private static func carry(
        _ bytes: [UInt8], from sender: EngineEnd, to receiver: EngineEnd, writing: Int, feeding: Int
    ) -> [UInt8] {
        var received: [UInt8] = []
        var written = 0
        while written < bytes.count {
            let count = sender.write(Array(bytes[written..<min(written + writing, bytes.count)]))
            guard count > 0 else { break }
            written += count
            var ciphertext = sender.taken()[...]
            while !ciphertext.isEmpty {
                receiver.feed(ciphertext.prefix(feeding))
                ciphertext = ciphertext.dropFirst(feeding)
                while case (.bytes, let plaintext) = receiver.read() { received += plaintext }
            }
        }
        return received
    }
}
