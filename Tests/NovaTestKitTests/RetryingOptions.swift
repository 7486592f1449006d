import NovaSocket
import NovaTestKit

extension SimulatedNetwork {
    /// Makes them options of a session here that comes back a second after its connection was lost; then what `change` makes
    /// of them.
    func join(_ options: inout WebSocketOptions, retryingEachSecond change: (inout WebSocketOptions) -> Void) {
        join(&options)
        options.policy.reconnection.backoff = .constant(.seconds(1))
        change(&options)
    }
}
