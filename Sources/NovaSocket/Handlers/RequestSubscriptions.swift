/// Subscribes by requests, one for each channel: `subscribe` with the channel's name, and `unsubscribe` with the same.
///
/// ```
/// {"jsonrpc":"2.0","id":7,"method":"subscribe","params":{"channel":"trades"}}
/// ```
///
/// Whatever the server answers as a result confirms the channel; what it answers as an error refuses it, and no other. It is
/// what ``SubscriptionHandler`` does by itself, and asks as the session's ``MessageHandler`` writes requests. A service that
/// takes several channels at once, or names channels otherwise than they were asked for, wants a handler of its own.
public struct RequestSubscriptions: SubscriptionHandler {
    private let subscribe: String, unsubscribe: String, parameter: String

    /// - Parameters:
    ///   - subscribe: the method that asks for a channel.
    ///   - unsubscribe: the method that takes that back.
    ///   - parameter: the parameter that has the channel's name. The members of ``Channel/parameters`` stand beside it; what is
    ///     no object, in `parameters`.
    public init(subscribe: String = "subscribe", unsubscribe: String = "unsubscribe", parameter: String = "channel") {
        (self.subscribe, self.unsubscribe, self.parameter) = (subscribe, unsubscribe, parameter)
    }

    /// `subscribe`, `unsubscribe` and `channel`.
    static let standard = RequestSubscriptions()

    /// Asks for the channels in their order, none of them waiting for the answer to another.
    public func subscribe(to channels: [Channel], _ context: SessionContext) async throws -> [SubscriptionVerdict] {
        try await inOrder(channels) { channel in
            do {
                _ = try await context.request(subscribe, parameters(of: channel), as: JSONValue.self)
                return .confirmed
            } catch let error as WebSocketError where error.isOfConnection {
                throw error  // the next connection is asked
            } catch {
                return .refused(error)
            }
        }
    }

    /// Tells the server of each. Throws the first of its errors, when it was told of all of them.
    public func unsubscribe(from channels: [Channel], _ context: SessionContext) async throws {
        let errors = try await inOrder(channels) { channel -> (any Error)? in
            do {
                _ = try await context.request(unsubscribe, parameters(of: channel), as: JSONValue.self)
                return nil
            } catch let error as WebSocketError where error.isOfConnection {
                throw error
            } catch {
                return error
            }
        }
        if let error = errors.lazy.compactMap(\.self).first { throw error }
    }

    private func parameters(of channel: Channel) -> [String: JSONValue] {
        var parameters: [String: JSONValue]
        switch channel.parameters {
        case nil, .null: parameters = [:]
        case .object(let members): parameters = members
        case let other?: parameters = ["parameters": other]
        }
        parameters[parameter] = .string(channel.name)
        return parameters
    }

    /// Begins all in their order, and waits for all; what one throws, the others do not wait for.
    private func inOrder<Value: Sendable>(
        _ channels: [Channel], _ body: @escaping @Sendable (Channel) async throws -> Value
    ) async throws -> [Value] {
        try await withThrowingTaskGroup(of: (index: Int, value: Value).self) { group in
            for (index, channel) in channels.enumerated() {
                // Immediate tasks run in this order up to their first wait, which is where the machine has the request.
                group.addImmediateTask { (index, try await body(channel)) }
            }
            var values: [(index: Int, value: Value)] = []
            for try await value in group { values.append(value) }
            return values.sorted { $0.index < $1.index }.map(\.value)
        }
    }
}
