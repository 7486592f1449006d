extension Outbound.Part {
    /// Whether it goes on with a message that has begun.
    var continuesMessage: Bool {
        switch self {
        case .whole, .first, .posted: false
        case .next, .last: true
        }
    }
}
