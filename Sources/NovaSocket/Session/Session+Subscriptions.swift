import NovaKernel

extension Session {
    /// Subscribes to several channels at once: the server is asked for as many together as its handler can. The results
    /// are in the order of the channels, each as ``subscribe(to:freshness:capacity:)-(Channel,_,_)`` has it.
    public func subscribe(
        to channels: [Channel], freshness: Duration? = nil, capacity: Int = 4096
    ) async -> [Result<Subscription, any Error>] {
        await subscribeInOrder(channels) { try await self.subscribe(to: $0, freshness: freshness, capacity: capacity) }
    }

    /// All subscriptions, in the order in which they were wanted.
    public var subscriptions: [SubscriptionRecord] {
        get async {
            let core = core
            return await line.caller.onDriver { core.records($0.kernel.subscriptions) }
        }
    }

    /// Those of the channel of that name: several if its parameters differ.
    public func subscriptions(named name: String) async -> [SubscriptionRecord] {
        await subscriptions.filter { $0.channel.name == name }
    }

    /// What is subscribed to, to be kept; of a session that has ended, what was subscribed to then. What the server has
    /// refused or ended is not in it.
    public func exportSubscriptions() async -> SubscriptionList {
        let core = core
        return await line.caller.onDriver { driver in
            let wanted = driver.kernel.subscriptions.entries.filter { $0.status != .failed }
            return SubscriptionList(core.lastSubscriptions + wanted.compactMap { core.entries[$0.id]?.item })
        }
    }

    /// Subscribes to all of the list, in its order, as ``subscribe(to:freshness:capacity:)-([Channel],_,_)`` does.
    public func importSubscriptions(
        _ list: SubscriptionList, capacity: Int = 4096
    ) async -> [Result<Subscription, any Error>] {
        await subscribeInOrder(list.channels) { item in
            try await self.subscribe(
                to: Channel(item.name, parameters: item.parameters),
                freshness: item.freshness, capacity: capacity)
        }
    }
}

/// Begins all in their order, none before the one ahead of it has been begun, and waits for all.
func subscribeInOrder<Item: Sendable>(
    _ items: [Item], _ body: @escaping @Sendable (Item) async throws -> Subscription
) async -> [Result<Subscription, any Error>] {
    await withTaskGroup(of: (index: Int, result: Result<Subscription, any Error>).self) { group in
        for (index, item) in items.enumerated() {
            // Immediate tasks run in this order up to their first wait, which is where the machine has their wish; and
            // as children they go on where the caller does.
            group.addImmediateTask {
                do { return (index, .success(try await body(item))) } catch { return (index, .failure(error)) }
            }
        }
        var results: [(index: Int, result: Result<Subscription, any Error>)] = []
        for await result in group { results.append(result) }
        return results.sorted { $0.index < $1.index }.map(\.result)
    }
}

extension SessionEntry {
    /// The channel and its terms, as they are kept.
    var item: SubscriptionList.Item {
        SubscriptionList.Item(
            name: channel.name, parameters: channel.parameters,
            freshness: freshness)
    }
}

extension SessionCore {
    /// What is known of every subscription.
    func records(_ table: SubscriptionTable) -> [SubscriptionRecord] {
        table.entries.compactMap { entry in
            guard let own = entries[entry.id] else { return nil }
            let freshness = entry.terms.freshnessMilliseconds
            return SubscriptionRecord(
                channel: own.channel, status: entry.status, isStale: entry.isStale,
                freshness: freshness > 0 ? .milliseconds(Int(freshness)) : nil, consumerCount: own.feeds.count,
                history: own.history)
        }
    }

    /// Notes what became of a subscription.
    func note(_ status: SubscriptionTable.Status, of entry: SessionEntry) {
        if entry.history.count == 16 { entry.history.removeFirst() }
        entry.history.append(SubscriptionRecord.Change(status: status, at: port.refresh()))
    }
}
