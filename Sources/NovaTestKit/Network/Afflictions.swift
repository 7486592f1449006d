import NovaEcho
import NovaKernel
import NovaWire

/// What lasts of what a server suffers, and until when. Of two of a kind the later one counts.
struct Afflictions {
    private var lasting: [(fault: Fault, until: UInt64)] = []

    mutating func add(_ fault: Fault, at now: UInt64, until end: UInt64) {
        guard end > now else { return }
        lasting.removeAll { $0.until <= now }
        lasting.append((fault, end))
    }

    private func last<Value>(_ now: UInt64, _ read: (Fault) -> Value?) -> Value? {
        for (fault, until) in lasting.reversed() where until > now {
            if let value = read(fault) { return value }
        }
        return nil
    }

    func resolution(_ now: UInt64) -> (delay: UInt64, code: Int32?) {
        let delay = last(now) { if case .resolveDelay(let delay, _) = $0 { delay.wholeNanoseconds } else { nil } }
        return (delay ?? 0, last(now) { if case .resolveFailure(let code, _) = $0 { code } else { nil } })
    }

    /// `ECONNREFUSED`, or silence.
    func dial(_ now: UInt64) -> DialAnswer? {
        last(now) {
            switch $0 {
            case .refuse: .refuses(errno: 111)
            case .ignore: .ignores
            default: nil
            }
        }
    }

    func tls(_ now: UInt64) -> TLSFailure? {
        last(now) { if case .tlsFailure(let failure, _) = $0 { failure } else { nil } }
    }

    func stalledUntil(_ now: UInt64) -> UInt64? {
        lasting.filter { if case .stall = $0.fault { $0.until > now } else { false } }.map(\.until).max()
    }

    func ignoresPings(_ now: UInt64) -> Bool {
        last(now) { if case .ignorePings = $0 { true } else { nil } } ?? false
    }

    func ignoresClose(_ now: UInt64) -> Bool {
        last(now) { if case .ignoreClose = $0 { true } else { nil } } ?? false
    }

    func upgrade(_ now: UInt64) -> ServerScript.Answer? {
        last(now) {
            switch $0 {
            case .refuseUpgrade(let status, let retryAfter, _):
                let fields = retryAfter.map { [HeaderField("Retry-After", "\($0)")] } ?? []
                return .bytesThenEnd(UpgradeAnswer(refusing: status, headers: fields, body: "Not now.").bytes)
            case .garbleUpgrade: return .bytesThenEnd(Array("220 mail.example ESMTP\r\n\r\n".utf8))
            case .ignoreUpgrade: return .silence
            default: return nil
            }
        }
    }
}
