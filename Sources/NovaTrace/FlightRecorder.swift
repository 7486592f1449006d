import NovaKernel

/// The last steps of a connection: a ring of fixed size, always on, for the moment when something went wrong.
///
/// Steps of the data path that repeat (a message delivered, a send accepted, bytes written) are counted into one
/// record, so that a busy connection does not flush its own history out. Recording allocates nothing.
public struct FlightRecorder: Sendable {
    /// One step, or several alike in a row.
    public struct Record: Hashable, Sendable {
        /// What happened; of several alike, the first.
        public var event: Event
        /// When; of several alike, the last.
        public var at: Instant
        /// When the first of several alike happened.
        public var since: Instant
        /// The row that decided.
        public var rule: KernelRule
        /// How many alike happened in a row.
        public var count: UInt32
    }

    /// The last record; it grows as long as steps alike follow.
    private var last: Record?
    private var kindOfLast: UInt8 = 0
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
        let kind = rule.kindThatRepeats
        if kind > 0, kind == kindOfLast {
            last?.count &+= 1
            last?.at = occurrence.at
            return
        }
        keepLast()
        kindOfLast = kind
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
    /// A number for each row of the data path, where steps alike come in thousands; 0 for all others. Numbers,
    /// because comparing rules would compare their names.
    fileprivate var kindThatRepeats: UInt8 {
        switch self {
        case .keepalive(.note): 1
        case .lifecycle(.deliver): 2
        case .lifecycle(.takeFragment): 3
        case .outbound(.transmit): 4
        case .outbound(.wrote): 5
        case .inbound(.consume): 6
        default: 0
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
