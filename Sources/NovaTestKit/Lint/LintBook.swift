import NovaKernel
import NovaSocket
import NovaTransport
import Synchronization

/// What is noticed about an adapter during its life with one server. Written on the simulation's thread, read from others.
final class LintBook: Sendable {
    private struct Pages {
        var found: [(AdapterLint.Promise, String)] = []
        /// Handlers that have not returned: by number, what and since when.
        var calls: [UInt64: (name: String, since: Duration)] = [:]
        var lastCall: UInt64 = 0
        /// What runs on the thread now, that must not block.
        var running: String?
        /// Whether the server has been told the credentials and has accepted them, on which connection.
        var authenticated: AttemptID?
        /// What the server has received, in order.
        var received: [String] = []
        /// How often the server has refused something.
        var refusals = 0
        /// What was said to be accepted while the server refused.
        var acceptedWhileRefused: [(AdapterLint.Promise, String)] = []
        /// Texts that anybody might see, and where they are.
        var seen: [(place: String, text: String)] = []
        /// The lines of the session's recording.
        var recording: [String] = []
    }

    private let pages = Mutex(Pages())

    func note(_ promise: AdapterLint.Promise, _ sentence: String) {
        pages.withLock { $0.found.append((promise, sentence)) }
    }

    var found: [(AdapterLint.Promise, String)] { pages.withLock(\.found) }

    func hasFound(_ promise: AdapterLint.Promise) -> Bool { pages.withLock { $0.found.contains { $0.0 == promise } } }

    /// What does not come to an end in real time.
    var stuck: (AdapterLint.Promise, String) {
        pages.withLock { pages in
            guard let name = pages.running else { return (.returnsInTime, "The simulated life had not ended") }
            return (name == "sort" ? .sortReturnsAtOnce : .returnsInTime, "\(name) had not returned")
        }
    }

    // MARK: Handlers

    /// Runs what must not block, and says how long it took in real time.
    func timed<Value>(_ name: String, _ body: () throws -> Value) rethrows -> (Value, Duration) {
        pages.withLock { $0.running = name }
        defer { pages.withLock { $0.running = nil } }
        let before = EventLoop.monotonicNow()
        let value = try body()
        return (value, .nanoseconds(Int64(clamping: EventLoop.monotonicNow() - before)))
    }

    /// A handler is called.
    func began(_ name: String, at moment: Duration) -> UInt64 {
        pages.withLock { pages in
            pages.lastCall += 1
            pages.calls[pages.lastCall] = (name, moment)
            return pages.lastCall
        }
    }

    /// It has returned.
    func ended(_ call: UInt64) { pages.withLock { $0.calls[call] = nil } }

    /// The handlers that have not returned since before that moment.
    func outstanding(since moment: Duration) -> [String] {
        pages.withLock { Set($0.calls.values.filter { $0.since <= moment }.map(\.name)).sorted() }
    }

    // MARK: The server

    func authenticated(_ attempt: AttemptID?) { pages.withLock { $0.authenticated = attempt } }
    var isAuthenticated: Bool { pages.withLock { $0.authenticated != nil } }

    func received(_ text: String) { pages.withLock { $0.received.append(text) } }
    var received: [String] { pages.withLock(\.received) }

    func refused() { pages.withLock { $0.refusals += 1 } }

    /// It was said that the server accepts something, which may have refused it, or be about to.
    func accepted(_ promise: AdapterLint.Promise, _ sentence: String) {
        pages.withLock { $0.acceptedWhileRefused.append((promise, sentence)) }
    }

    /// The server has refused whatever it could: what was said to be accepted was not.
    func judgeAccepted() {
        pages.withLock { pages in
            if pages.refusals > 0 { pages.found += pages.acceptedWhileRefused }
            pages.acceptedWhileRefused = []
        }
    }

    // MARK: What can be seen

    func see(_ text: String, in place: String) { pages.withLock { $0.seen.append((place, text)) } }
    var seen: [(place: String, text: String)] { pages.withLock(\.seen) }

    func record(_ line: String) { pages.withLock { $0.recording.append(line) } }
    var recording: [String] { pages.withLock(\.recording) }
}
