import NovaKernel
import NovaTrace
import NovaWire

/// A life for every way in which an attempt can end, by the golden file it stands in.
enum EveryCause {
    static let files: [(name: String, lives: [Life])] = [
        ("caller", caller), ("peer", peer), ("names-and-addresses", addresses), ("tls", tls), ("refusals", refusals),
        ("handshake", handshake), ("protocol", violations), ("transport", transport), ("timeouts", timeouts),
        ("keepalive", keepalive), ("authentication", authentication), ("finality", finality), ("library", library),
    ]

    static var lives: [Life] { files.flatMap(\.lives) }

    /// What the words of the machine allow, and the machine never says.
    static let unreachable: [Ending.Detail] = [
        .timedOut(.drain), .timedOut(.close), .timedOut(.stability), .timedOut(.backoff), .timedOut(.keepalive),
        .timedOut(.pong), .timedOut(.request), .timedOut(.outbox), .timedOut(.limit), .timedOut(.refresh),
        .timedOut(.subscription), .timedOut(.freshness),
    ]

    private static func make(_ life: Life, _ change: (inout Life) -> Void) -> Life {
        var life = life
        change(&life)
        return life
    }

    private static let caller: [Life] = [
        make(.open("closed in order")) {
            $0.command(9000, .close(.normalClosure, reasonCount: 4))
            $0.wrote(9000, 12)
            $0.heard(9015, 4)
            $0.fact(9015, .received(.close(.normalClosure)))
            $0.fact(9015, .transportEnded(.endOfStream))
        },
        make(.open("the server does not answer the close frame")) {
            $0.command(9000, .close(.normalClosure, reasonCount: 0))
            $0.wrote(9000, 8)
            $0.fired(14000, .close)
        },
        make(.open("the server ends without a close frame")) {
            $0.command(9000, .close(.normalClosure, reasonCount: 0))
            $0.wrote(9000, 8)
            $0.fact(9020, .transportEnded(.endOfStream))
        },
        make(.open("the transport fails before the server's close frame")) {
            $0.command(9000, .close(.normalClosure, reasonCount: 0))
            $0.wrote(9000, 8)
            $0.fact(9020, .transportEnded(.failed(errno: 113)))
        },
        make(.open("the close frame never left, and nothing waited before it")) {
            $0.command(9000, .close(.normalClosure, reasonCount: 0))
            $0.fact(9001, .transportEnded(.failed(errno: 104)))
        },
        make(.open("the close frame never left")) {
            $0.command(9000, .send(.whole, .binary, count: 1 << 20))
            $0.command(9000, .send(.whole, .binary, count: 9))
            $0.wrote(9000, 60_000, remaining: 988_590)
            $0.command(9001, .close(.normalClosure, reasonCount: 0))
            $0.fired(14001, .close)
        },
        make(Life("closed before anything was asked")) { $0.command(0, .close(.normalClosure, reasonCount: 0)) },
        make(Life("closed while dialing").upTo(.dialing)) { $0.command(500, .close(.goingAway, reasonCount: 0)) },
        make(Life("closed while waiting") { $0.reconnection = .standard }.upTo(.dialing)) {
            $0.fact(40, .dialFailed(errno: 111))
            $0.command(100, .close(.normalClosure, reasonCount: 0))
        },
        make(.open("a message was given up")) {
            $0.command(2000, .send(.first, .text, count: 5))
            $0.add(3000, .abandoned(OperationID(3)))
            $0.wrote(3000, 15)
            $0.heard(3020, 4)
            $0.fact(3020, .received(.close(.internalError)))
            $0.fact(3020, .transportEnded(.endOfStream))
        },
        make(.open("a handler could not go on")) {
            $0.command(2000, .fail(AttemptID(1), .policyViolation, reasonCount: 5))
            $0.wrote(2000, 13)
            $0.heard(2020, 4)
            $0.fact(2020, .received(.close(.policyViolation)))
            $0.fact(2020, .transportEnded(.endOfStream))
        },
        make(Life("given up while dialing").upTo(.dialing)) {
            $0.command(80, .fail(.whole, .policyViolation, reasonCount: 0))
        },
    ]

    private static let peer: [Life] =
        ([1000, 1001, 1002, 1003, nil, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 4000] as [UInt16?]).map {
            code in
            make(.open(code.map { "close frame \($0)" } ?? "close frame without a code", tls: true)) {
                $0.heard(61000, 4)
                $0.fact(61000, .received(.close(code.map { CloseCode(rawValue: $0) })))
                $0.wrote(61000, 8)
                $0.fact(61020, .transportEnded(.endOfStream))
            }
        }

    private static let addresses: [Life] =
        [-2, -3, -4, -5].map { code in
            make(Life("getaddrinfo \(code)").upTo(.resolving)) { $0.fact(5000, .resolveFailed(code: code)) }
        }
        + [1, 2, 13, 22, 23, 24, 99, 101, 110, 111, 113].map { errno in
            make(Life("errno \(errno)").upTo(.dialing)) { $0.fact(75, .dialFailed(errno: errno)) }
        }

