/// What happens in a composition, besides what always does.
struct Concerns: OptionSet, Hashable, Sendable {
    let rawValue: UInt16

    /// Callers give up, and more of them want a connection, or its end, than may wait.
    static let promises = Concerns(rawValue: 1)
    /// Whole messages and flushes are sent; the system takes a part of them.
    static let sends = Concerns(rawValue: 2)
    /// Messages in fragments are sent.
    static let fragments = Concerns(rawValue: 4)
    /// Callers ping.
    static let pings = Concerns(rawValue: 8)
    /// Messages come, and are consumed.
    static let messages = Concerns(rawValue: 16)
    /// Bytes come, and the system refuses some, so that silences differ.
    static let life = Concerns(rawValue: 32)
    /// The server pings.
    static let serverPings = Concerns(rawValue: 64)
    /// Every fact with all its data, possible or not, and every timer, running or not.
    static let everything = Concerns(rawValue: 128)
    /// The same from an attempt that is over.
    static let past = Concerns(rawValue: 256)
    /// Messages are posted, kept and not.
    static let posts = Concerns(rawValue: 512)
    /// Requests are posted, kept and not; answers come.
    static let answers = Concerns(rawValue: 1024)
    /// Messages are posted that cost something.
    static let limits = Concerns(rawValue: 2048)
    /// Credentials are presented, accepted and not; callers want them renewed.
    static let credentials = Concerns(rawValue: 4096)
    /// Subscriptions are wanted, answered and ended; their messages come and stay away.
    static let subscriptions = Concerns(rawValue: 8192)
    /// The bucket is kept elsewhere: tokens come when they like, and some too late.
    static let claims = Concerns(rawValue: 16384)
}

/// The callers of a composition: each waits for one thing at a time, and has a number of its own.
enum Caller {
    static let connecting = [OperationID(1), OperationID(2)]
    static let closing = [OperationID(3), OperationID(4)]
    static let sending = [OperationID(5), OperationID(6)]
    static let message = OperationID(7)
    static let fragments = [OperationID(9), OperationID(10)]
    static let flushing = [OperationID(11), OperationID(12)]
    static let pinging = [OperationID(13), OperationID(14), OperationID(15)]
    static let posting = [OperationID(16), OperationID(17)]
    static let keeping = [OperationID(18)]
    static let requesting = [OperationID(19), OperationID(20)]
    static let insisting = [OperationID(21)]
    static let urging = [OperationID(22)]
    static let subscribing = [OperationID(23)]
    static let leaving = [OperationID(25)]
    static let demanding = [OperationID(26), OperationID(27)]
    static let failing = [OperationID(28)]
    static let nobody = OperationID(30)
}
