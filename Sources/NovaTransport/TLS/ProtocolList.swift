import COpenSSL

/// The names of application protocols as TLS writes them: each behind a byte with its length (RFC 7301 §3.1).
final class ProtocolList: Sendable {
    private let bytes: [UInt8]

    init(_ names: [String]) throws(TLSConfigurationError) {
        for name in names where !(1...255).contains(name.utf8.count) {
            throw TLSConfigurationError(
                subject: "the application protocol \"\(name)\"", reason: "a name has 1 to 255 bytes (RFC 7301)")
        }
        bytes = names.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
    }

    /// Has `context` offer these protocols, or choose from them. The list must live as long as the context.
    func offer(by context: OpaquePointer, _ role: TLSContext.Role) {
        guard !bytes.isEmpty else { return }
        switch role {
        case .client: SSL_CTX_set_alpn_protos(context, bytes, UInt32(bytes.count))
        case .server:
            let list = Unmanaged.passUnretained(self).toOpaque()
            SSL_CTX_set_alpn_select_cb(
                context,
                { _, chosen, chosenCount, offered, offeredCount, list in
                    guard let list, let chosen, let chosenCount else { return SSL_TLSEXT_ERR_ALERT_FATAL }
                    let protocols = Unmanaged<ProtocolList>.fromOpaque(list).takeUnretainedValue()
                    return protocols.choose(
                        chosen, chosenCount, UnsafeBufferPointer(start: offered, count: Int(offeredCount)))
                }, list)
        }
    }

    /// Chooses the first of our protocols that is among the offered ones; an alert if there is none (RFC 7301 §3.2).
    private func choose(
        _ chosen: UnsafeMutablePointer<UnsafePointer<UInt8>?>, _ chosenCount: UnsafeMutablePointer<UInt8>,
        _ offered: UnsafeBufferPointer<UInt8>
    ) -> Int32 {
        var ours = bytes[...]
        while let count = ours.first {
            let name = ours.dropFirst().prefix(Int(count))
            ours = ours.dropFirst(1 + Int(count))
            var theirs = offered[...]
            while let count = theirs.first {
                let candidate = theirs.dropFirst().prefix(Int(count))
                theirs = theirs.dropFirst(1 + Int(count))
                guard candidate.elementsEqual(name) else { continue }
                // The answer points into the offer, which outlives this call.
                chosen.pointee = UnsafeBufferPointer(rebasing: candidate).baseAddress
                chosenCount.pointee = count
                return SSL_TLSEXT_ERR_OK
            }
        }
        return SSL_TLSEXT_ERR_ALERT_FATAL
    }
}
