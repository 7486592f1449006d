import NovaKernel
import NovaTrace
import NovaWire

/// What an attempt left behind for the story of its end: words and bodies, which the machine knows by number only.
///
/// An object, because most connections have none most of the time.
final class Evidence {
    var closeReason = ""
    var ourReason = ""
    var response: ResponseHead?
    var responseBody: [UInt8] = []
    var words = ""

    /// The story: the machine's account, its last steps, and what was left behind.
    func story(_ cause: TerminationCause, _ flightRecord: [FlightRecorder.Record], _ policy: Policy) -> Termination {
        Termination(
            cause: cause, closeReason: closeReason, ourReason: ourReason, response: response,
            responseBody: responseBody,
            flightRecord: flightRecord, words: words, policy: policy)
    }
}

extension Driver {
    /// Keeps something for the story of the present attempt's end.
    func note(_ change: (Evidence) -> Void) {
        let evidence = evidence ?? Evidence()
        change(evidence)
        self.evidence = evidence
    }
}
