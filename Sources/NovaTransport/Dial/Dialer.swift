import Glibc
import NovaMachine

/// Connects to one of several addresses: does what ``Dial`` says.
package final class Dialer: ReadinessHandler, TimerHandler {
    /// What came of it: a connected socket, or the last `errno`.
    package enum Outcome: ~Copyable {
        case connected(Socket, SocketAddress)
        case failed(errno: Int32)
    }

    private var machine = Dial()
    private let loop: EventLoop
    private let addresses: [SocketAddress]
    private let deadline: UInt64
    private var completion: ((consuming Outcome) -> Void)?
    private var socket: Socket?
    private var registration: Registration?
    private var timer: TimerID?

    /// A dialer of these addresses; `completion` is called once, on the loop, never from inside ``start()``.
    package init(
        _ addresses: [SocketAddress], within timeout: UInt64, on loop: EventLoop,
        _ completion: @escaping (consuming Outcome) -> Void
    ) {
        self.loop = loop
        self.addresses = addresses
        deadline = loop.now.addingReportingOverflow(timeout).overflow ? .max : loop.now + timeout
        self.completion = completion
    }

    /// Begins.
    package func start() { handle(.start(count: addresses.count, within: left)) }

    /// Gives up; the completion is not called any more.
    package func cancel() {
        completion = nil
        handle(.cancel)
    }

    /// A connection is made, or has failed.
    package func ready(_ readiness: Readiness) {
        guard case .trying(let index) = machine.state, let code = socket?.pendingError else { return }
        if code == 0 {
            handle(.connected(index))
        } else {
            release()
            handle(.failed(index, errno: code, left: left))
        }
    }

    /// An address has used up its share, or could not even be tried.
    package func timerFired(_ token: UInt64) {
        timer = nil
        let index = Int(truncatingIfNeeded: token & 0xFFFF_FFFF)
        let code = Int32(truncatingIfNeeded: token >> 32)
        handle(code == 0 ? .expired(index, left: left) : .failed(index, errno: code, left: left))
    }

    private var left: Duration { .nanoseconds(Int64(clamping: deadline > loop.now ? deadline - loop.now : 0)) }

    private func handle(_ event: Dial.Event) {
        machine.handle(event).effects.forEach(perform)
    }

    private func perform(_ effect: Dial.Effect) {
        switch effect {
        case .connect(let index, let share): connect(index, share)
        case .abandon: release()
        case .succeed(let index): succeed(addresses[index])
        case .fail(let code):
            let completion = completion.take()
            completion?(.failed(errno: code))
        }
    }

    private func connect(_ index: Int, _ share: Duration?) {
        do throws(SystemError) {
            let socket = try Socket.connecting(to: addresses[index])
            registration = try loop.register(socket.descriptor, .writable, self)
            self.socket = consume socket
            guard let share else { return }
            let (end, overflow) = loop.refresh().addingReportingOverflow(share.nanoseconds)
            timer = loop.schedule(at: overflow ? .max : end, self, token: UInt64(index))
        } catch {
            // Told by the loop like any other failure: nobody is called from inside a call of theirs.
            timer = loop.schedule(
                at: loop.now, self, token: UInt64(index) | UInt64(UInt32(bitPattern: error.code)) << 32)
        }
    }

    private func succeed(_ address: SocketAddress) {
        let completion = completion.take()
        let connected = socket.take()
        release()
        if let connected { completion?(.connected(connected, address)) }
    }

    private func release() {
        if let registration { loop.deregister(registration) }
        if let timer { loop.cancel(timer) }
        registration = nil
        timer = nil
        socket = nil
    }
}

extension Duration {
    /// Whole nanoseconds, not less than zero.
    var nanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        return seconds < 0 ? 0 : UInt64(seconds) &* 1_000_000_000 &+ UInt64(max(0, attoseconds) / 1_000_000_000)
    }
}
