import NovaKernel
import Synchronization

/// Numbers for calls, none of them twice: those of the drivers' thread are even, all others odd, so that the thread needs
/// nobody's consent for its own (measured: an atomic addition costs more than masking a small message).
package final class OperationNumbers: @unchecked Sendable {
    // Sendable: `last` is looked into on the drivers' thread only.
    @exclusivity(unchecked) private var last: UInt64 = 0
    private let outside = Atomic<UInt64>(1)

    /// Numbers that begin anew.
    package init() {}

    /// A number for a call on the drivers' thread.
    @inline(__always)
    func next() -> OperationID {
        last &+= 2
        return OperationID(last)
    }

    /// A number for a call from any other.
    func nextOutside() -> OperationID { OperationID(outside.wrappingAdd(2, ordering: .relaxed).oldValue) }
}
