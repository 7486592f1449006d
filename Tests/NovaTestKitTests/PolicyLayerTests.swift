import NovaSocket
import NovaTestKit
import Testing

/// What handlers say of rate limit and credentials, where somebody puts a whole new policy in its place.
@Suite("Layers of the policy")
struct PolicyLayerTests {
    private struct Service: Adapter {
        let url = "ws://rpc.example"
        let change: @Sendable (inout WebSocketOptions) -> Void
        var rateLimit: RateLimit? { RateLimit(capacity: 7) }
        var authentication: AuthenticationPolicy? { AuthenticationPolicy(refreshAhead: .seconds(33)) }
        func configure(_ options: inout WebSocketOptions) { change(&options) }
    }

    private typealias Change = @Sendable (inout WebSocketOptions) -> Void

    /// Each option of which handlers have a word, with its layer.
    private func words(adapter: @escaping Change = { _ in }, client: @escaping Change = { _ in }) throws -> [String] {
        let network = SimulatedNetwork(seed: 1)
        let session = try Session(adapter: Service(change: adapter)) {
            network.join(&$0)
            client(&$0)
        }
        let explained = session.explainOptions()
        return ["policy.rateLimit", "policy.authentication.refreshAhead", "policy.timeouts.dial"].map { name in
            explained[name].map { "\($0.value) by \($0.layer.rawValue)" } ?? "none"
        }
    }

    private static let own = "7 1 1s full normal by adapter"

    /// A policy that is made anew, with another time to dial.
    private static func anew(_ options: inout WebSocketOptions) {
        var policy = Policy()
        policy.timeouts.dial = .seconds(3)
        options.policy = policy
    }

    @Test("A whole new policy, the adapter's or the client's, leaves what handlers say as it is")
    func replaced() throws {
        #expect(try words() == [Self.own, "33s by adapter", "10s by library"])
        #expect(try words(adapter: { Self.anew(&$0) }) == [Self.own, "33s by adapter", "3s by adapter"])
        #expect(try words(client: { Self.anew(&$0) }) == [Self.own, "33s by adapter", "3s by client"])
        #expect(
            try words(adapter: { Self.anew(&$0) }, client: { $0.policy = Policy() }) == [
                Self.own, "33s by adapter", "10s by client",
            ])
    }

    @Test("What is said of exactly these counts, also in a new policy, also that there are none")
    func exact() throws {
        let other: Change = {
            Self.anew(&$0)
            $0.policy.rateLimit = RateLimit(capacity: 9)
        }
        #expect(try words(adapter: other)[0] == "9 1 1s full normal by adapter")
        #expect(try words(client: other)[0] == "9 1 1s full normal by client")
        #expect(try words(adapter: other, client: { Self.anew(&$0) })[0] == "9 1 1s full normal by adapter")
        let none: Change = {
            $0.policy.rateLimit = nil
            $0.policy.authentication = nil
            $0.policy.reconnection = .never
        }
        #expect(try words(adapter: none).prefix(2) == ["none by adapter", "never by adapter"])
        #expect(try words(client: none).prefix(2) == ["none by client", "never by client"])
        let changed: Change = {
            var policy = $0.policy
            policy.rateLimit = nil
            $0.policy = policy
        }
        #expect(try words(client: changed)[0] == "none by client")
    }
}
