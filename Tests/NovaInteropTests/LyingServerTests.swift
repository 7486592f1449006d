import Foundation
import NovaSocket
import SessionSupport
import Testing

/// Sessions with a server in Python that drops, refuses, delays and lies: each request is settled once, each subscription
/// asked for once on each connection, and what was missed is a gap in its place.
@Suite("Sessions with a server that lies", .serialized, .enabled(if: Server.folder != nil), .timeLimit(.minutes(3)))
struct LyingServerTests {
    /// What a request came to.
    private func outcome(_ method: String, _ session: Session) async -> String {
        do {
            return "\(try await session.request(method, as: Int.self))"
        } catch let problem as JSONRPC.Problem {
            return problem.kind.rawValue
        } catch let error as JSONError {
            return error.kind.rawValue
        } catch let failure as JSONRPC.Failure {
            return "\(failure.code.rawValue)"
        } catch {
            return "\(error)"
        }
    }

    private func echo(_ number: Int, _ session: Session) async throws -> Bool {
        try await session.request("echo", [number], as: [Int].self) == [number]
    }

    @Test(
        "An answer counts once, if it is one to this request; anything else harms neither it nor the next",
        arguments: [
            ("twice", "1", 0), ("strangers", "1", 1), ("shape", "wrongType", 0), ("version", "wrongVersion", 0),
            ("garbage", "1", 10), ("failure", "wrongError", 0), ("both", "resultAndError", 0), ("text", "1", 0),
            ("nothing", "-32601", 0),
        ])
    func lies(_ method: String, _ expected: String, _ unreadable: Int) async throws {
        var reports: AsyncStream<HandlerReport>?
        try await withSession { session in
            reports = session.handlerReports
            try await session.connect()
            for number in 0..<3 {
                #expect(await outcome(method, session) == expected)
                #expect(try await echo(number, session))
            }
            // Many at once: nobody gets what is another's.
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<20 {
                    group.addTask { await outcome(method, session) == expected }
                    group.addTask { try await echo(number, session) }
                }
                for try await isRight in group { #expect(isRight) }
            }
            #expect(try await session.log().filter { $0 == method }.count == 23)
            #expect(await session.status.pendingRequests == 0)
            #expect(await session.status.attempt == AttemptID(1))
        }
        // What can't be read, and belongs to nobody, is told: each time, and nothing else.
        var told = 0
        if let reports {
            for await report in reports { if case .unreadable = report.event { told += 1 } }
        }
        #expect(told == 23 * unreadable)
    }

    @Test("An answer that comes when nobody waits any more is nobody's")
    func late() async throws {
        try await withSession { session in
            try await session.connect()
            for number in 0..<3 {
                let error = await #expect(throws: WebSocketError.self) {
                    try await session.request(
                        "late", as: String.self, options: CallOptions(timeout: .milliseconds(30)))
                }
                #expect(error?.refusal == .timedOut)
                #expect(try await echo(number, session))
            }
            _ = try await session.log()
            // Immediate: it runs up to its first wait, which is where the machine has its wish.
            let waiting = Task.immediate { try await session.request("late", as: String.self) }
            #expect(try await session.log() == ["late"])
            #expect(try await waiting.value == "late")
        }
    }

    @Test("What is under way when the session is closed ends with it")
    func closed() async throws {
        try await withSession { session in
            try await session.connect()
            let waiting = Task.immediate { try await session.request("late", as: String.self) }
            await session.close()
            let error = await #expect(throws: WebSocketError.self) { try await waiting.value }
            #expect(error?.refusal == .closing)
        }
    }

    @Test("Connections that break in the middle of a frame: subscribed once on each, and the gaps where they were")
    func drops() async throws {
        struct Values: Encodable { var values: [Int] }
        try await withSession { session in
            try await session.connect()
            let subscription = try await session.subscribe(to: "a")
            for round in 1...3 {
                _ = try await session.request("publish", Values(values: [round * 10, round * 10 + 1]), as: Int.self)
                try await session.drop()
            }
            var told: [String] = []
            for try await update in subscription {
                switch update {
                case .message(let message): told.append("\(message.published ?? -1)")
                case .interrupted: told.append("lost")
                case .gap(let gap): told.append("gap \(gap.attempt.number)")
                case .stale, .fresh: told.append("?")
                }
                if told.last == "4" { break }
            }
            #expect(
                told == [
                    "1", "10", "11", "lost", "gap 2", "2", "20", "21", "lost", "gap 3", "3", "30", "31", "lost",
                    "gap 4", "4",
                ])
            let round = ["subscribe a", "publish", "drop"]
            #expect(try await session.log() == round + round + round + ["subscribe a"])
            // What nobody wanted is no subscription, whatever the server confirms.
            #expect(await session.subscriptions.map(\.channel.name) == ["a"])
        }
    }

    @Test(
        "A request that is kept goes out again on the next connection, and is answered once; another ends with its own")
    func kept() async throws {
        try await withSession { session in
            try await session.connect()
            let kept = Task.immediate {
                try await session.request(
                    "late", as: String.self, options: CallOptions(retention: .keep(for: .seconds(60))))
            }
            try await session.drop()
            #expect(try await echo(1, session))
            #expect(try await kept.value == "late")
            #expect(try await session.log() == ["late", "drop", "late", "echo"])
        }
    }

    @Test("503 with Retry-After: it is waited for, and then the session is ready")
    func refused() async throws {
        try await withSession("/refuse/1") { session in
            let start = ContinuousClock.now
            try await session.connect()
            #expect(ContinuousClock.now - start >= .seconds(1))
            #expect(await session.status.attempt == AttemptID(2))
            let refusal = await session.termination
            #expect(refusal?.cause.ending.detail == .upgradeRefused(status: 503, retryAfter: 1))
            #expect(refusal.map { String(decoding: $0.responseBody, as: UTF8.self) } == "later\n")
            #expect(try await echo(1, session))
        }
    }

    @Test("401, and a secret that is refused: no second attempt, and the secret is told to nobody")
    func locked() async throws {
        try await withSession("/locked") { session in
            let error = await #expect(throws: WebSocketError.self) { try await session.connect() }
            #expect(error?.termination?.cause.ending.detail == .upgradeRefused(status: 401, retryAfter: nil))
        }
        try await withSession(secret: "open barley") { session in
            let error = await #expect(throws: WebSocketError.self) { try await session.connect() }
            #expect(error?.termination?.cause.ending.detail == .authenticationFailed(.refused))
            #expect(await session.status.attempt == AttemptID(1))
            for text in ["\(String(describing: error))", "\(await session.explanation)", "\(await session.status)"] {
                #expect(!text.contains("barley"))
            }
        }
    }

    @Test("Credentials and subscriptions on every connection, in that order, with a refusal in between")
    func restored() async throws {
        try await withSession("/refuse/1", secret: "sesame", { $0.policy.reconnection.maximumRetryAfter = .zero }) {
            session in
            try await session.connect()
            let both = await session.subscribe(to: [Channel("a"), Channel("b")])
            #expect(both.allSatisfy { (try? $0.get()) != nil })
            try await session.drop()
            let calls = try await session.log()
            #expect(calls.filter { $0 == "auth" }.count == 2)
            #expect(calls.last == "subscribe a b" && calls.dropLast().last == "auth")
            #expect(await session.subscriptions.map(\.status) == [.confirmed, .confirmed])
        }
    }
}
