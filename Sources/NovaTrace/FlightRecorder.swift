import NovaKernel

/// The last steps of a connection: a ring of fixed size, always on, for the moment when something went wrong.
///
/// Steps of the data path (a message delivered, a send accepted, bytes written) are counted into one record as long as
/// nothing else comes between, so that a busy connection does not flush its own history out. Memory is taken as records
/// come, up to the capacity, and never after.
public struct FlightRecorder: Sendable {
    /// One step, or several of the data path in a row.
    public struct Record: Hashable, Sendable {
        /// What happened; of several, the first.
        public var event: Event
        /// When; of several, the last.
        public var at: Instant
        /// When the first of several happened.
        public var since: Instant
        /// The row that decided; of several, the first.
        public var rule: KernelRule
        /// How many happened in a row.
        public var count: UInt32
    }

    /// The last record; it grows as long as the data path goes on.
    private var last: Record?
    private var lastIsTraffic = false
    /// The records before it.
    private var ring: [Record] = []
    private var next = 0
    /// How many records are kept.
    public let capacity: Int
    /// How many steps there have been.
    public private(set) var steps: UInt64 = 0

    /// Bytes that a recorder of this capacity holds once it is full.
    public static func memory(capacity: Int) -> Int { capacity * MemoryLayout<Record>.stride }

    /// An empty recorder for so many records; none at all if `capacity` is not positive.
    public init(capacity: Int) { self.capacity = max(0, capacity) }

    /// Notes a step.
    @inline(__always)
    public mutating func record(_ occurrence: Occurrence, _ rule: KernelRule) {
        steps &+= 1
        let isTraffic = rule.isTraffic
        if isTraffic, lastIsTraffic {
            last?.count &+= 1
            last?.at = occurrence.at
            return
        }
        keepLast()
        lastIsTraffic = isTraffic
        last = Record(event: occurrence.event, at: occurrence.at, since: occurrence.at, rule: rule, count: 1)
    }

    private mutating func keepLast() {
        guard let last, capacity > 1 else { return }
        if ring.count < capacity - 1 {
            ring.append(last)  // grows as it fills: a connection that idles has little to tell
        } else {
            ring[next] = last
        }
        next = (next + 1) % (capacity - 1)
    }

    /// The records, oldest first.
    public var records: [Record] {
        guard let last, capacity > 0 else { return [] }
        return (ring.count < capacity - 1 ? ring : Array(ring[next...] + ring[..<next])) + [last]
    }
}

extension KernelRule {
    /// Whether it is a row of the data path, where steps come in thousands.
    fileprivate var isTraffic: Bool {
        // Patterns, not ==: that would compare the rules' names.
        switch self {
        case .keepalive(.note), .lifecycle(.deliver), .lifecycle(.takeFragment), .outbound(.transmit),
            .outbound(.wrote), .inbound(.consume):
            true
        default: false
        }
    }
}

extension FlightRecorder.Record: CustomStringConvertible {
    /// The record as a line: the time, the rule, the event.
    public var description: String {
        let seconds = Double(at.nanoseconds) / 1e9
        let times = count > 1 ? " ×\(count)" : ""
        return "\(seconds)s \(rule.rawValue)\(times): \(event.text)"
    }
}
