import NovaTransport
import Testing

@Suite("Random bytes, mask keys, handshake keys")
struct RandomnessTests {
    @Test("Sec-WebSocket-Accept of the example in RFC 6455 §1.3")
    func accept() {
        #expect(HandshakeKey(key: "dGhlIHNhbXBsZSBub25jZQ==").accept == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    }

    @Test("A handshake key is 16 bytes in base64, and never the same")
    func handshakeKeys() {
        let keys = (0..<100).map { _ in HandshakeKey() }
        #expect(Set(keys.map(\.key)).count == keys.count)
        for key in keys {
            #expect(key.key.utf8.count == 24)
            #expect(key.key.hasSuffix("=="))
            #expect(key.accept.utf8.count == 28)
            #expect(key.accept == HandshakeKey(key: key.key).accept)
        }
    }

    @Test("Mask keys go on beyond the pool, and hardly ever repeat")
    func maskKeys() {
        var keys = MaskKeys()
        var bits = [Int](repeating: 0, count: 32)
        var seen: Set<UInt32> = []
        let count = 5000
        for _ in 0..<count {
            let key = keys.next()
            seen.insert(key)
            for bit in 0..<32 where key >> bit & 1 == 1 { bits[bit] += 1 }
        }
        // 5 000 of 2³² numbers: a pair is expected every 340 runs, and three pairs once in 10⁸.
        #expect(seen.count >= count - 2)
        // Eight standard deviations.
        for ones in bits { #expect(abs(ones - count / 2) < 284) }
    }

    @Test("Two pools do not hand out the same keys")
    func copies() {
        var first = MaskKeys()
        var second = MaskKeys()
        #expect((0..<8).map { _ in first.next() } != (0..<8).map { _ in second.next() })
    }

    @Test("Every byte of a buffer is filled, and none beside it")
    func fill() {
        var counts = [Int](repeating: 0, count: 40)
        for _ in 0..<64 {
            var bytes = [UInt8](repeating: 0, count: 40)
            bytes.withUnsafeMutableBytes { Randomness.fill(UnsafeMutableRawBufferPointer(rebasing: $0[4..<36])) }
            for (index, byte) in bytes.enumerated() where byte != 0 { counts[index] += 1 }
        }
        #expect(counts[..<4].allSatisfy { $0 == 0 } && counts[36...].allSatisfy { $0 == 0 })
        #expect(counts[4..<36].allSatisfy { $0 > 32 })
        Randomness.fill(UnsafeMutableRawBufferPointer(start: nil, count: 0))
        #expect(Set((0..<100).map { _ in Randomness.number() }).count == 100)
    }
}
