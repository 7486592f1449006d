extension JSONRPC {
    /// Why something that came is not JSON-RPC. It has nothing of the message in it but the id.
    public struct Problem: Error, Hashable, Sendable {
        /// What is wrong. If several things are, it is the first of these.
        public enum Kind: String, Hashable, Sendable, CaseIterable {
            /// The bytes are not UTF-8 (RFC 8259 §8.1).
            case notUTF8
            /// The text is not JSON, or arrays and objects lie in each other more than 512 deep.
            case notJSON
            /// The batch has no elements (§6).
            case emptyBatch
            /// The batch has more elements than ``JSONRPC/Dialect/maximumBatchCount``.
            case tooManyInBatch
            /// The message is no object and no batch, or an element of a batch is no object.
            case notAnObject
            /// `jsonrpc` is missing.
            case missingVersion
            /// `jsonrpc` is there, but it is not `"2.0"`.
            case wrongVersion
            /// There is a member that the specification does not name.
            case unknownMember
            /// The id is no whole number, no string, and not null where it may be null.
            case wrongID
            /// The method is not a string.
            case wrongMethod
            /// There are a method and a result, or a method and an error.
            case methodAndOutcome
            /// The parameters are not an object or an array (§4.2).
            case wrongParams
            /// There are a result and an error.
            case resultAndError
            /// There is no method, no result, and no error.
            case neitherMethodNorOutcome
            /// The error is no object with a code that is a whole number and a message that is a string (§5.1).
            case wrongError
            /// A response has no id: whose it is can't be known.
            case missingID
        }

        /// What is wrong.
        public let kind: Kind
        /// The id, if there is a valid one: who waits for that response waits in vain.
        public let id: ID?
        /// Which element of a batch it is, from 0; nil if it is the whole message.
        public let index: Int?

        /// What the specification has for answering this, if it was meant to be a request (§7).
        public var failure: Failure {
            switch kind {
            case .notUTF8, .notJSON: Failure(.parseError)
            default: Failure(.invalidRequest)
            }
        }
    }
}

extension JSONRPC.Problem: CustomStringConvertible {
    /// What is wrong, in a sentence, and where. Never more of the message than the id.
    public var description: String {
        let place = index.map { "Element \($0) of the batch" } ?? "The message"
        return "\(place)\(id.map { " with id \($0)" } ?? "") \(kind.words)."
    }
}

extension JSONRPC.Problem.Kind {
    fileprivate var words: String {
        switch self {
        case .notUTF8: "is not UTF-8"
        case .notJSON: "is not JSON, or nested too deep"
        case .emptyBatch: "is a batch of nothing"
        case .tooManyInBatch: "is a batch of too many"
        case .notAnObject: "is not an object"
        case .missingVersion: "has no version"
        case .wrongVersion: "is not of version 2.0"
        case .unknownMember: "has a member that JSON-RPC does not know"
        case .wrongID: "has an id that is no whole number and no string"
        case .wrongMethod: "has a method that is no string"
        case .methodAndOutcome: "has both a method and a result or an error"
        case .wrongParams: "has parameters that are no object and no array"
        case .resultAndError: "has both a result and an error"
        case .neitherMethodNorOutcome: "has no method, no result and no error"
        case .wrongError: "has an error without a code or a message"
        case .missingID: "is a response without an id"
        }
    }
}
