import Foundation
import NovaSocket
import NovaTestKit
import SessionSupport
import Synchronization
import Testing

/// What a session is made of where nobody has written a handler of their own.
@Suite("What was promised of ready-made handlers", .timeLimit(.minutes(4)))
struct ReadyMadeTests {
    private let network = SimulatedNetwork(seed: 72)
    private let server: SimulatedServer
    private let service: RPCService
    private let heard = Lines()

    init() {
        server = network.server("rpc.example")
        service = RPCService(at: server)
    }

    private func session(
        _ handlers: Handlers, _ change: (inout WebSocketOptions) -> Void = { _ in }
    ) throws -> Session {
        try Session(server.url, handlers) { options in
            network.join(&options, retryingEachSecond: change)
        }
    }

    /// The simulation's time for handlers, in milliseconds; in the year 1970.
    private var now: @Sendable () -> Int64 {
        let network = network
        return { network.elapsed.components.seconds * 1000 }
    }

    /// Grants what `isRight` says is right, and answers with `answer`.
    private func grant(
        _ answer: @escaping @Sendable () -> JSONValue, _ isRight: @escaping @Sendable (JSONValue) -> Bool
    ) {
        let heard = heard
        service.answers { _, request in
            guard request.method == "auth" else { return nil }
            let shown = (try? request.params(as: JSONValue.self)) ?? .null
            heard.append("\(shown["nonce"]?.string ?? "auth")")
            guard isRight(shown) else {
                return [RPCService.failure(JSONRPC.Failure(13004, "not you"), of: request)]
            }
            return [RPCService.result(answer(), of: request)]
        }
    }

    // MARK: Credentials

