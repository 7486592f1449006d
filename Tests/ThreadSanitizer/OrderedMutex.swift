import Synchronization

/// `Mutex`, as the thread sanitizer can see it: put into each module of a copy of the package, where it shadows the real one.
///
/// A contended `Mutex` is taken in a library that is not instrumented, so the sanitizer does not know that whoever had it
/// before came before. Here an atomic of our own says so: whoever enters acquires what whoever left has released. It orders
/// nothing that the real lock does not order.
package struct Mutex<Value: ~Copyable>: ~Copyable, @unchecked Sendable {
    // Sendable: as the lock in it is.
    private let lock: Synchronization.Mutex<Value>
    private let turns = Atomic<UInt>(0)

    package init(_ value: consuming sending Value) { lock = Synchronization.Mutex(value) }

    package borrowing func withLock<Result: ~Copyable, Failure: Error>(
        _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        try lock.withLock { value throws(Failure) -> sending Result in
            turns.add(1, ordering: .acquiring)
            defer { turns.add(1, ordering: .releasing) }
            return try body(&value)
        }
    }
}
