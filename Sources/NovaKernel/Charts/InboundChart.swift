import NovaMachine

extension Inbound {
    /// The statechart of the inbound account, explored from its code with room for two messages.
    public static let chart = Result { () throws(UnboundedMachine) in
        try Chart("Inbound", initial: [sample], exploring: exploration)
    }

    /// Everything the account can become; more than twice what is allowed is as good as twice.
    public static var exploration: Exploration<Inbound> {
        Exploration(from: [sample], alphabet: { _ in alphabet }, representative: { $0.folded })
    }

    private static var sample: Inbound {
        var limits = InboundLimits()
        limits.maximumBytes = 4
        limits.maximumMessages = 2
        return Inbound(limits)
    }

    private static let alphabet: [Exemplar<Event>] = [
        Exemplar("began", .began(AttemptID(1))), Exemplar("arrived", .arrived(.text, count: 1)),
        Exemplar("arrived", .arrived(.binary, count: 4)), Exemplar("consumed", .consumed(messages: 1, bytes: 1)),
        Exemplar("consumed", .consumed(messages: 1, bytes: 4)), Exemplar("consumed", .consumed(messages: 4, bytes: 16)),
        Exemplar("consumerLeft", .consumerLeft), Exemplar("closing", .closing), Exemplar("ended", .ended),
    ]

    private var folded: Inbound {
        var folded = self
        folded.messages = min(messages, limits.maximumMessages * 2)
        folded.bytes = min(bytes, limits.maximumBytes * 2)
        folded.discarded = min(discarded, 1)
        return folded
    }
}
