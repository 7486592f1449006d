import NovaKernel
import NovaMachine
import NovaWire
import Synchronization

/// Shows a connection's steps to its observers, as events. There is none where nobody observes: then the driver does not
/// even keep what the spine was before a step.
final class ObserverWitness: StepWitness {
    private static let lastConnection = Atomic<UInt64>(0)

    @exclusivity(unchecked) private var telemetry = Telemetry()
    private let observers: [any Observer]
    private let port: any Port
    private let warnings: [OptionsWarning]
    @exclusivity(unchecked) private var context: EventContext
    /// How far the calendar is ahead of the monotonic clock, modulo 2⁶⁴; nil where there is no calendar.
    @exclusivity(unchecked) private var calendarOffset: UInt64?

    /// A witness for those who want to observe; nil if nobody does.
    init?(_ options: WebSocketOptions, _ endpoint: Endpoint, _ port: any Port) {
        guard !options.observers.isEmpty else { return nil }
        let id = Self.lastConnection.wrappingAdd(1, ordering: .relaxed).newValue
        let connection = ObservedConnection(id: id, name: options.name, endpoint: endpoint.origin)
        observers = options.observers.map { $0.observer(of: connection) }
        context = EventContext(connection: connection, attempt: AttemptID(0), at: .zero)
        self.port = port
        warnings = endpoint.warnings
        lookAtCalendar(port.refresh())
    }

    private func lookAtCalendar(_ now: Instant) { calendarOffset = port.calendarTime.map { $0 &- now.nanoseconds } }

    func stepTaken(_ step: WitnessedStep, _ effects: Effects<Effect>, after kernel: borrowing Kernel) {
        let attempt = kernel.attempt
        let isFirst = context.attempt == AttemptID(0)
        if attempt != context.attempt { lookAtCalendar(port.refresh()) }
        turn(to: step.occurrence.at, attempt)
        if isFirst, attempt != AttemptID(0) { warn() }
        let (observers, context) = (observers, context)
        telemetry.take(step, effects, after: kernel) { event in
            for observer in observers { observer.observe(event, context) }
        }
    }

    private func warn() {
        for warning in warnings {
            for observer in observers { observer.observe(.warned(warning), context) }
        }
    }

    func stepsEnded() {}

    /// Tells something that is not of a step.
    func tell(_ event: ConnectionEvent) {
        turn(to: port.now, context.attempt)
        for observer in observers { observer.observe(event, context) }
    }

    private func turn(to now: Instant, _ attempt: AttemptID) {
        context.attempt = attempt
        context.at = now
        context.calendarTime = calendarOffset.map { $0 &+ now.nanoseconds }
    }
}
