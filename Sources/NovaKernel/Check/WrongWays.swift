#if MUTANTS
    import NovaMachine

    /// A machine that can be sent astray.
    protocol Mutable: Machine where Effect == NovaKernel.Effect {
        /// What it could wrongly be instead.
        var wrongWays: [(name: String, value: Self)] { get }
    }

    extension Mutable {
        fileprivate func with(_ change: (inout Self) -> Void) -> Self {
            var copy = self
            change(&copy)
            return copy
        }

        /// Each of these that is another machine.
        fileprivate func others(_ ways: [(name: String, value: Self)]) -> [(name: String, value: Self)] {
            ways.filter { $0.value != self }
        }
    }

    extension Lifecycle: Mutable {
        var wrongWays: [(name: String, value: Lifecycle)] {
            let ending = Ending(.impossibleFact, in: .ready)
            let states: [State] = [
                .idle, .connecting(.resolving), .connecting(.upgrading), .open(.restoring), .open(.ready),
                .backingOff(ending), .closed(ending, .asked),
            ]
            var ways = states.map { state in with { $0.state = state } }.filter { $0.standing != standing }
                .map { (name: "\($0.standing)", value: $0) }
            ways.append(("one failure more", with { $0.failures += 1 }))
            ways.append(("no failure", with { $0.failures = 0 }))
            ways.append(("no outage", with { $0.outage = .none }))
            ways.append(("another attempt", with { $0.attempt = $0.attempt.next }))
            if case .closing(let farewell) = state {
                for stage in Farewell.Stage.allCases where stage != farewell.stage {
                    ways.append((stage.rawValue, with { $0.state = .closing(farewell.with(stage)) }))
                }
                for sequel in Farewell.Sequel.allCases where sequel != farewell.sequel {
                    var other = farewell
                    other.sequel = sequel
                    ways.append(("then \(sequel.rawValue)", with { $0.state = .closing(other) }))
                }
                var unsent = farewell
                unsent.ending.sentCode = nil
                ways.append(("nothing sent", with { $0.state = .closing(unsent) }))
            }
            return others(ways)
        }
    }

    extension Lifecycle.Farewell {
        fileprivate func with(_ stage: Stage) -> Self {
            var copy = self
            copy.stage = stage
            return copy
        }
    }

    extension Keepalive: Mutable {
        var wrongWays: [(name: String, value: Keepalive)] {
            others(State.allCases.map { state in (state.rawValue, with { $0.state = state }) })
        }
    }

    extension Inbound: Mutable {
        var wrongWays: [(name: String, value: Inbound)] {
            others(
                State.allCases.map { state in (state.rawValue, with { $0.state = state }) } + [
                    ("one message more", with { $0.messages += 1 }), ("no message", with { $0.messages = 0 }),
                    ("no bytes", with { $0.bytes = 0 }), ("one discarded more", with { $0.discarded += 1 }),
                ])
        }
    }

    extension Outbound: Mutable {
        var wrongWays: [(name: String, value: Outbound)] {
            let states: [(String, State)] = [("sealed", .sealed), ("draining", .draining), ("free", .free)]
            return others(
                states.map { name, state in (name, with { $0.state = state }) } + [
                    ("nothing queued", with { $0.queued = 0 }), ("more queued", with { $0.queued += 7 }),
                    ("nothing accepted", with { $0.accepted = 0 }), ("nothing unsent", with { $0.unsent = 0 }),
                    ("no line", with { $0.line = [] }), ("no flush", with { $0.flushes = [] }),
                    ("no fragment", with { $0.fragment = nil }), ("nothing left over", with { $0.leftover = 0 }),
                    ("no pongs", with { $0.queuedPongs = 0 }),
                ])
        }
    }

    extension PingTable: Mutable {
        var wrongWays: [(name: String, value: PingTable)] {
            others([
                ("no ping", with { $0.pending = [] }), ("one ping less", with { _ = $0.pending.popLast() }),
                ("all written", with { $0.written = $0.count }), ("nothing written", with { $0.written = 0 }),
            ])
        }
    }

    extension PromiseLedger: Mutable {
        var wrongWays: [(name: String, value: PromiseLedger)] {
            others([
                ("no opener", with { $0.openers = [] }), ("no closer", with { $0.closers = [] }),
                ("an opener twice", with { $0.openers += $0.openers.suffix(1) }),
                ("a closer twice", with { $0.closers += $0.closers.suffix(1) }),
            ])
        }
    }

    extension Outbox: Mutable {
        var wrongWays: [(name: String, value: Outbox)] {
            others([
                ("no message", with { ($0.items, $0.bytes) = ([], 0) }),
                ("the first message less", with { $0.drop($0.items.prefix(1)) }),
                ("the last message less", with { $0.drop($0.items.suffix(1)) }),
                ("no bytes", with { $0.bytes = 0 }),
                ("all waiting", with { box in box.items.indices.forEach { box.items[$0].stage = .waiting } }),
                ("all permitted", with { box in box.items.indices.forEach { box.items[$0].stage = .permitted } }),
                ("turned around", with { $0.items.reverse() }),
            ])
        }

        private mutating func drop(_ lost: ArraySlice<Item>) {
            bytes -= lost.reduce(0) { $0 + $1.bytes }
            items.removeAll { lost.contains($0) }
        }
    }

    extension RateLimiter: Mutable {
        var wrongWays: [(name: String, value: RateLimiter)] {
            others([
                ("nobody asking", with { $0.asks = [] }), ("empty", with { $0.units = 0 }),
                ("full", with { $0.units = UInt64($0.limit.capacity) * $0.limit.unitsPerToken }),
                ("a unit less", with { $0.units -= min($0.units, 1) }), ("never counted", with { $0.countedAt = nil }),
                ("turned around", with { $0.asks.reverse() }),
            ])
        }
    }

    extension RequestTable: Mutable {
        var wrongWays: [(name: String, value: RequestTable)] {
            others([
                ("no request", with { $0.pending = [] }), ("one request less", with { _ = $0.pending.popLast() }),
                ("all sent", with { table in table.pending.indices.forEach { table.pending[$0].sent = .zero } }),
                ("none sent", with { table in table.pending.indices.forEach { table.pending[$0].sent = nil } }),
                ("nothing remembered", with { $0.settled = [] }),
                (
                    "all answered",
                    with { table in
                        table.settled.indices.forEach { table.settled[$0].isAnswered = true }
                    }
                ),
                (
                    "none answered",
                    with { table in
                        table.settled.indices.forEach { table.settled[$0].isAnswered = false }
                    }
                ),
            ])
        }
    }

    extension Authentication: Mutable {
        var wrongWays: [(name: String, value: Authentication)] {
            let states: [(String, State)] = [
                ("idle", .idle), ("asking", .authenticating(.asking)), ("presenting", .authenticating(.presenting)),
                ("authenticated", .authenticated), ("asking anew", .refreshing(.asking)),
                ("presenting anew", .refreshing(.presenting)),
            ]
            return others(
                states.map { name, state in (name, with { $0.state = state }) } + [
                    ("the same exchange", with { $0.exchange -= min($0.exchange, 1) }),
                    ("no end", with { $0.expiry = nil }), ("nobody waiting", with { $0.waiting = [] }),
                ])
        }
    }

    extension SubscriptionTable: Mutable {
        var wrongWays: [(name: String, value: SubscriptionTable)] {
            let stages = Stage.allCases.map { stage in (stage.rawValue, with { $0.stage = stage }) }
            let statuses = Status.allCases.map { status in
                ("all \(status.rawValue)", with { $0.change { $0.status = status } })
            }
            return others(
                stages + statuses + [
                    ("no subscription", with { $0.entries = [] }), ("the last less", with { _ = $0.entries.popLast() }),
                    ("turned around", with { $0.entries.reverse() }),
                    ("no gap", with { $0.change { $0.lostAt = nil } }),
                    ("no deadline", with { $0.change { $0.deadline = nil } }),
                    ("all stale", with { $0.change { $0.isStale = true } }),
                    ("none stale", with { $0.change { $0.isStale = false } }),
                    ("heard at the beginning", with { $0.change { $0.heard = .zero } }),
                    ("nobody waiting", with { $0.change { $0.waiting = [] } }),
                ])
        }

        private mutating func change(_ body: (inout Entry) -> Void) {
            for index in entries.indices { body(&entries[index]) }
        }
    }
#endif
