import CLinux
import Glibc
import Synchronization

/// Why a name has no address.
public struct ResolveFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// `getaddrinfo`'s code.
    public let code: Int32

    /// The system's words.
    public var description: String { String(cString: gai_strerror(code)) }
}

/// A look-up under way. It belongs to the loop that asked.
package final class Lookup: @unchecked Sendable {
    // Sendable: the flag is touched on the loop only.
    fileprivate var isCancelled = false

    /// Nobody wants to know any more. Called on the loop, it is certain that no answer comes afterwards.
    package func cancel() { isCancelled = true }
}

/// Looks names up, on a few threads of its own: the system's resolver blocks, and can't be told to stop. More than
/// one, so that a name whose server is silent does not hold up all others.
package final class Resolver: Sendable {
    package typealias Answer = Result<[SocketAddress], ResolveFailure>

    private struct Work {
        var waiting: [@Sendable () -> Void] = []
        var threads = 0
    }

    /// The resolver of the process.
    package static let shared = Resolver()
    private static let maximumThreads = 4
    private let work = Mutex(Work())

    /// Looks `host` up, and calls `completion` on the loop. An address needs no look-up, but is answered the same way.
    package func resolve(
        _ host: String, port: UInt16, on loop: EventLoop, _ completion: @escaping @Sendable (Answer) -> Void
    ) -> Lookup {
        let lookup = Lookup()
        let tell: @Sendable (Answer) -> Void = { answer in
            loop.execute { if !lookup.isCancelled { completion(answer) } }
        }
        if case .success(let addresses) = Self.addresses(host, port, flags: AI_NUMERICHOST) {
            tell(.success(addresses))
        } else {
            submit { tell(Self.addresses(host, port, flags: 0)) }
        }
        return lookup
    }

    private func submit(_ job: @escaping @Sendable () -> Void) {
        let needsThread = work.withLock { work in
            work.waiting.append(job)
            guard work.threads < Self.maximumThreads else { return false }
            work.threads += 1
            return true
        }
        guard needsThread else { return }
        do throws(SystemError) {
            try startThread("nova-resolver") { self.workOff() }
        } catch {
            workOff()  // no thread to be had: better late than never
        }
    }

    private func workOff() {
        while let job = next() { job() }
    }

    private func next() -> (@Sendable () -> Void)? {
        work.withLock { work in
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
        guard code == 0 else { return .failure(ResolveFailure(code: code)) }
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
