import NovaSocket
import NovaTransport

/// A connection, as the scripted Deribit sees it.
final class DeribitVisitor {
    let connection: SimulatedConnection
    private let loop: VirtualLoop
    /// What the connection was authenticated with; it may be over.
    var token: DeribitToken?
    var cancelsOnDisconnect = false
    /// What is subscribed to, and when something of it is told next.
    var channels: [String: DeribitPublication] = [:]
    /// Called when the client has not answered a heartbeat.
    var missesHeartbeat: (DeribitVisitor) -> Void = { _ in }
    private var heartbeat: TimerID?
    private var awaitsTest = false

    init(_ connection: SimulatedConnection, _ loop: VirtualLoop) { (self.connection, self.loop) = (connection, loop) }

    func send(_ value: JSONValue) {
        if connection.isOpen { connection.send(value.description) }
    }

    /// A message of a channel.
    func tell(_ channel: String, _ data: JSONValue) {
        send([
            "jsonrpc": "2.0", "method": "subscription", "params": ["channel": .string(channel), "data": data],
        ])
    }

    // MARK: The heartbeat

    /// Asks the client every so many nanoseconds whether it is there; nil: never.
    func setHeartbeat(_ interval: UInt64?) {
        if let heartbeat { loop.cancel(heartbeat) }
        heartbeat = nil
        awaitsTest = false
        if let interval { scheduleHeartbeat(interval) }
    }

    /// The client has said that it is there.
    func heardTest() { awaitsTest = false }

    private func scheduleHeartbeat(_ interval: UInt64) {
        heartbeat = loop.schedule(after: interval) { [weak self] in self?.beat(interval) }
    }

    private func beat(_ interval: UInt64) {
        heartbeat = nil
        if awaitsTest { return missesHeartbeat(self) }
        awaitsTest = true
        for type in ["heartbeat", "test_request"] {
            send(["jsonrpc": "2.0", "method": "heartbeat", "params": ["type": .string(type)]])
        }
        scheduleHeartbeat(interval)
    }

    // MARK: Leaving

    func stop(_ channel: String) {
        if let timer = channels.removeValue(forKey: channel)?.timer { loop.cancel(timer) }
    }

    func leave() {
        setHeartbeat(nil)
        for channel in Array(channels.keys) { stop(channel) }
    }
}

/// What a subscription has been told.
struct DeribitPublication {
    var timer: TimerID?
    /// The levels of the book and its state, as they were told last; nil before the snapshot.
    var book: (levels: DeribitMarket.Levels, changeID: Int64)?
    /// The number of the last trade that was told.
    var lastTrade: Int64 = 0
}

/// Credits, in billionths: as many come back each nanosecond as whole ones in a second.
struct DeribitBucket {
    private let credits: ScriptedDeribit.Credits
    private var level: Int
    private var at: UInt64

    init(_ credits: ScriptedDeribit.Credits, now: UInt64) {
        self.credits = credits
        level = credits.capacity * 1_000_000_000
        at = now
    }

    /// Takes what a request costs; false if there is too little.
    mutating func take(_ method: String, now: UInt64) -> Bool {
        let full = credits.capacity * 1_000_000_000
        let (back, overflow) = Int(clamping: now - at).multipliedReportingOverflow(by: credits.refill)
        level = overflow ? full : min(full, level + min(full, back))
        at = now
        let cost = credits.cost(method) * 1_000_000_000
        guard cost <= level else { return false }
        level -= cost
        return true
    }
}
