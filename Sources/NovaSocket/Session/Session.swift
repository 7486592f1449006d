import NovaKernel
import NovaTrace
import NovaWire
import Synchronization

/// A session with a service: requests and their answers, subscriptions that outlive connections, credentials that are
/// renewed, all over one handle that stays valid until it is closed.
///
/// ```swift
/// let session = try Session("wss://example.com/api", Handlers())
/// try await session.connect()
/// let time: Int = try await session.request("get_time")
/// await session.close()
/// ```
///
/// Everything may be called from any task. A handle that is let go of without being closed closes itself with 1001.
public final class Session: Sendable {
    let endpoint: Endpoint
    let core: SessionCore
    /// Goes to the session's connection, whichever it is.
    let line: SessionLine

    /// What each layer has said of the options.
    let layers: OptionLayers
    let clientCalls: CallOptions

    /// A session that has not begun to connect, of parts without an adapter.
    ///
    /// - Parameters:
    ///   - url: where the service is.
    ///   - handlers: what is particular about it.
    ///   - calls: by which terms messages go out that say nothing else.
    ///   - configure: how the connection is made and kept. It has the last word, over ``defaults`` and over what the
    ///     handlers say of rate limit and credentials; a whole new policy without these leaves them as they are: to have
    ///     none, say so. A handler of errors is asked before further attempts in any case.
    public convenience init(
        _ url: String, _ handlers: Handlers, calls: CallOptions = CallOptions(),
        configure: (inout WebSocketOptions) -> Void = { _ in }
    ) throws(WebSocketError) {
        try self.init(url, handlers, calls, by: { _ in }, configure)
    }

    /// A session with the service that the adapter knows; otherwise as ``init(_:_:calls:configure:)``.
    public convenience init(
        adapter: some Adapter, calls: CallOptions = CallOptions(),
        configure: (inout WebSocketOptions) -> Void = { _ in }
    ) throws(WebSocketError) {
        try self.init(adapter.url, Handlers(adapter), calls, by: { adapter.configure(&$0) }, configure)
    }

    private convenience init(
        _ url: String, _ handlers: Handlers, _ calls: CallOptions, by adapter: (inout WebSocketOptions) -> Void,
        _ client: (inout WebSocketOptions) -> Void
    ) throws(WebSocketError) {
        var layers = OptionLayers(Self.defaults)
        layers.apply(.adapter) { options in
            options.policy.authentication = handlers.authentication.authentication
            options.policy.rateLimit = handlers.rateLimit.rateLimit
            options.sharedRateLimit = handlers.rateLimit.sharedRateLimit
        }
        layers.apply(.adapter, adapter)
        layers.apply(.client, client)
        // Behind both: whoever puts another reconnection in the place of all of it means its times, and not that the
        // handler of errors is not asked any more.
        if handlers.errors != nil { layers.apply(.adapter) { $0.policy.reconnection.asksHandler = true } }
        let options = layers.options
        try self.init(try WebSocket.endpoint(url, options), options, handlers, calls, layers)
    }

    /// A session with an endpoint, of parts that each layer has had its word on.
    init(
        _ endpoint: Endpoint, _ options: WebSocketOptions, _ handlers: Handlers, _ calls: CallOptions,
        _ layers: OptionLayers
    ) throws(WebSocketError) {
        let numbers = OperationNumbers()
        let (driver, port) = try WebSocket.makeDriver(endpoint, options, numbers: numbers)
        let change = ConnectionChange(endpoint, options, numbers)
        let seat = SessionSeat(driver)
        core = SessionCore(seat, port, handlers, calls.over(handlers.calls), change)
        line = SessionLine(Caller(seat, numbers, port), core)
        (self.endpoint, self.layers, clientCalls) = (endpoint, layers, calls)
        let leg = SessionLeg(1, core, driver, port)
        driver.desk = leg
        let own = SessionLine(Caller(driver, port), core)
        MessagePump(own, leg).start()
        core.startTelling()
    }

