import CLinux
import Glibc

/// A closure on its way to a thread.
private final class ThreadBody {
    let name: String
    let run: @Sendable () -> Void
    init(_ name: String, _ run: @escaping @Sendable () -> Void) { (self.name, self.run) = (name, run) }

    /// What the thread does: nobody else may touch it any more, as it ends when it likes.
    func main() {
        pthread_setname_np(pthread_self(), String(name.prefix(15)))
        var signals = sigset_t()
        sigfillset(&signals)
        pthread_sigmask(SIG_BLOCK, &signals, nil)  // signals are the program's business
        run()
    }
}

/// A number that no other living thread has.
package func currentThreadNumber() -> UInt { UInt(pthread_self()) }

/// Runs `body` on a new thread that nobody waits for.
package func startThread(_ name: String, _ body: @escaping @Sendable () -> Void) throws(SystemError) {
    var thread = pthread_t()
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    let argument = Unmanaged.passRetained(ThreadBody(name, body))
    let code = pthread_create(
        &thread, &attributes,
        { argument in
            if let argument { Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue().main() }
            return nil
        }, argument.toOpaque())
    guard code == 0 else {
        argument.release()
        throw SystemError("pthread_create", code)
    }
}
