import Testing

@testable import NovaWire

@Suite("The opening handshake")
struct HandshakeTests {
    static let key = "dGhlIHNhbXBsZSBub25jZQ=="
    static let accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

    /// What a parser says of an answer in these pieces, as a word, and what it leaves unread.
    static func parse(_ pieces: [String], subprotocols: [String] = []) -> (said: [String], rest: Int) {
        var parser = UpgradeResponseParser(expectedAccept: accept, subprotocols: subprotocols, maximumBodyBytes: 16)
        var said: [String] = []
        var rest = 0
        for piece in pieces {
            var input = DecoderInput(copying: Array(piece.utf8))
            reading: while true {
                switch parser.next(&input) {
                case .needMore: break reading
                case .upgraded(let response): said.append("upgraded \(response.subprotocol ?? "-")")
                case .refused(let head): said.append("refused \(head.status) \(head.retryAfter ?? 0)")
                case .refusalBody(let body): said.append("body " + String(decoding: body, as: UTF8.self))
                case .invalid(let fault): said.append(fault.rawValue)
                }
            }
            rest = input.count
        }
        return (said, rest)
    }

    static func answer(
        _ status: String = "HTTP/1.1 101 Switching Protocols", without name: String = "", _ more: String...
    ) -> String {
        let fields =
            ["Upgrade: websocket", "Connection: keep-alive, Upgrade", "Sec-WebSocket-Accept: \(accept)"] + more
        return ([status] + fields.filter { name.isEmpty || !$0.hasPrefix(name) }).map { $0 + "\r\n" }.joined() + "\r\n"
    }