    deinit {
        let (core, caller) = (core, line.caller)
        core.port.execute {
            core.handle(.closing)
            let driver = caller.driver
            _ = driver.begin(driver.nextOperation(), .close(.goingAway, reasonCount: 0), nil)
        }
    }

    /// What a session begins with: connections that are lost are made again.
    public static var defaults: WebSocketOptions {
        var options = WebSocketOptions()
        options.policy.reconnection = .standard
        return options
    }

    /// Begins to connect if nobody has, and waits until the session is ready: authenticated, subscriptions restored.
    public func connect() async throws {
        _ = try await line.caller.perform(.connect, nil, line.caller.nextOperation())
    }

    /// Ends the session in order, for good. Everything that waits is settled.
    @discardableResult
    public func close(code: CloseCode = .normalClosure, reason: String = "") async -> Termination? {
        await line.close(code, reason)
        return await termination
    }

    /// Ends the present connection, but not the session, as ``WebSocket/failConnection(code:reason:)`` does.
    public nonisolated(nonsending) func failConnection(
        code: CloseCode = .policyViolation, reason: String = ""
    ) async throws { try await line.caller.fail(.whole, code, reason) }

    // MARK: What is known

    /// The number of the session, which no other of this process has or had.
    public var number: UInt64 { core.number }
    /// The state of the connection.
    public var state: Lifecycle.Standing { get async { await line.caller.onDriver { $0.kernel.standing } } }
    /// The changes of the connection's state from now on; of the one that is the session's, where there are two.
    public var stateChanges: StateChanges {
        let (stream, continuation) = AsyncStream.makeStream(
            of: StateChange.self, bufferingPolicy: .bufferingNewest(256))
        let (core, id) = (core, line.caller.nextOperation().number)
        continuation.onTermination = { _ in core.port.execute { core.unwatchChanges(id) } }
        core.port.executeNow { core.watch(id, continuation) }
        return StateChanges(stream: stream)
    }
    /// How the last connection ended; nil if none has.
    public var termination: Termination? { get async { await line.caller.termination } }
    /// How the last connection ended and why; or how it stands.
    public var explanation: Explanation { get async { await line.caller.onDriver { $0.explanation } } }

    /// Sends a ping, and waits for its own pong; returns the time between them.
    @discardableResult
    public nonisolated(nonsending) func ping() async throws -> Duration {
        let pong = try await line.caller.perform(.ping, nil, line.caller.nextOperation())
        guard case .outcome(.answered(let roundTrip)) = pong else { return .zero }
        return roundTrip
    }

    // MARK: Requests and messages

    /// Sends a request, and decodes its answer. Any number of tasks may ask at once; each gets its own answer.
    ///
    /// Throws what the server answers instead of a result, what ``MessageHandler/decode(_:from:)`` throws if the result
    /// has another shape, ``WebSocketError`` with the refusal `.timedOut` if no answer comes in time, with other refusals
    /// or `connectionEnded` if none can come, and `CancellationError` if the task is cancelled.
    public nonisolated(nonsending) func request<Value: Decodable & Sendable>(
        _ method: String, _ parameters: (any Encodable & Sendable)? = nil, as type: Value.Type = Value.self,
        options: CallOptions = CallOptions()
    ) async throws -> Value {
        let answer = try await line.ask(method, parameters, options, .anywhere)
        return try line.handlers.messages.decode(type, from: answer)
    }

    /// Sends a request, and returns its answer as it came, with the time it took.
    public nonisolated(nonsending) func ask(
        _ method: String, _ parameters: (any Encodable & Sendable)? = nil, options: CallOptions = CallOptions()
    ) async throws -> Answer { try await line.ask(method, parameters, options, .anywhere) }

    /// Sends a message that wants no answer, as the handler of messages writes it.
    public nonisolated(nonsending) func notify(
        _ method: String, _ parameters: (any Encodable & Sendable)? = nil, options: CallOptions = CallOptions()
    ) async throws {
        let message = try line.handlers.messages.encode(method, parameters)
        try await line.send(message, options, .message, .anywhere)
    }

