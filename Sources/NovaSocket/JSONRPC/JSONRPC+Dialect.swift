extension JSONRPC {
    /// How far a peer may be from the specification, and how we write to it.
    ///
    /// Whatever a dialect does not allow is told as a ``Problem``.
    public struct Dialect: Hashable, Sendable {
        /// `jsonrpc` may be missing, as in the Chrome DevTools Protocol and from JSON-RPC 1.0. Where it is, it must be
        /// `"2.0"` in every dialect (§4, §5).
        public var allowsMissingVersion: Bool
        /// A message may have members that the specification does not name: Deribit sends `usIn`, `usOut` and
        /// `testnet`, the DevTools Protocol `sessionId`.
        public var allowsUnknownMembers: Bool
        /// A response may have `"error": null` beside its result or `"result": null` beside its error, as in JSON-RPC
        /// 1.0, and a request or notification `"error": null`. If a response has both, and both are null, its result is
        /// null (§5: one of them, never both).
        public var allowsNullBeside: Bool
        /// An error may have no `id`, as in the DevTools Protocol, where §5 has `"id": null`. A result needs one in
        /// every dialect.
        public var allowsMissingID: Bool
        /// A method with `"id": null` is a notification, as in JSON-RPC 1.0. §4 takes it for a request, but discourages
        /// it.
        public var allowsNullID: Bool
        /// `"params": null` stands for no parameters; §4.2 has objects and arrays only.
        public var allowsNullParams: Bool
        /// Whether what we write has `"jsonrpc": "2.0"`. Chrome refuses messages with members that it does not know,
        /// and this is one.
        public var writesVersion = true
        /// How many elements a batch that comes in has at most: one with more is told as one problem, since each of its
        /// elements could be two bytes long.
        public var maximumBatchCount = 10_000

        private init(isLenient: Bool) {
            allowsMissingVersion = isLenient
            allowsUnknownMembers = isLenient
            allowsNullBeside = isLenient
            allowsMissingID = isLenient
            allowsNullID = isLenient
            allowsNullParams = isLenient
        }

        /// The specification to the letter.
        public static let strict = Dialect(isLenient: false)

        /// Whatever is meant clearly, as servers of today send it: all of the above is allowed, and the version is
        /// written.
        public static let lenient = Dialect(isLenient: true)

        /// The Chrome DevTools Protocol: lenient, and written without the version.
        public static let devTools = {
            var dialect = lenient
            dialect.writesVersion = false
            return dialect
        }()
    }
}
