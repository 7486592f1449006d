import NovaKernel
import NovaSocket
import NovaWire

/// Tries an adapter against servers that answer nothing, garbage, errors, late, twice, out of order and hugely, in a
/// simulated network, and tells which of an adapter's promises it has broken.
///
/// ```swift
/// let lint = AdapterLint { message in service.replies(to: message.text) }
/// let report = await lint.run(adapter)
/// print(report)
/// exit(report.exitStatus)
/// ```
///
/// The caller gives the service as it should be; the lint adds the hostility. What crashes is not caught.
public struct AdapterLint: Sendable {
    /// What a server sends back for a message, in this order.
    public typealias Service = @Sendable (_ message: ReceivedMessage) -> [String]

    /// The service as it should be.
    public var service: Service
    /// How it refuses a message. By default a request of JSON-RPC 2.0 gets a failure with the code -32000, and anything
    /// else no answer.
    public var refusal: Service = { AdapterLint.responses(to: $0, refusing: true) }
    /// How it answers a request that ``service`` says nothing to. By default a request of JSON-RPC 2.0 gets the result
    /// `true`.
    public var answerer: Service = { AdapterLint.responses(to: $0, refusing: false) }
    /// A message of the channel of that name; nil, the default: messages of channels are not tried.
    public var publication: (@Sendable (_ channel: String) -> String)?

    /// Everything that happens by chance follows from it; 1 by default.
    public var seed: UInt64 = 1
    /// The servers that the adapter meets, in this order; by default all.
    public var hostilities = Hostility.allCases
    /// Channels that the service confirms; two by default. That none but the right one is unsubscribed from can be seen
    /// where there are two, and neither's name is a part of the other's.
    public var channels = [Channel("lint.one"), Channel("lint.two")]
    /// Channels that the service refuses; none by default.
    public var refusedChannels: [Channel] = []
    /// The method of the requests that are sent; `ping` by default, without parameters.
    public var method = "ping"
    /// Other methods whose cost is looked at. What the adapter itself sends is looked at anyway.
    public var methods: [String] = []
    /// What must not be seen anywhere; empty ones do not count.
    public var secrets: [String] = []
    /// What the recordings that are searched for secrets show; everything that may be secret is replaced by default.
    public var redaction = Redaction.all
    /// How long a handler may take, in simulated time; two minutes by default.
    public var timeLimit = Duration.seconds(120)
    /// How long the life with one server may take in real time, before it is given up as stuck; 30 seconds by default.
    public var watchdog = Duration.seconds(30)

    /// A lint with the service as it should be.
    public init(service: @escaping Service) { self.service = service }

    /// Tries an adapter, with everything at its default; otherwise as ``run(_:)``.
    public static func run(
        _ adapter: some Adapter, seed: UInt64 = 1, secrets: [String] = [], service: @escaping Service
    ) async -> Report {
        var lint = AdapterLint(service: service)
        (lint.seed, lint.secrets) = (seed, secrets)
        return await lint.run(adapter)
    }

    /// Tries an adapter, and tells what it has broken. It is the same adapter all the time: what one server makes of its
    /// state, the next one meets.
    public func run(_ adapter: some Adapter) async -> Report {
        var report = Report(seed: seed)
        do throws(EndpointError) {
            _ = try Endpoint(adapter.url)
        } catch {
            note(.urlIsValid, error.description, nil, &report)
            return report
        }
        for (text, name) in [("\(adapter)", "description"), (String(reflecting: adapter), "debug description")] {
            for number in secretNumbers(in: text) {
                note(.keepsSecrets, "The adapter's \(name) has secret number \(number) in it.", nil, &report)
            }
        }
        for hostility in hostilities {
            let (book, network) = (LintBook(), SimulatedNetwork(seed: seed))
            let life = LintLife(lint: self, base: adapter, hostility: hostility, book: book, network: network)
            let isDone = await LintWatchdog(time: watchdog).watch { await life.run() }
            report.hostilities.append(hostility)
            for (promise, sentence) in book.found { note(promise, sentence, hostility, &report) }
            guard isDone else {
                note(sentence: book.stuck, hostility, &report)
                // Its thread is lost; the next would be, too.
                return report
            }
            report.elapsed += network.elapsed
            network.dissolve()
        }
        return report
    }

    private func note(sentence stuck: (Promise, String), _ hostility: Hostility, _ report: inout Report) {
        note(stuck.0, stuck.1 + " after \(watchdog) of real time, and nothing else was tried.", hostility, &report)
    }

    private func note(_ promise: Promise, _ sentence: String, _ hostility: Hostility?, _ report: inout Report) {
        // What does not work with a good server at all is no lack of recovery.
        let wasGood = !report.findings.contains { $0.hostility?.isGood == true && $0.promise != .recovers }
        let promise = hostility == .afterwards && promise == .serves && wasGood ? .recovers : promise
        let words = secrets.enumerated().filter { !$0.element.isEmpty }.reduce(sentence) {
            $0.replacing($1.element, with: "‹secret \($1.offset + 1)›")
        }
        let finding = Finding(promise: promise, sentence: words, hostility: hostility, seed: seed)
        if !report.findings.contains(finding) { report.findings.append(finding) }
    }

    /// Which secrets are in a text, by their number from 1.
    func secretNumbers(in text: String) -> [Int] {
        secrets.enumerated().filter { !$0.element.isEmpty && text.contains($0.element) }.map { $0.offset + 1 }
    }

    /// How long `sort` may take for a message of so many bytes.
    static func longestSort(bytes: Int) -> Duration { .milliseconds(10) + .microseconds(bytes) }

    private static func responses(to message: ReceivedMessage, refusing: Bool) -> [String] {
        JSONRPC.read(message.bytes).compactMap { part in
            guard case .request(let request) = part else { return nil }
            let bytes =
                refusing
                ? try? JSONRPC.response(failure: JSONRPC.Failure(-32000, "not today"), id: request.id)
                : try? JSONRPC.response(result: true, id: request.id)
            return bytes.map { String(decoding: $0, as: UTF8.self) }
        }
    }
}