    /// Every failure of TLS; of the alerts, those that have a name and one that has none.
    static let tlsFailures: [TLSFailure] =
        [
            .certificateExpired, .certificateNotYetValid, .hostnameMismatch, .selfSigned, .unknownIssuer,
            .certificateRevoked, .certificateInvalid(code: 26), .protocolVersion, .notTLS, .truncated,
            .library(code: 167_772_294),
        ]
        + [
            0, 10, 20, 22, 40, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 70, 71, 80, 86, 90, 109, 110, 112, 116, 120, 200,
        ].map(TLSFailure.alert)

    private static let tls: [Life] =
        tlsFailures.map { failure in
            make(Life(failure.word, .tls).upTo(.securing)) { $0.fact(75, .transportEnded(.tls(failure))) }
        } + [
            make(Life("our certificate is refused after TLS is set up", .tls).upTo(.upgrading)) {
                $0.fact(75, .transportEnded(.tls(.alert(116))))
            },
            make(.open("TLS fails on an open connection", tls: true)) {
                $0.fact(7500, .transportEnded(.tls(.alert(20))))
            },
        ]

    private static let refusals: [Life] =
        [200, 301, 302, 400, 401, 403, 404, 405, 407, 408, 410, 418, 425, 426, 429, 500, 502, 503, 504].map {
            refusal($0, nil)
        } + [refusal(429, 7), refusal(503, 120)]

    private static func refusal(_ status: UInt16, _ retryAfter: UInt32?) -> Life {
        make(Life("status \(status)" + (retryAfter.map { " with Retry-After \($0)" } ?? ""), .tls).upTo(.upgrading)) {
            $0.wrote(36, 200)
            $0.heard(80, 300)
            $0.fact(80, .refused(status: status, retryAfter: retryAfter))
            $0.fact(81, .refusalEnded)
        }
    }

    private static let handshake: [Life] = HandshakeFault.allCases.map { fault in
        make(Life(fault.rawValue).upTo(.upgrading)) {
            $0.heard(80, 300)
            $0.fact(80, .upgradeFailed(fault))
        }
    }

    private static let violations: [Life] = ProtocolViolation.allCases.map { violation in
        make(.open(violation.rawValue)) {
            $0.heard(2500, 300)
            $0.fact(2500, .violated(violation))
            $0.wrote(2500, 8)
            $0.fact(2530, .transportEnded(.endOfStream))
        }
    }

    private static let transport: [Life] =
        [.endOfStream, .truncated, .failed(errno: 104), .failed(errno: 110)].map { end in
            make(.open("open: \(end.text)", tls: end == .truncated)) { $0.fact(1200, .transportEnded(end)) }
        } + [
            make(.open("open, after a long silence")) { $0.fact(16000, .transportEnded(.endOfStream)) },
            make(.open("open, without a keepalive") { $0.keepalive = nil }) {
                $0.fact(301_000, .transportEnded(.failed(errno: 104)))
            },
            make(.open("open, for hours") { $0.keepalive = nil }.withTraffic(18_180_000)) {
                $0.fact(18_180_004, .transportEnded(.endOfStream))
            },
            make(.open("open, with bytes that never left") { $0.outbound.maximumBytes = 1 << 16 }) {
                $0.command(2000, .send(.whole, .binary, count: 60_000))
                $0.command(2000, .send(.whole, .binary, count: 60_000))
                $0.wrote(2000, 20_000, remaining: 40_008)
                $0.command(2010, .ping)
                $0.fact(2100, .transportEnded(.failed(errno: 104)))
            },
            make(.open("open, with a consumer that is behind") { $0.inbound.maximumMessages = 2 }) {
                for at in Int64(20)...24 {
                    $0.heard(at * 100, 7)
                    $0.fact(at * 100, .received(.message(.text, count: 5)))
                }
                $0.fact(3100, .transportEnded(.endOfStream))
            },
            make(Life("in the opening handshake", .tls).upTo(.upgrading)) {
                $0.fact(90, .transportEnded(.endOfStream))
            },
            make(Life("while TLS is set up", .tls).upTo(.securing)) {
                $0.fact(90, .transportEnded(.failed(errno: 104)))
            },
            make(Life("TLS on the way to a proxy", [.tls, .tunnel]).upTo(.tunnelling)) {
                $0.fact(90, .transportEnded(.tls(.notTLS)))
            },
        ]

    private static let timeouts: [Life] = [
        make(Life("resolve").upTo(.resolving)) { $0.fired(10000, .resolve) },
        make(Life("dial").upTo(.dialing)) { $0.fired(10012, .dial) },
        make(Life("tunnel", .tunnel).upTo(.tunnelling)) { $0.fired(10024, .tunnel) },
        make(Life("secure", .tls).upTo(.securing)) { $0.fired(10024, .secure) },
        make(Life("upgrade", .tls).upTo(.upgrading)) { $0.fired(10036, .upgrade) },
        make(Life("upgrade, of which a part came").upTo(.upgrading)) {
            $0.heard(500, 12)
            $0.fired(10024, .upgrade)
        },
        make(Life("deadline", .tls).upTo(.upgrading)) { $0.fired(30000, .deadline) },
        make(Life("authenticate")) {
            $0.obeysRaises = false
            $0 = $0.upTo(.ready)
            $0.fired(10054, .authenticate)
        },
        make(Life("restore")) {
            $0.obeysRaises = false
            $0 = $0.upTo(.ready)
            $0.fact(60, .authenticated)
            $0.fired(30060, .restore)
        },
        make(Life("outage") { $0.reconnection = Reconnection(maximumOutage: .seconds(90)) }.upTo(.dialing)) {
            $0.fact(40, .dialFailed(errno: 111))
            $0.nextAttempt(89_000)
            $0.add(90_040, .fired(AttemptID(1), .outage))
        },
    ]

