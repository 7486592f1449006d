import NovaKernel

/// Writes a trace in the forms of other tools. Pure functions: what they give is the file's content.
public enum Export {
    /// Why a trace can't be written in a form.
    public enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
        /// The form needs bytes, and there are none.
        case noTraffic
        /// What was sent first in this attempt is not an opening handshake: there is nothing to tell of it in HTTP.
        case noRequest(attempt: UInt32)
        /// The trace itself can't be read as this machine's.
        case unreadable(String)

        /// The failure in a sentence.
        public var description: String {
            switch self {
            case .noTraffic: "the recording holds no bytes"
            case .noRequest(let attempt): "attempt \(attempt) does not begin with an opening handshake"
            case .unreadable(let reason): reason
            }
        }
    }
}

extension Trace {
    /// The steps of each attempt that matter to those who draw its bytes.
    struct AttemptTimes {
        /// When it was begun to connect, and when the connection stood.
        var dialing: UInt64?
        var dialed: UInt64?
        /// When the attempt ended, and the transport's end if that was what ended it.
        var ended: UInt64?
        var transportEnd: TransportEnd?
    }

    /// The times of every attempt in the trace.
    func attemptTimes() throws(Export.Failure) -> [UInt32: AttemptTimes] {
        var times: [UInt32: AttemptTimes] = [:]
        let visit: (Walked) -> Void = { step in
            let attempt = step.kernel.attempt.number
            let now = step.record.at.nanoseconds
            switch step.record.rule {
            case .lifecycle(.resolved): times[attempt, default: AttemptTimes()].dialing = now
            case .lifecycle(.dialed): times[attempt, default: AttemptTimes()].dialed = now
            default: break
            }
            guard step.endsAttempt, times[attempt]?.ended == nil else { return }
            times[attempt, default: AttemptTimes()].ended = now
            if case .transportEnded(let end)? = step.record.fact { times[attempt]?.transportEnd = end }
        }
        do throws(WordError) { try walk(visit) } catch { throw .unreadable(error.description) }
        return times
    }
}
