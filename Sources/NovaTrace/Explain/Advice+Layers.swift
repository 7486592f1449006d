import NovaKernel
import NovaWire

// What usually helps where one of the layers failed.

extension TLSFailure {
    var advice: String {
        switch self {
        case .certificateExpired: "Renew the server's certificate, or the one it rests on; and check the clock here."
        case .certificateNotYetValid: "Check the clock here; if it is right, the certificate was made for later."
        case .hostnameMismatch:
            "Connect by a name that is in the certificate, or name it in tls.serverName if you connect by another."
        case .selfSigned: "Trust it by name: put the certificate into tls.trustRoots."
        case .unknownIssuer:
            "Put the issuer's certificate into tls.trustRoots; if everybody knows the issuer, the server does not send "
                + "the certificates in between."
        case .certificateRevoked: "Don't trust it: the server needs another certificate."
        case .certificateInvalid: "Look the number up among OpenSSL's X509_V_ERR codes, and mend the certificate."
        case .protocolVersion:
            "Let the server speak TLS 1.2 or later, and look at tls.minimumVersion and tls.maximumVersion."
        case .alert(40), .alert(71):
            "Look for a cipher both ends have, and whether the server wants a certificate of us."
        case .alert(70): "Let the server speak TLS 1.2 or later, and look at tls.minimumVersion."
        case .alert(112): "Check the host's name, or tls.serverName: the server has no certificate for it."
        case .alert(120): "Look at tls.applicationProtocols: the server speaks none of them."
        case .alert where isAboutClientCertificate:
            "Check the certificate in tls.identity: the server wants one, or does not accept this one."
        case .alert(80), .alert(90): "Try again, and look into the server's log."
        case .alert: "Look into the server's log: it ended TLS with this alert."
        case .notTLS: "Use ws:// for a port without TLS, or the port that has it."
        case .truncated:
            "Check that the port speaks TLS and nothing in between forbids it: the connection ended without an answer."
        case .library: "Read the TLS library's own words, in brackets where there are any."
        }
    }
}

extension HandshakeFault {
    var advice: String {
        switch self {
        case .requestImpossible: "Check the headers, the origin and the subprotocols in the options."
        case .malformedStatusLine: "Check the port: what answered does not speak HTTP/1.1."
        case .malformedHeader, .malformedBody: "Look at what answered: its HTTP is broken."
        case .headTooLarge: "Look at what answered: 16 KiB and 128 headers are the limit, usually broken by cookies."
        case .upgradeMissing, .connectionMissing:
            "Check that it is a WebSocket server, and that what stands in between passes these headers on."
        case .acceptMissing: "Check that it is a WebSocket server: it says so, but has not read the request."
        case .acceptMismatch: "Look for a cache in between: the answer is to another request, or to none."
        case .subprotocolNotOffered:
            "Offer the subprotocol in the options, or let the server choose among those offered."
        case .extensionNotOffered: "Mend the server: it may only choose extensions that were offered."
        }
    }
}

extension ProtocolViolation {
    /// `limits` are the connection's, where they are known.
    func advice(_ limits: WireLimits?) -> String {
        func raise(_ name: String, _ value: String?) -> String {
            "Raise wire.\(name)\(value.map { ", now \($0)," } ?? "") if such messages are meant to come."
        }
        return switch self {
        case .frameTooBig: raise("maximumFrameBytes", limits.map { sized($0.maximumFrameBytes) })
        case .messageTooBig: raise("maximumMessageBytes", limits.map { sized($0.maximumMessageBytes) })
        case .tooManyFragments: raise("maximumFragments", limits.map { counted($0.maximumFragments, "frame") })
        case .invalidUTF8: "Let the server send such bytes as a binary message: text must be UTF-8."
        case .reservedBits:
            "Let the server send what was agreed on: it seems to compress, or to use another extension nobody asked for."
        case .maskedByServer, .unmaskedByClient: "Check what answers: it masks its frames as the other end should."
        case .reservedOpcode, .fragmentedControlFrame, .oversizedControlFrame, .nonMinimalLength, .lengthOverflow,
            .unexpectedContinuation, .interruptedMessage:
            "Mend the server, or what stands in between and changes the bytes."
        case .truncatedCloseStatus, .invalidCloseCode, .invalidCloseReason:
            "Mend the server's close frame; it was about to close anyway."
        }
    }
}

extension Timer {
    /// `policy` is the connection's, where it is known.
    func advice(_ policy: Policy?) -> String {
        func bound(_ name: String, _ duration: Duration?) -> String {
            "\(name)\(duration.map { ", now \($0.told)," } ?? "")"
        }
        let times = policy?.timeouts
        return switch self {
        case .resolve: "Check the resolver; raise \(bound("timeouts.resolve", times?.resolve)) if it is slow."
        case .dial: "Look at routes, firewalls and the host; raise \(bound("timeouts.dial", times?.dial)) if it is far."
        case .tunnel: "Look at the proxy; raise \(bound("timeouts.tunnel", times?.tunnel)) if it is slow."
        case .secure:
            "Check that the port speaks TLS; raise \(bound("timeouts.secure", times?.secure)) if the server is slow."
        case .upgrade:
            "Check that the port and the path are those of a WebSocket server; raise "
                + "\(bound("timeouts.upgrade", times?.upgrade)) if it is slow."
        case .deadline:
            "See which phase took the time; raise \(bound("timeouts.open", times?.open)) if all of them need it."
        case .authenticate: "Raise \(bound("timeouts.authenticate", times?.authenticate)) if the server is slow."
        case .restore: "Raise \(bound("timeouts.restore", times?.restore)) if the server is slow."
        case .drain: "Raise \(bound("timeouts.drain", times?.drain)) if so much must be sent first."
        case .close: "Raise \(bound("timeouts.close", times?.close)) if the server is slow."
        case .outage:
            "Look at the attempts before: each has its own cause. Raise "
                + "\(bound("reconnection.maximumOutage", policy?.reconnection.maximumOutage)) if outages may last longer."
        case .stability, .backoff, .keepalive, .pong, .request, .outbox, .limit, .refresh, .subscription,
            .freshness:
            "Record a trace and report it: such a timer ends nothing."
        }
    }
}
