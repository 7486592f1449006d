import NovaMachine

// What is true of who we are, and of what we are subscribed to.

extension Checker {
    mutating func session(_ passage: Passage) {
        let (old, new) = (passage.old, passage.new)
        let asks = passage.count { if case .authenticate = $0 { true } else { false } }
        demand(
            .credentialsAsked,
            UInt32(asks) == new.authentication.exchange &- old.authentication.exchange
                && (passage.rule != .lifecycle(.established) || asks == (new.policy.authentication == nil ? 0 : 1)))
        let subscribed = passage.effects.compactMap { effect in
            if case .subscribe(_, let id) = effect { id } else { nil }
        }
        let order = new.subscriptions.entries.map(\.id)
        demand(
            .restoredInOrder,
            order.filter(subscribed.contains) == subscribed
                && (subscribed.isEmpty || new.standing == .restoring || new.standing == .ready))
        if passage.rule == .lifecycle(.authenticated) || passage.rule == .lifecycle(.ready) {
            demand(
                .readyMeansRestored,
                [.off, .authenticated].contains(new.authentication.state) || !passage.before.world.isHonest)
        }
        if passage.rule == .lifecycle(.ready), passage.before.world.isHonest {
            demand(
                .readyMeansRestored,
                new.subscriptions.entries.allSatisfy { $0.status == .confirmed || $0.status == .failed })
        }
        let gaps = passage.count { if case .tell(_, .lost) = $0 { true } else { false } }
        demand(.gapsTold, gaps == 0 || !new.lifecycle.isLeaving && new.standing != .closed)
        demand(.gapsTold, new.subscriptions.entries.allSatisfy { passage.after.world.isTruly($0) })
    }
}

extension World {
    /// Whether the table thinks of gaps as it has told.
    fileprivate func isTruly(_ entry: SubscriptionTable.Entry) -> Bool {
        (missing & entry.id.bit != 0) == (entry.lostAt != nil)
    }
}

extension AuthenticationWord {
    /// Which exchange it speaks of.
    var exchange: UInt32 {
        switch self {
        case .presented(let exchange), .accepted(let exchange, _), .failed(let exchange, _): exchange
        }
    }

    /// The same word of another exchange.
    func of(_ exchange: UInt32) -> AuthenticationWord {
        switch self {
        case .presented: .presented(exchange: exchange)
        case .accepted(_, let time): .accepted(exchange: exchange, validMilliseconds: time)
        case .failed(_, let fault): .failed(exchange: exchange, fault)
        }
    }
}
