import NovaDeribit
import NovaSocket
import NovaTestKit

/// A ticker with an outage in the middle, at a stand-in for Deribit in a simulated network: half a minute passes in an
/// instant. Against the exchange itself it is the same code, with `.test` for the system and without the network.
///
///     swift run DeribitExample
@main
enum DeribitExample {
    static func main() async throws {
        let network = SimulatedNetwork(seed: 1)
        let deribit = ScriptedDeribit(in: network)
        let key = Deribit.Credentials(id: "client", secret: "secret")
        let adapter = Deribit(.at(url: deribit.url), credentials: .fixed(key))

        try await network.run {
            let client = try DeribitClient(adapter) { network.join(&$0) }
            try await client.connect()
            print(try await client.test().version)
            let ticker = try await client.subscribe(to: .ticker("BTC-PERPETUAL"))
            var values = 0
            for try await update in ticker {
                switch update {
                case .value(let tick):
                    print("\(tick.instrument) at \(tick.lastPrice ?? 0)")
                    values += 1
                    if values == 3 { deribit.server.suffer(.reset) }
                    if values == 6 { await client.close() }
                case .interrupted: print("the connection is lost")
                case .gap: print("a gap: what follows came through another connection")
                case .stale, .fresh, .unreadable: break
                }
            }
            print(await client.session.termination?.description ?? "")
        }
    }
}
