import NovaKernel
import NovaTrace
import NovaTransport
import NovaWire

/// A WebSocket: one handle over all connections that its policy makes, until it is closed for good.
///
/// ```swift
/// try await WebSocket.withConnection(to: "wss://example.com/feed") { socket in
///     try await socket.send("hello")
///     for try await message in socket.messages { print(message.text) }
/// }
/// ```
///
/// Everything may be called from any task. Within ``withConnection(to:options:_:)`` the body runs on the connection's
/// own thread, where a message comes in and its answer goes out without a change of threads. A handle that is let go
/// of without being closed closes itself with 1001.
public final class WebSocket: Sendable {
    let driver: Driver
    let port: any Port & Sendable
    /// Where the connection goes.
    public let endpoint: Endpoint

    /// A handle over a driver that has not begun.
    package init(_ driver: Driver, _ port: any Port & Sendable) {
        self.driver = driver
        self.port = port
        endpoint = driver.opening.endpoint
    }

    /// What lives as long as the connection does: tests look whether it is gone.
    package var identity: AnyObject { driver }

    deinit {
        let driver = driver
        port.execute { _ = driver.begin(driver.nextOperation(), .close(.goingAway, reasonCount: 0), nil) }
    }

    // MARK: Making connections

    /// Connects to `url`, and waits until the connection is ready; with a policy that reconnects, until an attempt
    /// succeeds or the policy gives up.
    ///
    /// Throws a ``WebSocketError``; `CancellationError` if the task is cancelled meanwhile.
    public static func connect(to url: String, options: WebSocketOptions = WebSocketOptions()) async throws -> WebSocket
    {
        let socket = try make(url, options)
        do {
            try await socket.connect()
            return socket
        } catch {
            await socket.close()
            throw error
        }
    }

    /// Connects to `url`, runs `body` on the connection's own thread, and closes the connection in order when it is
    /// left, however it is left.
    ///
    /// `body` shares its thread with other connections: long computations belong elsewhere. A cancelled task leaves
    /// the body as soon as it waits for the connection, and the closing handshake takes place nevertheless, bounded
    /// by `timeouts.close`.
    @discardableResult
    public static func withConnection<Result: Sendable>(
        to url: String, options: WebSocketOptions = WebSocketOptions(),
        _ body: @escaping @Sendable (WebSocket) async throws -> Result
    ) async throws -> Result {
        let socket = try make(url, options)
        return try await withThrowingTaskGroup(of: Result.self) { group in
            group.addTask(executorPreference: socket.port.taskExecutor) {
                do {
                    try await socket.connect()
                    let result = try await body(socket)
                    await socket.leave()
                    return result
                } catch {
                    await socket.leave()
                    throw error
                }
            }
            guard let result = try await group.next() else { throw CancellationError() }
            return result
        }
    }

    /// A handle that has not begun to connect: whoever must not miss a state change takes ``stateChanges`` before
    /// ``connect()``.
    public static func make(_ url: String, _ options: WebSocketOptions = WebSocketOptions()) throws(WebSocketError)
        -> WebSocket
    {
        let (driver, port) = try makeDriver(try endpoint(url, options), options)
        return WebSocket(driver, port)
    }

    /// Where `url` leads; throws if it leads nowhere, or the options are none for it.
    static func endpoint(_ url: String, _ options: WebSocketOptions) throws(WebSocketError) -> Endpoint {
        let endpoint: Endpoint
        do throws(EndpointError) {
            endpoint = try Endpoint(url)
        } catch {
            throw WebSocketError(.invalidURL, error.description)
        }
        try options.validate(for: endpoint)
        return endpoint
    }

    /// A driver with its port, where the options say that connections live; its first attempt follows `attempt`.
    static func makeDriver(
        _ endpoint: Endpoint, _ options: WebSocketOptions, after attempt: AttemptID = .whole,
        numbers: OperationNumbers = OperationNumbers()
    ) throws(WebSocketError) -> (Driver, any Port & Sendable) {
        do {
            let habitat = try options.home()
            let port = try habitat.makePort(to: endpoint, options)
            let driver = try Driver(
                endpoint: endpoint, options: options, seed: habitat.makeSeed(), port: port, after: attempt,
                numbers: numbers)
            if let shared = options.sharedRateLimit {
                driver.bucket = BucketDoor(shared, driver: driver, port: port, habitat: habitat)
            }
            port.attach(driver)
            return (driver, port)
        } catch let error as WebSocketError {
            throw error
        } catch let error as TLSConfigurationError {
            throw WebSocketError(.invalidOptions, error.description)
        } catch {
            throw WebSocketError(.system, "\(error)")
        }
    }

    /// Begins to connect if nobody has, and waits until the connection is ready; at once if it is. Where the next attempt
    /// is being waited for, it is made now: the backoff is cut short, and what the server asked for with Retry-After.
    public func connect() async throws {
        _ = try await perform(.connect)
    }

    /// The end of a body: what still comes is not for anybody.
    private func leave() async {
        await onDriver { $0.leaveConsumer() }
        await close()
    }

    /// Who asks the driver for this handle.
    var caller: Caller { Caller(driver, port) }

    /// A number that no other call has.
    @inline(__always)
    func nextOperation() -> OperationID {
        port.isCurrent ? driver.nextOperation() : driver.numbers.nextOutside()
    }

    /// Runs `body` on the driver's thread.
    nonisolated(nonsending) func onDriver<Value: Sendable>(_ body: @escaping @Sendable (Driver) -> Value) async -> Value
    {
        await caller.onDriver(body)
    }
}
