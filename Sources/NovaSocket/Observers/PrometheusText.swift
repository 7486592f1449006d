import NovaKernel
import NovaWire

extension ConnectionMetrics.Snapshot {
    /// The measurements as text for Prometheus (exposition format 0.0.4), by target; times are in seconds. Serve it as
    /// `text/plain; version=0.0.4`.
    public var prometheusText: String {
        var text = PrometheusText()
        let targets = targets.sorted { $0.key < $1.key }
        for family in Family.all {
            text.head(family.name, family.help, family.type)
            for (target, measurements) in targets {
                for (label, value) in family.values(measurements) {
                    text.sample(family.name, [("target", target)] + label, value)
                }
            }
        }
        for family in TimeFamily.all {
            text.head(family.name, family.help, "histogram")
            for (target, measurements) in targets {
                for (label, timing) in family.timings {
                    text.histogram(family.name, [("target", target)] + label, measurements[timing])
                }
            }
        }
        return text.text
    }
}

/// Writes lines of the format.
struct PrometheusText {
    typealias Labels = [(name: String, value: String)]

    private(set) var text = ""

    mutating func head(_ name: String, _ help: String, _ type: String) {
        text += "# HELP \(name) \(help.replacing("\\", with: "\\\\").replacing("\n", with: "\\n"))\n"
        text += "# TYPE \(name) \(type)\n"
    }

    mutating func sample(_ name: String, _ labels: Labels, _ value: some CustomStringConvertible) {
        let pairs = labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",")
        text += "\(name){\(pairs)} \(value)\n"
    }

    mutating func histogram(_ name: String, _ labels: Labels, _ histogram: Histogram) {
        var passed: UInt64 = 0
        for (index, bound) in Histogram.bounds.enumerated() {
            passed += index < histogram.fixed.count ? histogram.fixed[index] : 0
            sample(name + "_bucket", labels + [("le", bound.asSeconds)], passed)
        }
        sample(name + "_bucket", labels + [("le", "+Inf")], histogram.count)
        sample(name + "_sum", labels, histogram.total.asSeconds)
        sample(name + "_count", labels, histogram.count)
    }

    private static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}

/// A family of counters, or of gauges.
private struct Family {
    typealias Values = [(PrometheusText.Labels, UInt64)]

    let name: String
    let help: String
    var type = "counter"
    let values: (Measurements) -> Values

    init(_ name: String, _ help: String, _ counter: Measurements.Counter) {
        self.init(name, help) { [([], $0[counter])] }
    }

    init(_ name: String, _ help: String, type: String = "counter", _ values: @escaping (Measurements) -> Values) {
        (self.name, self.help, self.type, self.values) = ("novasocket_" + name, help, type, values)
    }

    /// One with a label: all its values are shown, also where nothing was counted.
    init(
        _ name: String, _ help: String, _ label: String, _ words: [String],
        _ counter: @escaping (String) -> Measurements.Counter
    ) {
        self.init(name, help) { measurements in
            words.map { ([(label, $0)], measurements[counter($0)]) }
        }
    }

    static var all: [Family] { connections + messages + session }

    private static var connections: [Family] {
        [
            Family("connections", "Connections that are not closed for good.", type: "gauge") {
                [([], UInt64(max(0, $0.connections)))]
            },
            Family("ready_connections", "Connections that are ready.", type: "gauge") {
                [([], UInt64(max(0, $0.readyConnections)))]
            },
            Family("attempts_total", "Attempts at a connection.", .attempts),
            Family("opened_total", "Opening handshakes that were done.", .opened),
            Family("ready_total", "Connections that became ready.", .ready),
            Family("reconnections_total", "Connections that became ready after a loss.", .reconnections),
            Family("ended_total", "Attempts that ended, by their cause.", "cause", Ending.Detail.words) {
                .ended(cause: $0)
            },
        ]
    }

    private static var messages: [Family] {
        [
            Family("messages_total", "Messages, by direction and kind.") { traffic($0) { .messages($0, $1) } },
            Family("message_bytes_total", "Bytes of messages, by direction and kind.") {
                traffic($0) { .bytes($0, $1) }
            },
            Family("messages_dropped_total", "Messages that came and found nobody to take them.", .messagesDropped),
            Family("messages_lost_total", "Accepted messages that did not go out.", .messagesLost),
            Family("sends_refused_total", "Messages that were refused.", .sendsRefused),
            Family("reading_pauses_total", "Times that reading stopped for a slow consumer.", .readingPauses),
            Family("pings_total", "Pings, ours and the server's.") { measurements in
                Measurements.PingCount.allCases.map { ([("event", $0.rawValue)], measurements[.pings($0)]) }
            },
        ]
    }

    private static var session: [Family] {
        [
            Family("requests_begun_total", "Requests that began.", .requestsBegun),
            Family(
                "requests_total", "Requests that ended, by how.", "end",
                ["answered", "timed_out", "lost", "cancelled", "refused"]
            ) { .requests(end: $0) },
            Family("stray_answers_total", "Answers that nobody waited for.", .strayAnswers),
            Family("rate_limit_waits_total", "Messages that the rate limit held back.", .rateLimitWaits),
            Family("rate_limit_refusals_total", "Messages that the rate limit refused.", .rateLimitRefusals),
            Family(
                "authentications_total", "Exchanges of credentials, by how they ended.", "end",
                ["accepted", "failed", "abandoned"]
            ) { .authentications(end: $0) },
            Family(
                "subscription_events_total", "What happened to subscriptions.", "event",
                ["requested", "confirmed", "resumed", "lost", "failed", "stale", "fresh", "ended"]
            ) { .subscriptions(event: $0) },
            Family(
                "handler_reports_total", "What there was to know about handlers.", "finding",
                ["threw", "slow", "unreadable", "missed"]
            ) { .handlerReports(finding: $0) },
        ]
    }

    private static func traffic(
        _ measurements: Measurements,
        _ counter: (Measurements.Direction, MessageKind) -> Measurements.Counter
    ) -> Values {
        Measurements.Direction.allCases.flatMap { direction in
            MessageKind.allCases.map { kind in
                (
                    [("direction", direction.rawValue), ("kind", kind.rawValue)],
                    measurements[counter(direction, kind)]
                )
            }
        }
    }
}

/// A family of histograms.
private struct TimeFamily {
    let name: String
    let help: String
    let timings: [(PrometheusText.Labels, Measurements.Timing)]

    init(_ name: String, _ help: String, _ timings: [(PrometheusText.Labels, Measurements.Timing)]) {
        (self.name, self.help, self.timings) = ("novasocket_\(name)_seconds", help, timings)
    }

    static var all: [TimeFamily] {
        [
            TimeFamily(
                "stage", "Completed stages of attempts.",
                ConnectionStage.allCases.map { ([("stage", $0.rawValue)], .stage($0)) }),
            TimeFamily("connect", "Attempts, until the connection was ready.", [([], .connect)]),
            TimeFamily("round_trip", "Pings and their pongs.", [([], .roundTrip)]),
            TimeFamily("request", "Requests, from their sending to their answer.", [([], .request)]),
            TimeFamily("send", "Messages, from their caller to the system.", [([], .send)]),
            TimeFamily("rate_limit_wait", "Messages that the rate limit held back.", [([], .rateLimitWait)]),
            TimeFamily("backoff", "Waits for the next attempt.", [([], .backoff)]),
        ]
    }
}
