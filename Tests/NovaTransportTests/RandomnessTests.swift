import NovaTransport
import Testing

@Suite("Randomness")
struct RandomnessTests {
    @Test("The accept value is that of RFC 6455 §1.3")
    func accept() {
        #expect(HandshakeKey(key: "dGhlIHNhbXBsZSBub25jZQ==").accept == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    }

    @Test("Keys are 16 bytes in base64, and never the same")
    func keys() {
        let keys = (0..<100).map { _ in HandshakeKey().key }
        #expect(keys.allSatisfy { $0.utf8.count == 24 && $0.hasSuffix("==") })
        #expect(Set(keys).count == 100)
    }

    @Test("Masks are used once: beyond a refill hardly any two are the same")
    func masks() {
        var masks = MaskKeys()
        #expect(Set((0..<5000).map { _ in masks.next() }).count > 4990)
    }
}
