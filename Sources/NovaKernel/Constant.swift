/// A value that never changes, in one place for all copies of a machine: a machine is copied and moved around with
/// every event, and this one is large. Equal when the values are.
final class Constant<Value: Hashable & Sendable>: Hashable, Sendable {
    let value: Value

    init(_ value: Value) { self.value = value }

    static func == (left: Constant, right: Constant) -> Bool { left === right || left.value == right.value }

    func hash(into hasher: inout Hasher) { hasher.combine(value) }
}