    static let answers: [(String, [String], [String])] = [
        (answer(), [], ["upgraded -"]), (answer("HTTP/1.1 101 "), [], ["upgraded -"]),
        (answer(without: "", "Sec-WebSocket-Protocol: b"), ["a", "b"], ["upgraded b"]),
        (answer(without: "", "Sec-WebSocket-Protocol: c"), ["a", "b"], ["subprotocolNotOffered"]),
        (answer(without: "", "Sec-WebSocket-Protocol: c"), [], ["subprotocolNotOffered"]),
        (answer(without: "", "Sec-WebSocket-Extensions: permessage-deflate"), [], ["extensionNotOffered"]),
        (answer(without: "Upgrade"), [], ["upgradeMissing"]),
        (answer(without: "Connection"), [], ["connectionMissing"]),
        (answer(without: "Sec-WebSocket-Accept"), [], ["acceptMissing"]),
        (answer(without: "", "Sec-WebSocket-Accept: \(accept)"), [], ["acceptMissing"]),
        (answer().replacing("s3pP", with: "S3pP"), [], ["acceptMismatch"]),
        (answer("HTTP/1.0 101 Switching Protocols"), [], ["malformedStatusLine"]),
        (answer("HTTP/2 101 Switching Protocols"), [], ["malformedStatusLine"]),
        ("SSH-2.0-x\r\n", [], ["malformedStatusLine"]),
        (answer(without: "", " folded"), [], ["malformedHeader"]),
        (answer(without: "", "Name : x"), [], ["malformedHeader"]),
        (answer(without: "", "Name: a\nInjected: b"), [], ["malformedHeader"]),
        (answer(without: "", "X: " + String(repeating: "x", count: 20_000)), [], ["headTooLarge"]),
        ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + answer(), [], ["upgraded -"]),
        ("HTTP/1.1 429 Slow\r\nRetry-After: 7\r\nContent-Length: 4\r\n\r\nwait", [], ["refused 429 7", "body wait"]),
        ("HTTP/1.0 404 Not Found\r\nContent-Length: 0\r\n\r\n", [], ["refused 404 0", "body "]),
        (
            "HTTP/1.1 500 No\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", [],
            ["refused 500 0", "body abcde"]
        ),
        ("HTTP/1.1 500 No\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", [], ["refused 500 0", "malformedBody"]),
        ("HTTP/1.1 500 No\r\n\r\n0123456789abcdefghij", [], ["refused 500 0", "body 0123456789abcdef"]),
        ("HTTP/1.1 500 No\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", [], ["malformedBody"]),
    ]

    @Test("Every answer says the same however it is cut", arguments: answers)
    func readsAnswer(_ text: String, _ subprotocols: [String], _ said: [String]) {
        #expect(Self.parse([text], subprotocols: subprotocols).said == said)
        guard text.utf8.count < 2000 else { return }
        for cut in 0...text.utf8.count {
            let pieces = [
                String(decoding: Array(text.utf8)[..<cut], as: UTF8.self),
                String(decoding: Array(text.utf8)[cut...], as: UTF8.self),
            ]
            #expect(Self.parse(pieces, subprotocols: subprotocols).said == said)
        }
    }

    @Test("What follows a 101 is left unread")
    func leftOver() {
        #expect(Self.parse([Self.answer() + "frames"]).rest == 6)
    }

    @Test("A request has its lines in order and nothing else in them")
    func request() throws {
        let request = try UpgradeRequest(
            to: Endpoint("ws://example.com:8080/a?b=c"), key: Self.key, origin: "https://example.com",
            subprotocols: ["x", "y"],
            headers: [HeaderField("Authorization", "Bearer abc")])
        let text = """
            GET /a?b=c HTTP/1.1\r
            Host: example.com:8080\r
            Upgrade: websocket\r
            Connection: Upgrade\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            Sec-WebSocket-Version: 13\r
            Origin: https://example.com\r
            Sec-WebSocket-Protocol: x, y\r
            Authorization: Bearer abc\r
            \r\n
            """
        #expect(String(decoding: request.bytes, as: UTF8.self) == text)
    }

    static let forbidden: [(HeaderField, UpgradeRequestError)] = [
        (HeaderField("X", "a\r\nInjected: b"), .illegalHeaderValue(name: "X")),
        (HeaderField("X", "a\nb"), .illegalHeaderValue(name: "X")),
        (HeaderField("X", "a\0b"), .illegalHeaderValue(name: "X")),
        (HeaderField("X\r\nY", "a"), .illegalHeaderName(index: 0)),
        (HeaderField("", "a"), .illegalHeaderName(index: 0)),
        (HeaderField("X Y", "a"), .illegalHeaderName(index: 0)),
        (HeaderField("upgrade", "h2c"), .reservedHeader(name: "upgrade")),
        (HeaderField("Sec-WebSocket-Key", Self.key), .reservedHeader(name: "Sec-WebSocket-Key")),
        (HeaderField("X", String(repeating: "x", count: 70_000)), .tooLarge),
    ]

    @Test("Nothing breaks out of its line", arguments: forbidden)
    func injection(_ header: HeaderField, _ error: UpgradeRequestError) throws {
        let endpoint = try Endpoint("ws://example.com/")
        #expect(throws: error) { try UpgradeRequest(to: endpoint, key: Self.key, headers: [header]) }
    }

    @Test("Subprotocols are tokens, each once; an origin is a line; a key is a key")
    func otherParts() throws {
        let endpoint = try Endpoint("ws://example.com/")
        #expect(throws: UpgradeRequestError.illegalSubprotocol(index: 0)) {
            try UpgradeRequest(to: endpoint, key: Self.key, subprotocols: ["a b"])
        }
        #expect(throws: UpgradeRequestError.duplicateSubprotocol(index: 1)) {
            try UpgradeRequest(to: endpoint, key: Self.key, subprotocols: ["a", "a"])
        }
        #expect(throws: UpgradeRequestError.illegalOrigin) {
            try UpgradeRequest(to: endpoint, key: Self.key, origin: "a\r\nb")
        }
        #expect(throws: UpgradeRequestError.illegalKey) { try UpgradeRequest(to: endpoint, key: "short") }
    }
}

@Suite("URLs")
struct EndpointTests {
    static let good: [(String, String, String, Bool)] = [
        ("ws://example.com", "example.com", "/", false), ("WSS://example.com:443/x", "example.com", "/x", true),
        ("ws://example.com:443?q", "example.com:443", "/?q", false),
        ("wss://[::1]:9000/a?b=c", "[::1]:9000", "/a?b=c", true),
        ("ws://127.0.0.1:1/", "127.0.0.1:1", "/", false), ("ws+unix:/run/a.sock", "localhost", "/", false),
        ("ws+unix:///run/a.sock:/chat?x=1", "localhost", "/chat?x=1", false),
    ]

    @Test("What is a URL of a WebSocket", arguments: good)
    func accepted(_ url: String, _ authority: String, _ target: String, _ isSecure: Bool) throws {
        let endpoint = try Endpoint(url)
        #expect(endpoint.authority == authority)
        #expect(endpoint.target == target)
        #expect(endpoint.isSecure == isSecure)
    }

