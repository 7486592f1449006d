import NovaKernel

extension Export {
    /// The trace as a sequence diagram in Mermaid: the caller, the connection, the server. Runs of traffic are a line in
    /// each direction with a count; times are those of each attempt.
    public static func mermaid(_ trace: Trace) throws(Failure) -> String {
        let stories: [Explanation]
        do throws(WordError) {
            stories = try Explanation.of(trace) + (try Explanation.standing(at: trace).map { [$0] } ?? [])
        } catch { throw .unreadable(error.description) }
        var lines = [
            "sequenceDiagram", "    participant C as Caller", "    participant N as Connection",
            "    participant S as Server",
        ]
        var drawn: (attempt: AttemptID, moments: Set<Explanation.Moment>)?
        for story in stories {
            // A wait that is given up is another end of the same attempt: its beginning is drawn already.
            let known = drawn?.attempt == story.attempt ? drawn?.moments ?? [] : []
            if known.isEmpty, story.attempt.number > 0 {
                lines.append("    Note over C,S: attempt \(story.attempt.number)")
            }
            for moment in story.chain where !known.contains(moment) { lines += moment.arrows.map { "    " + $0 } }
            if story.cause != nil { lines.append("    Note over C,S: \(plain(story.sentence))") }
            drawn = (story.attempt, Set(story.chain))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A semicolon ends a line, and a hash begins an entity.
    fileprivate static func plain(_ text: String) -> String {
        String(text.map { $0 == ";" || $0 == "#" ? "," : $0 })
    }
}

extension Explanation.Moment {
    /// The moment as lines of the diagram.
    fileprivate var arrows: [String] {
        let time = " (\(at.column) s)"
        let note = "Note over N: " + Export.plain(text) + time
        switch source {
        case .run(let run): return run.arrows(time)
        case .step(.lifecycle(let rule)): return rule.arrows(Export.plain(text), time) ?? [note]
        case .step(.pings(.ask)), .step(.keepalive(.probe)), .step(.keepalive(.probeUnheard)):
            return ["N-xS: ping, unanswered\(time)"]
        case .step, nil: return [note]
        }
    }
}

extension Lifecycle.Rule {
    /// The arrows that a row stands for; nil if it is a note.
    fileprivate func arrows(_ text: String, _ time: String) -> [String]? {
        switch self {
        case .begin, .hurry: ["C->>N: connect\(time)"]
        case .dialed: ["N->>S: connect\(time)"]
        case .secured: ["N->>S: TLS handshake", "S-->>N: \(text)\(time)"]
        case .established: ["N->>S: opening handshake", "S-->>N: 101\(time)", "N-->>C: open"]
        case .upgradeFailed where !text.hasPrefix("the answer"): nil  // nothing was sent
        case .refusalBegan, .upgradeFailed: ["N->>S: opening handshake", "S-->>N: \(text)\(time)"]
        case .startClosing, .cancelAttempt, .cancelRetry, .closeUnused, .failAttempt, .failOpen:
            ["C->>N: \(text)\(time)"]
        case .closeWritten: ["N->>S: close frame\(time)"]
        case .answerClose, .closesCrossed, .closeAnswered: ["S->>N: \(text)\(time)"]
        case .failConnection, .failWhileDraining, .violatedWhileClosing: ["S-xN: \(text)\(time)"]
        case .lost, .attemptCut, .ended, .tlsFailed: ["S-xN: \(text)\(time)"]
        case .dialFailed: ["N-xS: \(text)\(time)"]
        default: nil
        }
    }
}

extension Chain.Run {
    /// One line for each direction.
    fileprivate func arrows(_ time: String) -> [String] {
        guard isExact else { return ["Note over C,S: \(text)\(time)"] }
        var lines: [String] = []
        if sends > 0 { lines.append("C->>S: \(counted(sends, "send"))\(time)") }
        if received > 0 { lines.append("S->>C: \(counted(received, "message"))\(time)") }
        if pings > 0 { lines.append("S->>N: \(counted(pings, "ping")), answered\(time)") }
        if pongs > 0 { lines.append("S->>N: \(counted(pongs, "pong"))\(time)") }
        return lines
    }
}
