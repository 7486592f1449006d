import CLinux
import Glibc

/// What a descriptor is ready for.
package struct Readiness: OptionSet, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Bytes, a connection or the end can be read.
    package static let readable = Readiness(rawValue: EPOLLIN.rawValue)
    /// Bytes can be written, or a connection is made.
    package static let writable = Readiness(rawValue: EPOLLOUT.rawValue)
    /// Both directions are at their end, or the descriptor has failed. Told whether it was asked for or not.
    package static let over = Readiness(rawValue: EPOLLHUP.rawValue | EPOLLERR.rawValue)
}

/// Who is told that a descriptor is ready.
package protocol ReadinessHandler: AnyObject {
    /// The descriptor is ready.
    func ready(_ readiness: Readiness)
}

/// A descriptor that the loop watches.
package struct Registration: Hashable, Sendable {
    fileprivate var slot: UInt32
    fileprivate var generation: UInt32

    fileprivate var data: UInt64 { UInt64(generation) << 32 | UInt64(slot) }
}

/// The system's list of watched descriptors (epoll, level-triggered), and who is told of each.
struct Poller: ~Copyable {
    private struct Slot {
        var generation: UInt32 = 0
        var descriptor: Int32 = -1
        var handler: (any ReadinessHandler)?
    }

    /// What the wake-up descriptor is known by.
    static let wakeUp = UInt64.max
    private static let batch = 256

    private let epoll: Int32
    private let wake: Int32
    private var slots: [Slot] = []
    private var free: [UInt32] = []
    private let events: UnsafeMutablePointer<epoll_event>

    init() throws(SystemError) {
        let epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard epoll >= 0 else { throw SystemError("epoll_create1") }
        let wake = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard wake >= 0 else {
            let error = SystemError("eventfd")
            close(epoll)
            throw error
        }
        // Edge-triggered: each signal is told once, and nobody has to read the counter back.
        var event = epoll_event(events: EPOLLIN.rawValue | EPOLLET.rawValue, data: epoll_data_t(u64: Self.wakeUp))
        guard epoll_ctl(epoll, EPOLL_CTL_ADD, wake, &event) == 0 else {
            let error = SystemError("epoll_ctl")
            close(wake)
            close(epoll)
            throw error
        }
        self.epoll = epoll
        self.wake = wake
        events = .allocate(capacity: Self.batch)
    }

    deinit {
        close(wake)
        close(epoll)
        events.deallocate()
    }

    /// The descriptor whose signal ends a wait; written to by any thread.
    var wakeDescriptor: Int32 { wake }

    /// How many descriptors are watched, the wake-up's not among them.
    var count: Int { slots.count - free.count }

    mutating func register(
        _ descriptor: Int32, _ interest: Readiness, _ handler: any ReadinessHandler
    ) throws(SystemError) -> Registration {
        let slot = free.popLast() ?? UInt32(slots.count)
        if slot == slots.count { slots.append(Slot()) }
        let id = Registration(slot: slot, generation: slots[Int(slot)].generation)
        var event = epoll_event(events: interest.rawValue, data: epoll_data_t(u64: id.data))
        guard epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0 else {
            free.append(slot)
            throw SystemError("epoll_ctl")
        }
        slots[Int(slot)].descriptor = descriptor
        slots[Int(slot)].handler = handler
        return id
    }

    func modify(_ id: Registration, _ interest: Readiness) {
        guard isCurrent(id) else { return }
        var event = epoll_event(events: interest.rawValue, data: epoll_data_t(u64: id.data))
        _ = epoll_ctl(epoll, EPOLL_CTL_MOD, slots[Int(id.slot)].descriptor, &event)
    }

    /// Forgets a descriptor; to be called before it is closed. What the present turn may still have to say of it is
    /// dropped.
    mutating func deregister(_ id: Registration) {
        guard isCurrent(id) else { return }
        _ = epoll_ctl(epoll, EPOLL_CTL_DEL, slots[Int(id.slot)].descriptor, nil)
        slots[Int(id.slot)].generation &+= 1
        slots[Int(id.slot)].handler = nil
        free.append(id.slot)
    }

    private func isCurrent(_ id: Registration) -> Bool {
        slots.indices.contains(Int(id.slot)) && slots[Int(id.slot)].generation == id.generation
    }

    /// Waits at most so many milliseconds (-1: for ever); returns how many descriptors are ready.
    func wait(milliseconds: Int32) -> Int { max(0, Int(epoll_wait(epoll, events, Int32(Self.batch), milliseconds))) }

    /// Who is to be told of the event of this number, and what; nil if it was forgotten in the meantime, or is the
    /// wake-up.
    func event(_ index: Int) -> (handler: any ReadinessHandler, readiness: Readiness)? {
        let data = events[index].data.u64
        guard data != Self.wakeUp else { return nil }
        let id = Registration(
            slot: UInt32(truncatingIfNeeded: data), generation: UInt32(truncatingIfNeeded: data >> 32))
        guard isCurrent(id), let handler = slots[Int(id.slot)].handler else { return nil }
        return (handler, Readiness(rawValue: events[index].events))
    }
}
