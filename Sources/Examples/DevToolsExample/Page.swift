import FoundationEssentials
import NovaSocket

/// A page of the browser, as a client of DevTools that is attached to it sees it.
struct Page: Sendable {
    private let session: Session
    private let id: String

    /// What the browser answers that is no failure of the protocol, but not what was wanted either.
    enum Failure: Error, Equatable, CustomStringConvertible {
        /// The page can't be loaded; the browser's word for it.
        case notLoaded(String)
        /// The script threw; what, in words.
        case threw(String)
        /// The browser sent an image that is none.
        case noImage

        var description: String {
            switch self {
            case .notLoaded(let word): "The page can't be loaded: \(word)."
            case .threw(let words): "The script threw: \(words)."
            case .noImage: "The browser's image is none."
            }
        }
    }

    /// Makes a new page, and attaches to it. `flatten`: its messages come over this same connection.
    init(_ session: Session) async throws {
        struct Target: Codable, Sendable { var targetId: String }
        struct Attach: Encodable, Sendable { var targetId: String, flatten = true }
        struct Attached: Decodable, Sendable { var sessionId: String }
        let target = try await session.request("Target.createTarget", ["url": "about:blank"], as: Target.self)
        let attached = try await session.request(
            "Target.attachToTarget", Attach(targetId: target.targetId), as: Attached.self)
        (self.session, id) = (session, attached.sessionId)
    }

    /// Has a method done in the page.
    func request<Value: Decodable & Sendable>(
        _ method: String, _ parameters: (any Encodable & Sendable)? = nil, as type: Value.Type = Value.self
    ) async throws -> Value {
        try await session.request(method, DevTools.InPage(sessionId: id, parameters: parameters))
    }

    /// The events of that name, from now on.
    func events(_ name: String) async throws -> Subscription {
        try await session.subscribe(to: DevTools.channel(name, in: id))
    }

    /// Loads a URL, and waits until the page says that it is loaded.
    func load(_ url: String) async throws {
        struct Answer: Decodable, Sendable { var errorText: String? }
        let loaded = try await events("Page.loadEventFired")
        let answer = try await request("Page.navigate", ["url": url], as: Answer.self)
        if let word = answer.errorText { throw Failure.notLoaded(word) }
        for try await update in loaded where update.message != nil { break }
    }

    private struct Evaluate: Encodable, Sendable {
        var expression: String
        let returnByValue = true
        let awaitPromise = true
    }

    private struct Evaluated<Value: Decodable & Sendable>: Decodable, Sendable {
        struct Result: Decodable, Sendable { var value: Value? }
        struct Thrown: Decodable, Sendable { var description: String? }
        struct Exception: Decodable, Sendable { var text: String, exception: Thrown? }
        var result: Result?
        var exceptionDetails: Exception?
    }

    /// The value of a JavaScript expression, a promise's included.
    func evaluate<Value: Decodable & Sendable>(_ script: String, as type: Value.Type = Value.self) async throws -> Value
    {
        let answer = try await request("Runtime.evaluate", Evaluate(expression: script), as: Evaluated<Value>.self)
        if let exception = answer.exceptionDetails {
            throw Failure.threw(exception.exception?.description ?? exception.text)
        }
        guard let value = answer.result?.value else { throw Failure.threw("there is no value") }
        return value
    }

    /// What the page looks like: a PNG file's bytes.
    func screenshot() async throws -> Data {
        struct Answer: Decodable, Sendable { var data: String }
        let answer = try await request("Page.captureScreenshot", ["format": "png"], as: Answer.self)
        let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        guard let image = Data(base64Encoded: answer.data), image.starts(with: signature) else { throw Failure.noImage }
        return image
    }
}
