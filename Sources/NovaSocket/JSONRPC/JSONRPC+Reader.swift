import FoundationEssentials

extension JSONRPC {
    /// Tells what messages are. One is made for a connection, and used for each message.
    ///
    /// A message is gone through once, and no more of it is made a value than its envelope: the version, the id, the
    /// method, a failure, and what is at the paths to peek at.
    public struct Reader: Sendable {
        /// Which deviations are no problem.
        public let dialect: Dialect
        let plan: PeekPlan

        /// A reader.
        ///
        /// - Parameters:
        ///   - dialect: which deviations are no problem.
        ///   - peeking: where in a message there are strings or integers to be read at once.
        public init(dialect: Dialect = .lenient, peeking: [Path] = []) {
            self.dialect = dialect
            plan = PeekPlan(peeking)
        }

        /// Tells what a message is made of: one element for each of a batch, in its order, and one for any other. It
        /// never fails.
        public func read(_ bytes: [UInt8]) -> [Incoming] { bytes.withUnsafeBytes { read($0, isUTF8: false) } }

        /// The same for a message of a ``WebSocket``.
        public func read(_ message: Message) -> [Incoming] {
            message.withUnsafeBytes { read($0, isUTF8: message.kind == .text) }
        }

        private func read(_ bytes: UnsafeRawBufferPointer, isUTF8: Bool) -> [Incoming] {
            guard isUTF8 || Self.isUTF8(bytes) else { return [.invalid(Problem(kind: .notUTF8, id: nil, index: nil))] }
            // Foundation would guess at UTF-16 and UTF-32, of which one of the first bytes is 0. In UTF-8, no JSON has
            // one.
            guard !bytes.prefix(4).contains(0) else { return [.invalid(Problem(kind: .notJSON, id: nil, index: nil))] }
            let text = PaddedText(bytes)
            let envelope = envelope(of: text)
            if case .batch(let count) = envelope.verdict { return batch(bytes, count) }
            return [incoming(envelope, text, index: nil)]
        }

        private func batch(_ bytes: UnsafeRawBufferPointer, _ count: Int) -> [Incoming] {
            func problem(_ kind: Problem.Kind) -> [Incoming] { [.invalid(Problem(kind: kind, id: nil, index: nil))] }
            guard count > 0 else { return problem(.emptyBatch) }
            guard count <= dialect.maximumBatchCount else { return problem(.tooManyInBatch) }
            let elements = BatchElements.ranges(in: bytes)
            // Foundation has counted too.
            guard elements.count == count else { return problem(.notJSON) }
            return elements.enumerated().map { index, range in
                // A copy: who keeps one element does not keep the batch.
                let element = PaddedText(bytes[range])
                return incoming(envelope(of: element), element, index: index)
            }
        }

        private func envelope(of text: PaddedText) -> Envelope {
            (try? JSONText.decoder.decode(Envelope.self, from: text.data, configuration: self)) ?? .unreadable
        }

        private func incoming(_ envelope: Envelope, _ text: PaddedText, index: Int?) -> Incoming {
            let content = Content(text: text, peeked: envelope.peeked)
            return switch envelope.verdict {
            case .response(let id, let failure):
                .response(Response(id: id, failure: failure, content: content))
            case .notification(let method, let hasParams):
                .notification(Notification(method: method, hasParams: hasParams, content: content))
            case .request(let id, let method, let hasParams):
                .request(Request(id: id, method: method, hasParams: hasParams, content: content))
            // A batch in a batch.
            case .batch: .invalid(Problem(kind: .notAnObject, id: nil, index: index))
            case .problem(let kind, let id): .invalid(Problem(kind: kind, id: id, index: index))
            }
        }

        private static func isUTF8(_ bytes: UnsafeRawBufferPointer) -> Bool {
            bytes.withMemoryRebound(to: UInt8.self) { (try? UTF8Span(validating: $0.span)) != nil }
        }
    }
}