    private static let keepalive: [Life] = [
        make(.open("nothing is heard")) {
            $0.fired(21_004, .keepalive)
            $0.wrote(21_004, 14)
            $0.fired(41_004, .keepalive)
        },
        make(.open("a ping was answered before")) {
            $0.fired(21_004, .keepalive)
            $0.wrote(21_004, 14)
            $0.heard(21_030, 10)
            $0.fact(21_030, .received(.pong(PingTable(maximum: 1, timeout: .zero, seed: 7).nextToken)))
            $0.fired(41_004, .keepalive)
            $0.fired(41_030, .keepalive)
            $0.command(43_000, .ping)
            $0.command(43_100, .ping)
            $0.command(43_200, .ping)
            $0.command(43_300, .ping)
            $0.fired(61_030, .keepalive)
        },
    ]

    private static func known(_ name: String, _ change: (inout Life) -> Void) -> Life {
        make(Life(name) { $0.authentication = AuthenticationPolicy() }.upTo(.ready), change)
    }

    private static let authentication: [Life] = [
        known("the server refuses the credentials") {
            $0.authentication(200, .presented(exchange: 1))
            $0.heard(230, 60)
            $0.authentication(231, .failed(exchange: 1, .refused))
            $0.wrote(231, 8)
            $0.heard(240, 4)
            $0.fact(240, .received(.close(.normalClosure)))
            $0.fact(240, .transportEnded(.endOfStream))
        },
        known("there are no credentials") {
            $0.authentication(200, .failed(exchange: 1, .unavailable))
            $0.wrote(200, 8)
            $0.fact(240, .transportEnded(.endOfStream))
        },
        known("the server does not answer to the credentials") {
            $0.authentication(200, .presented(exchange: 1))
            $0.authentication(9000, .failed(exchange: 1, .unanswered))
            $0.wrote(9000, 8)
            $0.fact(9040, .transportEnded(.endOfStream))
        },
        known("renewed credentials are refused") {
            $0.authentication(200, .presented(exchange: 1))
            $0.authentication(231, .accepted(exchange: 1, validMilliseconds: 100_000))
            $0.fired(50_231, .refresh)
            $0.authentication(50_240, .presented(exchange: 2))
            $0.authentication(50_300, .failed(exchange: 2, .refused))
            $0.wrote(50_300, 8)
            $0.fact(50_340, .transportEnded(.endOfStream))
        },
        known("credentials end before others are accepted") {
            $0.authentication(200, .accepted(exchange: 1, validMilliseconds: 8_000))
            $0.fired(4_200, .refresh)
            $0.authentication(4_210, .failed(exchange: 2, .unavailable))
            $0.wrote(4_210, 8)
            $0.fact(4_240, .transportEnded(.endOfStream))
        },
    ]

    private static let finality: [Life] = [
        make(.open("unrecoverable") { $0.reconnection = .standard }) {
            $0.heard(2000, 4)
            $0.fact(2000, .received(.close(.policyViolation)))
            $0.wrote(2000, 8)
            $0.fact(2010, .transportEnded(.endOfStream))
        },
        make(Life("attemptsExhausted") { $0.reconnection = Reconnection(maximumAttempts: 2) }.upTo(.dialing)) {
            $0.fact(40, .dialFailed(errno: 111))
            $0.nextAttempt(340)
            $0.fact(345, .resolved)
            $0.fact(400, .dialFailed(errno: 113))
        },
        make(Life("outageTooLong") { $0.reconnection = Reconnection(maximumOutage: .seconds(1)) }.upTo(.dialing)) {
            $0.fact(40, .dialFailed(errno: 111))
            $0.fired(1040, .outage)
        },
        make(
            Life("delayDenied") { $0.reconnection = Reconnection(backoff: .custom(cap: .seconds(9))) }.upTo(.dialing)
        ) {
            $0.fact(40, .dialFailed(errno: 111))
            $0.fact(41, .delayChosen(nil))
        },
        make(.open("another attempt follows") { $0.reconnection = Reconnection(backoff: .constant(.seconds(2))) }) {
            $0.fact(3000, .transportEnded(.failed(errno: 104)))
            $0.nextAttempt(5000)
            $0.fact(5001, .resolveFailed(code: -3))
        },
    ]

    private static let library: [Life] = [
        make(.open("a fact that can't be")) { $0.fact(2000, .resolved) },
        make(.open("a fact that can't be, with reconnection") { $0.reconnection = .standard }) {
            $0.fact(2000, .resolved)
        },
    ]
}
