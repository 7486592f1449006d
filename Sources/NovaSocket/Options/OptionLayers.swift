import NovaKernel

/// Whose word an option is. Each layer counts more than those before it.
public enum OptionLayer: String, Hashable, Sendable, CaseIterable {
    /// The library's default.
    case library
    /// The adapter's, or that of handlers that were put together without one.
    case adapter
    /// That of whoever made the session.
    case client
    /// That of a single call.
    case call
}

/// Every option of a session with its value, and whose word it is.
public struct OptionsExplanation: Sendable, CustomStringConvertible {
    /// An option.
    public struct Row: Hashable, Sendable {
        /// Its name, such as `policy.keepalive.interval`.
        public let name: String
        /// Its value in words; of headers, their names only.
        public let value: String
        /// Whose word it is: that of the last layer that changed it.
        public let layer: OptionLayer
    }

    /// The options.
    public let rows: [Row]
    /// What about them and the URL may be meant, and mostly is not.
    public internal(set) var warnings: [OptionsWarning] = []

    /// The option of that name.
    public subscript(name: String) -> Row? { rows.first { $0.name == name } }

    /// A line for each option: name, value and whose word it is; and for each warning.
    public var description: String {
        let width = rows.map(\.name.count).max() ?? 0
        let lines = rows.map { row in
            let gap = String(repeating: " ", count: width - row.name.count)
            return "\(row.name)\(gap)  \(row.value)  (\(row.layer.rawValue))"
        }
        return (lines + warnings.map { "Warning: \($0)" }).joined(separator: "\n")
    }
}

/// Options as layer after layer has made them.
struct OptionLayers: Sendable {
    private(set) var options: WebSocketOptions
    private var layers: [String: OptionLayer] = [:]

    init(_ options: WebSocketOptions) { self.options = options }

    /// The next layer's word. Who puts another policy in the place of all of it means what is in it, and not that there is
    /// no rate limit and nobody to be: what was said of these stays, unless the new one has its own.
    mutating func apply(_ layer: OptionLayer, _ change: (inout WebSocketOptions) -> Void) {
        let before = Dictionary(uniqueKeysWithValues: options.listed.map { ($0.name, $0.value) })
        let said = options.policy
        options.policy.isGiven = true
        change(&options)
        if !options.policy.isGiven {
            options.policy.rateLimit = options.policy.rateLimit ?? said.rateLimit
            options.policy.authentication = options.policy.authentication ?? said.authentication
        }
        options.policy.isGiven = false
        for (name, value) in options.listed where before[name] != value { layers[name] = layer }
    }

    /// Every option, those of calls included: what the session's calls say, and what one call says over them.
    func explanation(
        adapter: CallOptions, client: CallOptions, call: CallOptions
    ) -> OptionsExplanation {
        let own = options.listed.map {
            OptionsExplanation.Row(name: $0.name, value: $0.value, layer: layers[$0.name] ?? .library)
        }
        let words: [(OptionLayer, CallOptions)] = [
            (.call, call), (.client, client), (.adapter, adapter), (.library, .standard),
        ]
        let calls = CallOptions.parts.map { name, read in
            let said = words.lazy.compactMap { layer, options in read(options).map { (layer, $0) } }.first
            return OptionsExplanation.Row(
                name: "call.\(name)", value: said?.1 ?? "as the handler says", layer: said?.0 ?? .adapter)
        }
        return OptionsExplanation(rows: own + calls)
    }
}

extension CallOptions {
    fileprivate static let parts: [(String, @Sendable (CallOptions) -> String?)] = [
        ("timeout", { $0.timeout.map { "\($0)" } }),
        (
            "retention",
            {
                switch $0.retention {
                case .drop?: "dropped with the connection"
                case .keep(let time)?: "kept for \(time)"
                case nil: nil
                }
            }
        ),
        ("priority", { $0.priority.map { "\($0)" } }),
        ("cost", { $0.cost.map { "\($0)" } }),
    ]
}

extension WebSocketOptions {
    /// Every option in words, without anything secret.
    fileprivate var listed: [(name: String, value: String)] {
        let names = headers.isEmpty ? "none" : headers.map(\.name).joined(separator: ", ")
        let own: [(name: String, value: String)] = [
            ("headers", names), ("origin", origin ?? "none"),
            ("subprotocols", subprotocols.isEmpty ? "none" : subprotocols.joined(separator: ", ")),
            ("tls", "\(tls)"), ("loop", loop == nil ? "shared" : "its own"),
            ("sharedRateLimit", sharedRateLimit.map { "\($0)" } ?? "none"),
        ]
        let looks: [(name: String, value: String)] = [
            ("recording", recording == nil ? "no" : "yes"), ("name", name ?? "none"),
            ("observers", observers.isEmpty ? "none" : "\(observers.count)"),
            ("flightRecorderCapacity", "\(flightRecorderCapacity)"),
            ("maximumRefusalBody", "\(maximumRefusalBody)"),
            ("chooseDelay", chooseDelay == nil ? "none" : "a function"),
            ("rollover.preparation", "\(rollover.preparation)"), ("rollover.overlap", "\(rollover.overlap)"),
        ]
        let all = own + looks
        return all + policy.words.map { ("policy.\($0.name)", $0.value) }
    }
}

extension Session {
    /// Every option with its value, and whose word it is: the library's default, the adapter's, the client's or, with
    /// `call`, that of the call.
    public func explainOptions(for call: CallOptions = CallOptions()) -> OptionsExplanation {
        var explanation = layers.explanation(adapter: line.handlers.calls, client: clientCalls, call: call)
        explanation.warnings = endpoint.warnings
        return explanation
    }
}
