import NovaKernel
import NovaWire

/// Who sees everything that comes to a driver from outside, and what the driver says: what a whole recording is made of.
/// There is none unless one is asked for.
package protocol InputWitness: AnyObject {
    /// A caller's command, and what it sends.
    func commandCame(_ operation: OperationID, _ command: Command, _ payload: UnsafeRawBufferPointer)
    /// Something that happened outside.
    func eventCame(_ event: Event)
    /// Bytes of the transport, before they are read.
    func bytesCame(_ attempt: AttemptID, _ bytes: UnsafeRawBufferPointer)
    /// The transport takes bytes again.
    func becameWritable()
    /// A turn of the loop ended.
    func turnEnded()
    /// What was put off is about to be done.
    func jobBegan()
    /// The key of an opening handshake was made.
    func handshakeKeyTaken(_ key: String)
    /// A message is handed to the consumer.
    func messageDelivered(_ kind: MessageKind, _ message: ByteView)
}

extension Event {
    /// Whether it comes from outside the driver: all else follows from that, and from the bytes.
    package var isFromOutside: Bool {
        switch self {
        case .abandoned, .answered, .authentication, .subscription, .consumed, .consumerLeft, .fired, .tokensGranted:
            true
        case .command, .heard, .wrote, .dropped: false
        case .fact(_, let fact):
            switch fact {
            case .resolved, .resolveFailed, .dialed, .dialFailed, .tunnelled, .secured, .transportEnded, .delayChosen:
                true
            case .upgraded, .refused, .refusalEnded, .upgradeFailed, .authenticated, .authenticationFailed, .restored,
                .received, .violated, .messageAbandoned, .closeKept, .progressed, .drained, .keepaliveExpired, .fired:
                false
            }
        }
    }
}
