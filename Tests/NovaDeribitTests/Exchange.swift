import NovaDeribit
import NovaTestKit
import Synchronization

/// A network with a scripted Deribit in it, and clients of it.
struct Exchange {
    let network = SimulatedNetwork(seed: 1)
    let deribit: ScriptedDeribit

    static let key = Deribit.Credentials(id: "client", secret: "secret")

    init(_ change: (inout ScriptedDeribit.Settings) -> Void = { _ in }) {
        var settings = ScriptedDeribit.Settings()
        change(&settings)
        deribit = ScriptedDeribit(in: network, settings: settings)
    }

    /// An adapter whose clock is the exchange's, and which counts instead of drawing nonces.
    func adapter(
        _ credentials: Deribit.CredentialsProvider? = .fixed(key), heartbeat: Duration? = .seconds(30),
        cancelsOnDisconnect: Bool = false, rate: Deribit.Rate = .standard
    ) -> Deribit {
        let network = network
        let count = Mutex(0)
        return Deribit(
            .at(url: deribit.url), credentials: credentials, heartbeat: heartbeat,
            cancelsOnDisconnect: cancelsOnDisconnect, rate: rate,
            now: { 1_700_000_000_000 + network.elapsed.components.seconds * 1000 },
            nonce: {
                count.withLock { count in
                    count += 1
                    return "nonce-\(count)"
                }
            })
    }

    /// Puts a session into the network, where it comes back a second after its connection was lost.
    func options(
        _ change: @escaping @Sendable (inout WebSocketOptions) -> Void = { _ in }
    ) -> @Sendable (inout WebSocketOptions) -> Void {
        let network = network
        return { options in
            network.join(&options)
            options.policy.reconnection.backoff = .constant(.seconds(1))
            change(&options)
        }
    }

    /// Runs `body` with a client that is connected, and closes it.
    func run<Success: Sendable>(
        _ adapter: Deribit, _ options: (@Sendable (inout WebSocketOptions) -> Void)? = nil,
        calls: CallOptions = CallOptions(),
        _ body: @escaping @Sendable (DeribitClient) async throws -> Success
    ) async throws -> Success {
        let options = options ?? self.options()
        return try await network.run {
            let client = try DeribitClient(adapter, calls: calls, configure: options)
            try await client.connect()
            let result: Success
            do {
                result = try await body(client)
            } catch {
                await client.close()
                throw error
            }
            await client.close()
            return result
        }
    }
}

extension DeribitClient {
    /// Waits until the session is ready again.
    func ready() async { for await change in session.stateChanges where change.to == .ready { return } }
}
