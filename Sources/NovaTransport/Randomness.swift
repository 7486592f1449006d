import COpenSSL

/// Unpredictable bytes, from the TLS library's generator.
package enum Randomness {
    /// Fills `buffer`. Should OpenSSL's generator fail, the system's, which can't, takes its place.
    package static func fill(_ buffer: UnsafeMutableRawBufferPointer) {
        guard RAND_bytes(buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), Int32(clamping: buffer.count)) != 1
        else { return }
        var system = SystemRandomNumberGenerator()
        for index in buffer.indices { buffer[index] = system.next() }
    }

    /// Eight of them as a number.
    package static func number() -> UInt64 {
        var number: UInt64 = 0
        withUnsafeMutableBytes(of: &number) { fill($0) }
        return number
    }
}

/// Keys for masking frames, made many at a time: each is unpredictable, and used once (RFC 6455 §5.3, §10.3).
///
/// Not copyable: a copy would hand out the same keys.
package struct MaskKeys: ~Copyable {
    private static let batch = 1024
    private var keys = [UInt32](repeating: 0, count: batch)
    private var left = 0

    /// No keys yet.
    package init() {}

    /// A key that was never used.
    @inline(__always)
    package mutating func next() -> UInt32 {
        if left == 0 { refill() }
        left -= 1
        let key = keys[left]
        keys[left] = 0  // nobody reads in a memory dump what a frame was masked with
        return key
    }

    private mutating func refill() {
        keys.withUnsafeMutableBytes { Randomness.fill($0) }
        left = Self.batch
    }
}

/// The key of an opening handshake and the answer it must get (RFC 6455 §4.1).
package struct HandshakeKey: Sendable {
    /// `Sec-WebSocket-Key`: 16 random bytes in base64.
    package let key: String
    /// `Sec-WebSocket-Accept`.
    package let accept: String

    /// A fresh key.
    package init() {
        var nonce = [UInt8](repeating: 0, count: 16)
        nonce.withUnsafeMutableBytes { Randomness.fill($0) }
        self.init(nonce: nonce)
    }

    /// The key of these 16 bytes.
    package init(nonce: [UInt8]) { self.init(key: Base64.encode(nonce)) }

    /// This key, with its answer (§4.2.2): the hash of the key and a constant of the protocol.
    package init(key: String) {
        self.key = key
        let text = Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8)
        var digest = [UInt8](repeating: 0, count: Int(SHA_DIGEST_LENGTH))
        SHA1(text, text.count, &digest)
        accept = Base64.encode(digest)
    }

}

/// Bytes as text (RFC 4648 §4).
private enum Base64 {
    static func encode(_ bytes: [UInt8]) -> String {
        var text = [UInt8](repeating: 0, count: (bytes.count + 2) / 3 * 4 + 1)
        let count = EVP_EncodeBlock(&text, bytes, Int32(bytes.count))
        return String(decoding: text.prefix(Int(count)), as: UTF8.self)
    }
}

/// HMAC-SHA256 (RFC 2104).
package struct KeyedHash: Sendable {
    private let key: [UInt8]

    /// A hash under this key, which others may have too: as in a signature.
    package init(key: [UInt8]) { self.key = key }

    /// A hash under a fresh key, which nobody else has.
    package init() {
        var key = [UInt8](repeating: 0, count: 32)
        key.withUnsafeMutableBytes { Randomness.fill($0) }
        self.key = key
    }

    /// The digest of a text, as 64 lowercase hexadecimal digits.
    package func hexadecimal(_ text: String) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: digest(Array(text.utf8)).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
            as: UTF8.self)
    }

    /// The digest of a text, in base64.
    package func base64(_ text: String) -> String { Base64.encode(digest(Array(text.utf8))) }

    /// The digest of `bytes`: 32 bytes.
    package func digest(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        HMAC(EVP_sha256(), key, Int32(key.count), bytes, bytes.count, &digest, nil)
        return digest
    }
}