    /// Sends a message as it is. Returns when it is accepted; if it is kept, when it is written.
    public nonisolated(nonsending) func send(
        _ message: OutgoingMessage, options: CallOptions = CallOptions()
    ) async throws { try await line.send(message, options, .message, .anywhere) }

    /// Sends a text message, exactly as it is.
    public nonisolated(nonsending) func send(_ text: String, options: CallOptions = CallOptions()) async throws {
        try await send(.text(text), options: options)
    }

    /// Has the credentials renewed now, and waits for the server's word.
    public nonisolated(nonsending) func authenticate() async throws {
        _ = try await line.caller.perform(.authenticate, nil, line.caller.nextOperation())
    }

    // MARK: Subscriptions

    /// Subscribes to a channel, and waits until the server has confirmed it; on every later connection that is done anew.
    ///
    /// Throws the server's reason if it refuses, and ``WebSocketError`` with the refusal `.timedOut` if it does not answer
    /// within the time that the session's calls have, 30 seconds if they say nothing: the server is told then that the
    /// channel is not wanted any more, as it may have it all the same.
    ///
    /// - Parameters:
    ///   - channel: the channel.
    ///   - freshness: how long its messages may stay away before that is told; nil: for ever. Of several who are subscribed
    ///     to one channel, the strictest word counts for all of them, as long as anybody is subscribed.
    ///   - capacity: how many messages may wait for whoever takes them; beyond that the oldest are dropped, and a gap
    ///     stands in their place.
    public nonisolated(nonsending) func subscribe(
        to channel: Channel, freshness: Duration? = nil, capacity: Int = 4096
    ) async throws -> Subscription { try await subscribe(to: channel, freshness, Feed(capacity: capacity)) }

    /// The same, with a feed that was made before.
    nonisolated(nonsending) func subscribe(
        to channel: Channel, _ freshness: Duration?, _ feed: Feed
    ) async throws -> Subscription {
        let core = core
        let subscription = Subscription(channel, feed, core)
        let terms = SubscriptionTerms(
            answerMilliseconds: max(1, (line.options.timeout ?? .seconds(30)).wholeMilliseconds),
            freshnessMilliseconds: freshness.map { max(1, $0.wholeMilliseconds) } ?? 0)
        do {
            try await want(terms) { core.join(channel, feed, freshness: freshness) }
        } catch {
            // It is not listed any more when its caller hears that there is none.
            let reason = await line.caller.onDriver { _ in
                defer { core.letGo(feed) }
                return feed.id.withLock(\.self).flatMap { core.entries[$0]?.refusal }
            }
            if let reason, (error as? WebSocketError)?.refusal == .subscriptionRefused { throw reason }
            throw error
        }
        return subscription
    }

    /// Has a subscription wanted, and waits for its confirmation; on the next connection, if the session has left the one that
    /// was asked.
    private nonisolated(nonsending) func want(
        _ terms: SubscriptionTerms, _ join: @escaping @Sendable () -> SubscriptionID
    ) async throws {
        let (core, caller) = (core, line.caller)
        let id = Mutex<SubscriptionID?>(nil)
        let asked = Mutex<ObjectIdentifier?>(nil)
        while true {
            do {
                _ = try await caller.perform(caller.nextOperation()) { driver in
                    asked.withLock { $0 = ObjectIdentifier(driver) }
                    let joined = id.withLock { id in
                        let known = id ?? join()
                        id = known
                        return known
                    }
                    core.alsoWish(joined, terms)
                    return (.subscribe(joined, terms), nil)
                }
                return
            } catch let error as WebSocketError where error.isOfConnection {
                let isWanted = await caller.onDriver { driver in
                    guard asked.withLock({ $0 != ObjectIdentifier(driver) }), let id = id.withLock(\.self) else {
                        return false
                    }
                    return driver.kernel.subscriptions[id].map { $0.status != .failed } ?? false
                }
                if !isWanted { throw error }
            }
        }
    }

    /// Subscribes to the channel of that name.
    public nonisolated(nonsending) func subscribe(to name: String) async throws -> Subscription {
        try await subscribe(to: Channel(name))
    }
}
