import NovaSocket

// Which message of its channel a message is, so that a session can change connections without a gap.

extension Deribit: PositionHandler {
    /// The trades of one instrument are numbered. A book begins with all of it on every connection, and what other channels
    /// tell has no number.
    public func hasPositions(in channel: Channel) -> Bool {
        let parts = channel.name.split(separator: ".")
        return parts.count == 3 && parts[0] == "trades"
    }

    /// The numbers of the trades that the message tells.
    public func position(of message: Message, in channel: Channel) -> MessagePosition? {
        guard case .notification(let notification)? = JSONRPC.read(message.bytes).first,
            let trades = try? notification.params(as: Parameters.self).data,
            let first = (trades.first?.sequence).flatMap({ UInt64(exactly: $0) }), first > 0,
            let last = (trades.last?.sequence).flatMap({ UInt64(exactly: $0) })
        else { return nil }
        return .sequence(last, after: first - 1)
    }

    private struct Parameters: Decodable {
        struct Number: Decodable {
            let sequence: Int64
            enum CodingKeys: String, CodingKey { case sequence = "trade_seq" }
        }
        let data: [Number]
    }
}