    @Test(
        "A token is shown on each connection, and anew a minute before its end: an hour, or what the answer says",
        arguments: [("true", 3600), (#"{"expires_in":600}"#, 600), (#"{"expires_at":600}"#, 600), ("{}", 3600)])
    func token(_ answer: String, _ seconds: Int) async throws {
        let (network, server, heard, now) = (network, server, heard, now)
        let granted = try JSONValue(json: answer)
        grant {
            // The moment is that of the answer, a little later than zero.
            guard case .object(var members) = granted, let end = members["expires_at"]?.double else { return granted }
            members["expires_at"] = .number(end + Double(now()) / 1000)
            return .object(members)
        } _: {
            $0 == ["token": "sesame"]
        }
        let handlers = Handlers(authentication: RequestAuthentication(token: .fixed("sesame"), now: now))
        try await network.run {
            let session = try session(handlers) { $0.policy.keepalive = nil }
            try await session.connect()
            var status = await session.status.authentication
            let end = try #require(status.validFor)
            #expect(end > .seconds(seconds - 2) && end <= .seconds(seconds))
            #expect(status.renewedIn == end - .seconds(60))
            try await network.sleep(for: .seconds(seconds - 62))
            for renewal in 1...2 {
                #expect(heard.all.count == renewal)
                try await network.sleep(for: .seconds(4))
                #expect(heard.all.count == renewal + 1)
                try await network.sleep(for: .seconds(seconds - 64))
            }
            server.suffer(.reset)
            for await change in session.stateChanges where change.to == .ready { break }
            status = await session.status.authentication
            #expect(heard.all.count == 4 && status.isAuthenticated)
            await session.close()
        }
    }

    @Test("A key signs the time and a nonce, as OpenSSL and RFC 4231 have it; its secret is never sent, nor told")
    func signature() async throws {
        let (network, heard) = (network, heard)
        // RFC 4231 §4.3
        let jefe = APIKey(id: "jefe", secret: "Jefe")
        let text = "what do ya want for nothing?"
        #expect(
            jefe.signature(of: text) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        #expect(jefe.signature(of: text, .base64) == "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=")
        // printf '1000\nn-1\n' | openssl dgst -sha256 -hmac sesame
        let expected = "191e9cec8e150bcb48691717a82fff62421d4cbb7809945dd0ec5315a869343f"
        grant {
            true
        } _: {
            $0 == ["api_key": "ali", "timestamp": 1000, "nonce": "n-1", "signature": .string(expected)]
        }
        let key = APIKey(id: "ali", secret: "sesame")
        let handler = RequestAuthentication(signedBy: .fixed(key), now: { 1000 }, nonce: { "n-1" })
        let lines = Lines()
        try await network.run {
            let session = try session(Handlers(authentication: handler)) {
                $0.recording = .lines(.whole(.nothing)) { lines.append($0) }
            }
            try await session.connect()
            #expect(await session.status.authentication.validFor.map { $0 > .seconds(3599) } == true)
            await session.close()
        }
        #expect(heard.all == ["n-1"])
        let source = CredentialSource.fixed(key)
        for value in [key, handler, source, Handlers(authentication: handler)] as [Any] {
            var dumped = ""
            dump(value, to: &dumped)
            for words in ["\(value)", String(reflecting: value), dumped] { #expect(!words.contains("sesame")) }
        }
        let sent = lines.all.joined()
        #expect(sent.contains("\"k\":\"do\"") && !sent.contains("sesame"))
        #expect(!sent.contains(Data("sesame".utf8).base64EncodedString().prefix(6)))
        // Two nonces of our own are not the same.
        #expect(APIKey.randomNonce() != APIKey.randomNonce() && APIKey.randomNonce().count == 32)
        #expect(abs(Double(APIKey.systemTime()) / 1000 - Date().timeIntervalSince1970) < 60)
    }

    @Test("A bearer's token stands in the header of every opening handshake, once, and in no description")
    func bearer() async throws {
        let (network, server) = (network, server)
        let lines = Lines()
        try await network.run {
            let session = try session(Handlers()) {
                $0.addHeader("authorization", "Basic old")
                $0.authorize(bearer: "sesame")
                $0.recording = .lines(.whole(.nothing)) { lines.append($0) }
                #expect(!"\($0)".contains("sesame"))
            }
            try await session.connect()
            server.suffer(.reset)
            for await change in session.stateChanges where change.to == .ready { break }
            await session.close()
        }
        let trace = try Trace(reading: Data(lines.all.joined().utf8))
        let sent = trace.traffic.filter { $0.direction == .sent }.map { String(decoding: $0.bytes, as: UTF8.self) }
        let requests = sent.filter { $0.hasPrefix("GET ") }
        #expect(requests.count == 2)
        for request in requests {
            #expect(request.contains("\r\nAuthorization: Bearer sesame\r\n") && !request.contains("Basic"))
        }
    }

    @Test("Credentials that the server refuses, or that have ended already, are no credentials")
    func refused() async throws {
        let (network, heard) = (network, heard)
        grant {
            ["expires_in": 0]
        } _: {
            $0["token"] == "sesame"
        }
        try await network.run {
            let cases: [(String, AuthenticationFault)] = [("wrong", .refused), ("sesame", .unavailable)]
            for (token, fault) in cases {
                let session = try session(
                    Handlers(authentication: RequestAuthentication(token: .fixed(token)))
                ) { $0.policy.reconnection.maximumAttempts = 3 }
                await #expect(throws: WebSocketError.self) { try await session.connect() }
                let cause = try #require(await session.termination?.cause)
                #expect(cause.ending.detail == .authenticationFailed(fault))
                // A person must mend the first; the second may pass, and is tried as often as allowed.
                #expect(heard.all.count == (fault == .refused ? 1 : 4))
            }
        }
    }

    // MARK: How it stands

    /// Notes how the authentication stands whenever it is called.
    private struct Witness: ConnectionHandler, MessageHandler {
        let lines: Lines

        func connected(_ context: SessionContext) async throws -> Reaction {
            lines.append("connected: \(await context.authentication.state)")
            return .nothing
        }

        func handle(_ message: Message, _ context: SessionContext) async throws -> Reaction {
            let known = await context.authentication
            lines.append("handled: \(known.isAuthenticated), \((known.validFor ?? .zero) > .seconds(500))")
            return .nothing
        }
    }

    @Test("How the authentication stands is in the status, with its end and its renewal, and for every handler")
    func standing() async throws {
        let (network, server, heard, lines) = (network, server, heard, Lines())
        grant {
            ["expires_in": 600]
        } _: {
            $0["token"] == "sesame"
        }
        let witness = Witness(lines: lines)
        try await network.run {
            let session = try session(
                Handlers(
                    messages: witness, authentication: RequestAuthentication(token: .fixed("sesame")),
                    connection: witness))
            var status = await session.status
            #expect(status.authentication.state == .idle && !status.authentication.isAuthenticated)
            #expect(status.description.contains("not authenticated"))
            let arrived = AsyncStream.makeStream(of: SimulatedConnection.self)
            server.onOpen = { arrived.continuation.yield($0) }
            try await session.connect()
            status = await session.status
            #expect(status.authentication.state == .authenticated)
            #expect(status.authentication.validFor.map { $0 > .seconds(599) && $0 <= .seconds(600) } == true)
            let whole = try #require(status.authentication.validFor)
            #expect(status.authentication.renewedIn == whole - .seconds(60))
            try await network.sleep(for: .seconds(100))
            #expect(await session.status.authentication.validFor == whole - .seconds(100))
            #expect(await session.status.description.contains("authenticated for "))
            var connections = arrived.stream.makeAsyncIterator()
            await connections.next()?.send("hello")
            try await network.sleep(for: .seconds(1))
            let changes = session.stateChanges
            server.suffer(.reset)
            for await change in changes where change.to == .backingOff { break }
            status = await session.status
            #expect(status.authentication.state == .idle && status.authentication.validFor == nil)
            #expect(status.authentication.renewedIn == nil)
            for await change in changes where change.to == .ready { break }
            #expect(await session.status.authentication.isAuthenticated)
            try await network.sleep(for: .seconds(1))  // the handlers have been called by then
            await session.close()

            let anonymous = try self.session(Handlers())
            try await anonymous.connect()
            #expect(await anonymous.status.authentication.state == .off)
            #expect(await !anonymous.status.description.contains("authenticat"))
            await anonymous.close()
        }
        #expect(
            lines.all == ["connected: authenticated", "handled: true, false", "connected: authenticated"])
        #expect(heard.all.count == 2)
    }

    @Test(
        "Credentials that are given count, whatever stands in the environment; those of the environment are asked for")
    func environment() async throws {
        // Every process has one.
        let path = try #require(ProcessInfo.processInfo.environment["PATH"])
        let shown = Lines()
        grant {
            true
        } _: { parameters in
            shown.append(parameters["PATH"]?.string ?? "")
            return true
        }
        let (network, nobody) = (network, "NOVA_NOBODY_HAS_THIS")
        try await network.run {
            for source in [CredentialSource.fixed("sesame"), .environment("PATH")] {
                let session = try session(
                    Handlers(authentication: RequestAuthentication(token: source, parameter: "PATH")))
                try await session.connect()
                await session.close()
            }
            #expect(shown.all == ["sesame", path])
            let sources: [@Sendable () async throws -> Void] = [
                { _ = try await CredentialSource<String>.environment(nobody).provide() },
                { _ = try await CredentialSource<APIKey>.environment(id: "PATH", secret: nobody).provide() },
            ]
            for source in sources {
                let error = await #expect(throws: AuthenticationError.self) { try await source() }
                #expect(error?.description.contains("The environment has no \(nobody).") == true)
            }
        }
    }

    // MARK: Subscriptions

    @Test("A session without a handler of subscriptions subscribes by a request for each channel, on every connection")
    func subscriptions() async throws {
        let (network, server, service, heard) = (network, server, service, heard)
        let opened = AsyncStream.makeStream(of: SimulatedConnection.self)
        server.onOpen = { opened.continuation.yield($0) }
        service.answers { number, request in
            let parameters = (try? request.params(as: JSONValue.self)) ?? .null
            let names = (parameters.object ?? [:]).keys.sorted().joined(separator: " ")
            heard.append("\(number) \(request.method) \(parameters["channel"]?.string ?? "none") (\(names))")
            let isForbidden = parameters["channel"] == "forbidden"
            return isForbidden
                ? [RPCService.failure(JSONRPC.Failure(403, "no"), of: request)] : [RPCService.result("ok", of: request)]
        }
        try await network.run {
            let session = try session(Handlers())
            try await session.connect()
            let results = await session.subscribe(to: [
                Channel("a"), Channel("b", parameters: ["depth": 10]), Channel("forbidden"),
                Channel("c", parameters: [1]),
            ])
            let error = #expect(throws: JSONRPC.Failure.self) { try results[2].get() }
            #expect(error?.code.rawValue == 403)
            let (first, second) = (try results[0].get(), try results[1].get())
            let third = try results[3].get()
            var connections = opened.stream.makeAsyncIterator()
            await connections.next()?.send(RPCService.publication("b", 1))
            var updates = second.makeAsyncIterator()
            #expect(try await updates.next()?.message?.published == 1)
            server.suffer(.reset)
            guard case .interrupted? = try await updates.next() else { return #expect(Bool(false), "no interruption") }
            guard case .gap? = try await updates.next() else { return #expect(Bool(false), "no gap") }
            await connections.next()?.send(RPCService.publication("b", 2))
            #expect(try await updates.next()?.message?.published == 2)
            first.cancel()
            try await network.sleep(for: .seconds(1))  // nobody waits for what the server is told
            _ = try await session.request("done", as: JSONValue.self)
            withExtendedLifetime(third) {}
            await session.close()
        }
        #expect(
            heard.all == [
                "1 subscribe a (channel)", "1 subscribe b (channel depth)", "1 subscribe forbidden (channel)",
                "1 subscribe c (channel parameters)", "2 subscribe a (channel)", "2 subscribe b (channel depth)",
                "2 subscribe c (channel parameters)", "2 unsubscribe a (channel)", "2 done none ()",
            ])
    }

    @Test("Its words may be others; an adapter of nothing but a URL subscribes too")
    func otherWords() async throws {
        struct Bare: Adapter { var url: String }
        let (network, service, url) = (network, service, server.url)
        let others = RequestSubscriptions(subscribe: "join", unsubscribe: "part", parameter: "room")
        service.answers { _, request in [RPCService.result(true, of: request)] }
        try await network.run {
            let session = try session(Handlers(subscriptions: others))
            try await session.connect()
            try await session.subscribe(to: "a").cancel()
            try await network.sleep(for: .seconds(1))  // nobody waits for what the server is told
            _ = try await session.request("done", as: JSONValue.self)
            await session.close()
            let bare = try Session(adapter: Bare(url: url)) { network.join(&$0) }
            try await bare.connect()
            let subscription = try await bare.subscribe(to: "b")
            #expect(await bare.status.confirmedSubscriptions == 1)
            withExtendedLifetime(subscription) {}
            await bare.close()
        }
        #expect(service.calls == ["join", "part", "done", "subscribe"])
    }
}
