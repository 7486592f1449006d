import NovaSocket
import NovaTestKit
import SessionSupport
import Testing

/// Each life is seen by two observers, a recorder and a replay too, which must agree: see `Watched`.
@Suite("Observers are told what connections do, with the times that the simulated network makes")
struct TelemetryTests {
    @Test("An attempt and its stages, to the millisecond of the links")
    func attempt() async throws {
        let life = try await ObservedLives.session()
        let first = life.notes.all.filter { $0.context.attempt.number == 1 }.map(\.event)
        #expect(
            first.prefix(22).map(\.line) == [
                "attempt_began failures=0",
                "stage_began stage=resolve", "stage_ended stage=resolve complete=true duration=0.005",
                "stage_began stage=dial", "stage_ended stage=dial complete=true duration=0.02",
                "stage_began stage=secure", "stage_ended stage=secure complete=true duration=0.02",
                "stage_began stage=upgrade", "stage_ended stage=upgrade complete=true duration=0.02",
                "opened duration=0.065",
                "stage_began stage=authenticate", "authentication_began renewal=false",
                "request_began request=3 bytes=69", "request_sent request=3 duration=0",
                "message_sent kind=text bytes=69 latency=0", "message_received kind=text bytes=52",
                "request_ended request=3 end=answered round_trip=0.02 duration=0.02",
                "authentication_ended end=accepted valid_for=600 renewal=false duration=0.02",
                "stage_ended stage=authenticate complete=true duration=0.02",
                "stage_began stage=restore", "stage_ended stage=restore complete=true duration=0",
                "ready duration=0.085",
            ])
        #expect(
            life.told("subscription") == [
                "subscription_requested subscription=1", "subscription_confirmed subscription=1 duration=0.02",
                "subscription_lost subscription=1", "subscription_requested subscription=1",
                "subscription_resumed subscription=1 gap=1.105", "subscription_ended subscription=1",
            ])
        #expect(
            life.told("ping", "pong") == [
                "ping_sent sender=caller", "pong_received sender=caller round_trip=0.02",
                "ping_sent sender=keepalive", "pong_received sender=keepalive round_trip=0.02",
            ])
    }

    @Test("An outage: its end, the wait, the way back, and the end in order")
    func outage() async throws {
        let life = try await ObservedLives.session()
        let end =
            "cause=closed_by_caller origin=caller phase=ready closure=clean sent_code=1000 received_code=1000 "
            + "finality=asked failures=0 open_for=4.08 since_heard=0 unsent_bytes=0"
        #expect(
            life.told("ended", "retry", "backoff", "attempt", "ready", "reconnected", "stabilised", "clos") == [
                "attempt_began failures=0", "ready duration=0.085",
                "ended cause=transport_ended origin=network phase=ready closure=none failures=1 open_for=6.07 "
                    + "since_heard=0.99 unsent_bytes=0 duration=6.135",
                "retry_planned duration=1 failures=1", "backoff_ended end=elapsed duration=1",
                "attempt_began failures=1", "ready duration=0.105", "reconnected duration=1.105 attempts=1",
                "stabilised", "closing code=1000 origin=caller", "ended \(end) duration=4.145 closing=0.02",
                "closed \(end)",
            ])
    }

    @Test("The rate limit: what it holds back, for how long, and what it refuses")
    func rateLimit() async throws {
        let life = try await ObservedLives.rateLimit()
        #expect(
            life.told("message_sent", "rate", "send") == [
                "message_sent kind=text bytes=1 latency=0", "message_sent kind=text bytes=2 latency=0",
                "rate_limit_waited duration=2", "message_sent kind=text bytes=3 latency=2",
                "rate_limit_waited duration=4", "message_sent kind=text bytes=4 latency=4",
                "rate_limit_refused cost=3", "send_refused reason=costTooHigh bytes=4",
            ])
    }

    @Test("Requests: answered, twice, unasked, late, cancelled, lost, kept over an outage, refused")
    func requests() async throws {
        let life = try await ObservedLives.requests()
        #expect(
            life.told("request_ended", "stray") == [
                "request_ended request=2 end=refused reason=notOpen duration=0",
                "request_ended request=6 end=answered round_trip=0.02 duration=0.02",
                "stray_answer request=6 answer=duplicate", "stray_answer request=99999 answer=unsolicited",
                "request_ended request=8 end=answered round_trip=0.02 duration=0.02",
                "request_ended request=10 end=timed_out duration=2",
                "request_ended request=12 end=cancelled duration=1",
                "request_ended request=14 end=lost reason=connectionLost duration=0.015",
                "request_ended request=16 end=answered round_trip=0.02 duration=1.1",
            ])
        #expect(
            life.told("request_sent").suffix(2) == [
                "request_sent request=16 duration=0", "request_sent request=16 duration=1.08",
            ])
    }

    @Test("Pings of the server, and one of ours without an answer")
    func pings() async throws {
        let life = try await ObservedLives.pings()
        #expect(
            life.told("ping", "pong") == [
                "ping_received", "ping_received", "ping_sent sender=caller", "ping_unanswered duration=3",
            ])
    }

    @Test("A consumer that is behind, and one that leaves")
    func consumer() async throws {
        #expect(
            try await ObservedLives.consumer().told("reading") == [
                "reading_paused messages=4 bytes=400", "reading_resumed duration=1.99",
            ])
        #expect(
            try await ObservedLives.leaving().told("consumer", "messages") == [
                "consumer_left", "messages_dropped messages=2",
            ])
    }

    @Test("Fragments are one message; what is accepted and not written is lost with the connection, and counted")
    func losses() async throws {
        let life = try await ObservedLives.losses()
        #expect(
            life.told("message_sent", "messages", "send") == [
                "message_sent kind=text bytes=5 latency=0", "message_sent kind=text bytes=9 latency=0",
                "message_sent kind=binary bytes=3000 latency=0", "send_refused reason=connectionLost bytes=8000",
                "messages_lost messages=2 bytes=18000",
            ])
    }

    @Test("Subscriptions that are refused, silent and fresh again; handlers that err")
    func subscriptions() async throws {
        let life = try await ObservedLives.subscriptions()
        #expect(
            life.told("subscription") == [
                "subscription_requested subscription=1",
                "subscription_failed subscription=1 reason=subscriptionRefused",
                "subscription_ended subscription=1", "subscription_requested subscription=2",
                "subscription_confirmed subscription=2 duration=0.02", "subscription_stale subscription=2 duration=5",
                "subscription_fresh subscription=2",
                "subscription_ended subscription=2",
            ])
        #expect(
            life.told("handler") == [
                "handler_reported handler=messages finding=unreadable",
                "handler_reported handler=messages finding=threw error=Mistake",
            ])
    }

    @Test("Credentials: abandoned with their connection, refused")
    func credentials() async throws {
        let life = try await ObservedLives.credentials()
        #expect(
            life.told("authentication_ended", "closing") == [
                "authentication_ended end=abandoned renewal=false duration=0.02",
                "authentication_ended end=failed reason=refused renewal=false duration=0.02",
                "closing code=1000 origin=peer",
            ])
        let stages = life.told("stage_ended").filter { $0.contains("authenticate") }
        #expect(
            stages == Array(repeating: "stage_ended stage=authenticate complete=false duration=0.02", count: 2))
    }

    @Test("Waits between attempts: cut short, over, given up")
    func waits() async throws {
        let life = try await ObservedLives.waits()
        #expect(
            life.told("backoff") == [
                "backoff_ended end=hurried duration=1.975", "backoff_ended end=elapsed duration=8",
                "backoff_ended end=cancelled duration=0.99",
            ])
        #expect(life.told("retry").allSatisfy { $0.hasPrefix("retry_planned duration=8 ") })
    }

    static let names = [
        "attempt_began", "stage_began", "stage_ended", "opened", "ready", "reconnected", "stabilised", "closing",
        "ended", "retry_planned", "backoff_ended", "closed", "message_received", "messages_dropped", "message_sent",
        "messages_lost", "send_refused", "reading_paused", "reading_resumed", "consumer_left", "ping_sent",
        "pong_received", "ping_unanswered", "ping_received", "request_began", "request_sent", "request_ended",
        "stray_answer", "rate_limit_waited", "rate_limit_refused", "authentication_began", "authentication_ended",
        "handler_reported",
    ]

    @Test("Every kind of event is seen, each has a sentence, and the end is the last")
    func everyKind() async throws {
        var seen: Set<String> = []
        for life in ObservedLives.all {
            let events = try await life().events
            seen.formUnion(events.map(\.name))
            for event in events {
                #expect(event.description.hasSuffix(".") && !event.description.contains("_"), "\(event.description)")
            }
            #expect(events.last?.name == "closed" && events.count { $0.name == "closed" } == 1)
            #expect(events.count { $0.name == "attempt_began" } == events.count { $0.name == "ended" })
            #expect(events.count { $0.name == "request_began" } == events.count { $0.name == "request_ended" })
        }
        let subscriptions = ["requested", "confirmed", "resumed", "lost", "failed", "stale", "fresh", "ended"]
        #expect(seen == Set(Self.names + subscriptions.map { "subscription_" + $0 }))
    }

    @Test("A connection has one number and one name over all its attempts, and no path")
    func context() async throws {
        let life = try await Watched.live {
            $0.name = "feed"
        } _: { network, server, options in
            let socket = try await WebSocket.connect(to: server.url + "secret/path?token=abc", options: options)
            server.suffer(.reset)
            for await change in socket.stateChanges where change.to == .ready { break }
            await socket.close()
        }
        let connections = Set(life.notes.all.map(\.context.connection))
        #expect(connections.count == 1)
        let connection = try #require(connections.first)
        #expect(connection.name == "feed" && connection.endpoint == "wss://rpc.example" && connection.target == "feed")
        #expect(Set(life.notes.all.map(\.context.attempt.number)) == [1, 2])
        #expect(life.notes.all.allSatisfy { $0.context.calendarTime == nil })
    }

    @Test("A recording of another machine is refused, and says where")
    func anotherMachine() async throws {
        var trace = try await ObservedLives.pings().trace
        trace.steps[3].rule = "nonsense"
        let error = #expect(throws: TraceError.self) { try Telemetry.events(of: trace) }
        #expect(error?.line == 5)
    }
}
