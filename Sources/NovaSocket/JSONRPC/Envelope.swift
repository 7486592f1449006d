import FoundationEssentials

/// What a message says of itself in its own members, without what those have in them.
struct Envelope: DecodableWithConfiguration {
    /// What kind of message it is.
    enum Verdict {
        case response(JSONRPC.ID?, JSONRPC.Failure?)
        case notification(_ method: String, hasParams: Bool)
        case request(JSONRPC.ID, _ method: String, hasParams: Bool)
        /// An array, with so many elements.
        case batch(Int)
        case problem(JSONRPC.Problem.Kind, JSONRPC.ID?)
    }

    let verdict: Verdict
    let peeked: Peeked

    /// Of what Foundation can't read.
    static let unreadable = Envelope(.problem(.notJSON, nil))

    private init(_ verdict: Verdict, _ peeked: Peeked = Peeked()) {
        self.verdict = verdict
        self.peeked = peeked
    }

    /// Classifies a message. It throws nothing: what is wrong is a verdict.
    init(from decoder: any Decoder, configuration reader: JSONRPC.Reader) {
        do {
            let members = try decoder.container(keyedBy: MemberName.self)
            // Looked up once: to see that they are an object, and for what is peeked at in them.
            let hasParams = members.contains(.params)
            let params = hasParams ? try? members.nestedContainer(keyedBy: MemberName.self, forKey: .params) : nil
            let known = Members(members: members, hasParams: hasParams, params: params, dialect: reader.dialect)
            self.init(known.verdict, reader.plan.look(into: members, params))
        } catch DecodingError.typeMismatch, DecodingError.valueNotFound {
            let elements = try? decoder.unkeyedContainer()
            self.init(elements.map { .batch($0.count ?? 0) } ?? .problem(.notAnObject, nil))
        } catch {
            // An object one of whose names is no string.
            self.init(.problem(.notJSON, nil))
        }
    }
}

/// The members of a message, and what they mean in a dialect.
private struct Members {
    private enum Identity {
        case missing
        case null
        case valid(JSONRPC.ID)
        case wrong
    }

    let members: KeyedDecodingContainer<MemberName>
    let hasParams: Bool
    /// The parameters, if they are an object.
    let params: KeyedDecodingContainer<MemberName>?
    let dialect: JSONRPC.Dialect

    private static let known: Set<MemberName> = [.version, .id, .method, .params, .result, .error]

    var verdict: Envelope.Verdict {
        let identity = self.identity
        let id: JSONRPC.ID? = if case .valid(let id) = identity { id } else { nil }
        if let kind = problem(with: identity) { return .problem(kind, id) }
        return members.contains(.method) ? call(id) : outcome(identity, id)
    }

    private var identity: Identity {
        guard members.contains(.id) else { return .missing }
        if isNull(.id) { return .null }
        return (try? members.decode(JSONRPC.ID.self, forKey: .id)).map(Identity.valid) ?? .wrong
    }

    private func isNull(_ name: MemberName) -> Bool { (try? members.decodeNil(forKey: name)) == true }

    /// What every message must have.
    private func problem(with identity: Identity) -> JSONRPC.Problem.Kind? {
        if !members.contains(.version) {
            if !dialect.allowsMissingVersion { return .missingVersion }
        } else if (try? members.decode(String.self, forKey: .version)) != "2.0" {
            return .wrongVersion
        }
        if !dialect.allowsUnknownMembers, !members.allKeys.allSatisfy(Self.known.contains) { return .unknownMember }
        if case .wrong = identity { return .wrongID }
        if case .null = identity, members.contains(.method), !dialect.allowsNullID { return .wrongID }
        return nil
    }

    // MARK: Requests and notifications (§4)

    private func call(_ id: JSONRPC.ID?) -> Envelope.Verdict {
        guard let method = try? members.decode(String.self, forKey: .method) else { return .problem(.wrongMethod, id) }
        let hasError = members.contains(.error) && !(dialect.allowsNullBeside && isNull(.error))
        guard !members.contains(.result), !hasError else { return .problem(.methodAndOutcome, id) }
        guard let hasParams = hasValidParams else { return .problem(.wrongParams, id) }
        return id.map { .request($0, method, hasParams: hasParams) } ?? .notification(method, hasParams: hasParams)
    }

    /// Whether there are parameters; nil if they are not of the kind that there may be.
    private var hasValidParams: Bool? {
        if !hasParams || params != nil { return hasParams }
        if (try? members.nestedUnkeyedContainer(forKey: .params)) != nil { return true }
        return dialect.allowsNullParams && isNull(.params) ? false : nil
    }

    // MARK: Responses (§5)

    private func outcome(_ identity: Identity, _ id: JSONRPC.ID?) -> Envelope.Verdict {
        var hasResult = members.contains(.result)
        var hasError = members.contains(.error)
        if hasResult, hasError {
            guard dialect.allowsNullBeside else { return .problem(.resultAndError, id) }
            if isNull(.error) {
                hasError = false
            } else if isNull(.result) {
                hasResult = false
            } else {
                return .problem(.resultAndError, id)
            }
        }
        if hasResult { return id == nil ? .problem(.missingID, nil) : .response(id, nil) }
        guard hasError else { return .problem(.neitherMethodNorOutcome, id) }
        guard let failure = try? members.decode(JSONRPC.Failure.self, forKey: .error) else {
            return .problem(.wrongError, id)
        }
        if case .missing = identity, !dialect.allowsMissingID { return .problem(.missingID, nil) }
        return .response(id, failure)
    }
}
