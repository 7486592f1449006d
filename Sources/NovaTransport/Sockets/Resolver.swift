import CLinux
import Glibc
import Synchronization

/// Why a name has no address.
public struct ResolveFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// `getaddrinfo`'s code.
    public let code: Int32
    /// The `errno` behind it, where the code is EAI_SYSTEM.
    public var errno: Int32 = 0

    /// The system's words.
    public var description: String { errno == 0 ? String(cString: gai_strerror(code)) : SystemError.words(errno) }
}

/// A look-up under way.
package final class Lookup: Sendable {
    private let completion: Mutex<(@Sendable (Resolver.Answer) -> Void)?>

    fileprivate init(_ completion: @escaping @Sendable (Resolver.Answer) -> Void) {
        self.completion = Mutex(completion)
    }

    /// Nobody wants to know any more. Called on the loop that asked, it is certain that no answer comes afterwards.
    package func cancel() { completion.withLock { $0 = nil } }

    fileprivate var isCancelled: Bool { completion.withLock { $0 == nil } }

    fileprivate func answer(_ answer: Resolver.Answer) {
        let completion = completion.withLock { $0.take() }
        completion?(answer)
    }
}

/// Looks names up, on a few threads of its own: the system's resolver blocks, and can't be told to stop. More than
/// one, so that a name whose server is silent does not hold up all others; and those who ask for the same name wait for
/// the same answer.
package final class Resolver: Sendable {
    package typealias Answer = Result<[SocketAddress], ResolveFailure>

    fileprivate struct Question: Hashable {
        var host: String
        var port: UInt16
    }

    fileprivate struct Work {
        /// Questions that no thread has taken yet, in their order.
        var waiting: [Question] = []
        /// Who waits for which answer, with the loop to be told on.
        var askers: [Question: [(lookup: Lookup, loop: EventLoop)]] = [:]
        var threads = 0
    }

    /// The resolver of the process.
    package static let shared = Resolver()
    private static let maximumThreads = 4
    /// More names than this are not waited for: the answer is EAI_AGAIN.
    private static let maximumQuestions = 1024
    private let work = Mutex(Work())

    /// Looks `host` up, and calls `completion` on the loop. An address needs no look-up, but is answered the same way.
    package func resolve(
        _ host: String, port: UInt16, on loop: EventLoop, _ completion: @escaping @Sendable (Answer) -> Void
    ) -> Lookup {
        let lookup = Lookup(completion)
        let question = Question(host: host, port: port)
        if case .success(let addresses) = Self.addresses(host, port, flags: AI_NUMERICHOST) {
            Self.tell([(lookup, loop)], .success(addresses))
        } else if !ask(question, lookup, loop) {
            Self.tell([(lookup, loop)], .failure(ResolveFailure(code: EAI_AGAIN)))
        }
        return lookup
    }

    private static func tell(_ askers: [(lookup: Lookup, loop: EventLoop)], _ answer: Answer) {
        for asker in askers { asker.loop.execute { asker.lookup.answer(answer) } }
    }

    /// Enters a question; false if there are too many.
    private func ask(_ question: Question, _ lookup: Lookup, _ loop: EventLoop) -> Bool {
        let (isTaken, needsThread) = work.withLock { work in
            if work.askers[question] != nil {
                work.askers[question]?.append((lookup, loop))
                return (true, false)
            }
            work.forgetCancelled()
            guard work.waiting.count < Self.maximumQuestions else { return (false, false) }
            work.askers[question] = [(lookup, loop)]
            work.waiting.append(question)
            guard work.threads < Self.maximumThreads else { return (true, false) }
            work.threads += 1
            return (true, true)
        }
        if needsThread { begin() }
        return isTaken
    }

    private func begin() {
        do throws(SystemError) {
            try startThread("nova-resolver") { self.workOff() }
        } catch {
            // Nobody will answer, unless another thread does.
            let unanswered = work.withLock { work in
                work.threads -= 1
                guard work.threads == 0 else { return [(lookup: Lookup, loop: EventLoop)]() }
                defer { (work.waiting, work.askers) = ([], [:]) }
                return work.askers.values.flatMap(\.self)
            }
            Self.tell(unanswered, .failure(ResolveFailure(code: EAI_SYSTEM, errno: error.code)))
        }
    }

    private func workOff() {
        while let question = next() {
            let answer = Self.addresses(question.host, question.port, flags: 0)
            let askers = work.withLock { $0.askers.removeValue(forKey: question) ?? [] }
            Self.tell(askers, answer)
        }
    }

    private func next() -> Question? {
        work.withLock { work in
            work.forgetCancelled()
            guard work.waiting.isEmpty else { return work.waiting.removeFirst() }
            work.threads -= 1
            return nil
        }
    }

    private static func addresses(_ host: String, _ port: UInt16, flags: Int32) -> Answer {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = flags | AI_NUMERICSERV
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, "\(port)", &hints, &list)
        guard code == 0 else {
            return .failure(ResolveFailure(code: code, errno: code == EAI_SYSTEM ? Glibc.errno : 0))
        }
        defer { freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var entry = list
        while let next = entry {
            if let address = next.pointee.ai_addr.flatMap({ SocketAddress($0) }) { addresses.append(address) }
            entry = next.pointee.ai_next
        }
        return addresses.isEmpty ? .failure(ResolveFailure(code: EAI_NONAME)) : .success(addresses)
    }
}

extension Resolver.Work {
    /// Questions that nobody wants answered any more are not asked.
    fileprivate mutating func forgetCancelled() {
        waiting.removeAll { question in
            guard askers[question]?.allSatisfy({ $0.lookup.isCancelled }) ?? true else { return false }
            askers[question] = nil
            return true
        }
    }
}
