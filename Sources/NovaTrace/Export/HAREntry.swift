import FoundationEssentials
import NovaWire

/// The whole file.
struct HARFile: Encodable {
    var log: HARLog
}

/// Its log (HAR 1.2).
struct HARLog: Encodable {
    struct Creator: Encodable {
        var name = "NovaSocket"
        var version = "1"
    }

    var version = "1.2"
    var creator = Creator()
    var entries: [HAREntry]
}

/// One opening handshake and what followed.
struct HAREntry: Encodable {
    struct Pair: Encodable {
        var name: String
        var value: String
    }

    struct Request: Encodable {
        var method: String
        var url: String
        var httpVersion: String
        var cookies: [Pair] = []
        var headers: [Pair]
        var queryString: [Pair]
        var headersSize: Int
        var bodySize = 0
    }

    struct Content: Encodable {
        var size = 0
        var mimeType = "x-unknown"
        var text: String?
        var encoding: String?
    }

    struct Response: Encodable {
        var status = 0
        var statusText = ""
        var httpVersion = ""
        var cookies: [Pair] = []
        var headers: [Pair] = []
        var content = Content()
        var redirectURL = ""
        var headersSize = -1
        var bodySize = -1
    }

    struct Timings: Encodable {
        var send = 0.0
        var wait: Double
        var receive = 0.0
    }

    struct Message: Encodable {
        var type: String
        var time: Double
        var opcode: Int
        var data: String
    }

    struct Cache: Encodable {}

    var startedDateTime: String
    var time = 0.0
    var request: Request
    var response = Response()
    var cache = Cache()
    var timings = Timings(wait: 0)
    var messages: [Message]?

    enum CodingKeys: String, CodingKey {
        case startedDateTime, time, request, response, cache, timings
        case resourceType = "_resourceType"
        case messages = "_webSocketMessages"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(startedDateTime, forKey: .startedDateTime)
        try container.encode(time, forKey: .time)
        try container.encode(request, forKey: .request)
        try container.encode(response, forKey: .response)
        try container.encode(cache, forKey: .cache)
        try container.encode(timings, forKey: .timings)
        try container.encode("websocket", forKey: .resourceType)
        try container.encodeIfPresent(messages, forKey: .messages)
    }

    /// An entry that has no answer yet. The request has a method, a target and a version.
    init(_ request: RecordedHead, isSecure: Bool, at date: String) {
        let target = request.startLine[1]
        let query = target.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
        startedDateTime = date
        self.request = Request(
            method: request.startLine[0],
            url: (isSecure ? "wss://" : "ws://") + request.value(of: "Host") + target,
            httpVersion: request.startLine[2], headers: request.fields.map { Pair(name: $0.name, value: $0.value) },
            queryString: query.split(separator: "&").map { parameter in
                let halves = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                return Pair(name: String(halves[0]), value: halves.count > 1 ? String(halves[1]) : "")
            },
            headersSize: request.count)
    }

    /// Adds the answer, and what followed if that is its body; milliseconds after the request.
    mutating func answered(_ head: RecordedHead?, _ body: ArraySlice<UInt8>, after wait: Double) {
        time = wait
        timings.wait = wait
        guard let head else { return }
        response.httpVersion = head.startLine.first ?? ""
        response.status = head.startLine.count > 1 ? Int(head.startLine[1]) ?? 0 : 0
        response.statusText = head.startLine.count > 2 ? head.startLine[2] : ""
        response.headers = head.fields.map { Pair(name: $0.name, value: $0.value) }
        response.redirectURL = head.value(of: "Location")
        response.headersSize = head.count
        response.bodySize = 0
        guard response.status != 101, !body.isEmpty else { return }
        response.bodySize = body.count
        let type = head.value(of: "Content-Type")
        response.content = Content(
            size: body.count, mimeType: type.isEmpty ? "application/octet-stream" : type,
            text: Data(body).base64EncodedString(), encoding: "base64")
    }
}