    static let bad: [(String, EndpointError)] = [
        ("http://example.com", .unknownScheme), ("example.com", .unknownScheme), ("", .unknownScheme),
        ("ws:example", .hostMissing),
        ("ws://", .hostMissing), ("ws:///x", .hostMissing), ("ws://user:secret@example.com/", .userInfo),
        ("ws://example.com/#x", .fragment), ("ws://example.com/a b", .illegalCharacter),
        ("ws://exämple.com/", .illegalCharacter),
        ("ws://example.com/\r\nX", .illegalCharacter), ("ws://example.com:0/", .illegalPort),
        ("ws://example.com:65536/", .illegalPort), ("ws://example.com:x/", .illegalPort), ("ws://[::1/", .illegalHost),
        ("ws://[example]/", .illegalHost), ("ws://a%20b/", .illegalHost), ("ws+unix:relative", .illegalSocketPath),
    ]

    @Test("What is not, and why", arguments: bad)
    func rejected(_ url: String, _ error: EndpointError) {
        #expect(throws: error) { try Endpoint(url) }
    }

    @Test("A description has no values of the query in it")
    func redaction() throws {
        #expect(try Endpoint("wss://example.com/a?token=secret&b=2").description == "wss://example.com/a?token=…&b=…")
    }
}

@Suite("Secrets")
struct SecretTests {
    @Test("No value of a header, and none of a URL's query, is printed in any way")
    func redaction() throws {
        let field = HeaderField("Authorization", "Bearer hunter2")
        let endpoint = try Endpoint("wss://example.com/feed?token=hunter2&x")
        let request = try UpgradeRequest(to: endpoint, key: "AAAAAAAAAAAAAAAAAAAAAA==", headers: [field])
        let head = ResponseHead(status: 200, fields: [HeaderField("Set-Cookie", "hunter2")])
        for value in [field, [field], endpoint, Optional(endpoint) as Any, request, head] as [Any] {
            var dumped = ""
            dump(value, to: &dumped)
            for text in ["\(value)", String(reflecting: value), dumped] { #expect(!text.contains("hunter2")) }
        }
    }

    @Test("Words of the protocol have the case of ASCII, and no other")
    func folding() {
        #expect(HeaderField("UPGRADE", "").isNamed("upgrade"))
        #expect(!HeaderField("webSoc\u{212A}et", "").isNamed("websocket"))  // a Kelvin sign folds to k
        #expect(!HeaderField("Upgrad", "").isNamed("upgrade"))
    }
}

@Suite("Retry-After")
struct RetryAfterTests {
    @Test("Seconds, or a date held against the answer's own; anything else is nothing")
    func values() {
        func seconds(_ text: String, date: String? = nil) -> UInt32? {
            var fields = [HeaderField("Retry-After", text)]
            if let date { fields.append(HeaderField("Date", date)) }
            return ResponseHead(status: 503, fields: fields).retryAfter
        }
        let now = "Sun, 06 Nov 1994 08:49:37 GMT"
        #expect(seconds("120") == 120)
        #expect(seconds("Sun, 06 Nov 1994 08:51:37 GMT", date: now) == 120)
        #expect(seconds("Mon, 07 Nov 1994 08:49:37 GMT", date: now) == 86_400)
        #expect(seconds(now, date: "Mon, 07 Nov 1994 08:49:37 GMT") == 0)
        #expect(seconds("Sun, 06 Nov 1994 08:51:37 GMT") == nil)
        for wrong in ["-1", "soon", "", "4294967296", "Sun, 32 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 8:49 GMT"] {
            #expect(seconds(wrong, date: now) == nil)
        }
    }

    @Test("Dates are those of the calendar")
    func calendar() {
        #expect(HTTPDate("Thu, 01 Jan 1970 00:00:00 GMT")?.seconds == 0)
        #expect(HTTPDate("Sun, 06 Nov 1994 08:49:37 GMT")?.seconds == 784_111_777)
        #expect(HTTPDate("Tue, 29 Feb 2000 23:59:59 GMT")?.seconds == 951_868_799)
        #expect(HTTPDate("Wed, 01 Mar 2000 00:00:00 GMT")?.seconds == 951_868_800)
        #expect(HTTPDate("Fri, 31 Dec 9999 23:59:59 GMT")?.seconds == 253_402_300_799)
    }
}
