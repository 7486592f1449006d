import Synchronization

extension TLSContext {
    /// The contexts that need no file but the system's roots: those are many, and slow to read.
    private static let contexts = Mutex<[Key: TLSContext]>([:])

    private struct Key: Hashable {
        var isVerifying: Bool
        var minimum: TLSConfiguration.Version
        var maximum: TLSConfiguration.Version?
        var protocols: [String]
    }

    /// A client's context for this configuration: a fresh one if it names files or texts, which may have changed since.
    package static func client(_ configuration: TLSConfiguration) throws(TLSConfigurationError) -> TLSContext {
        guard configuration.trustRoots == nil, configuration.identity == nil else {
            return try TLSContext(.client, configuration)
        }
        let key = Key(
            isVerifying: configuration.verification == .full, minimum: configuration.minimumVersion,
            maximum: configuration.maximumVersion, protocols: configuration.applicationProtocols)
        if let context = contexts.withLock({ $0[key] }) { return context }
        let context = try TLSContext(.client, configuration)
        contexts.withLock { $0[key] = context }
        return context
    }
}
