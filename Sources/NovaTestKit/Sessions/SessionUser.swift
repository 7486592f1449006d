import NovaKernel
import NovaSocket

/// Somebody with a session: asks, subscribes, and holds what comes back against what was promised.
final class SessionUser: @unchecked Sendable {
    // Sendable: everything happens where the network's loop is driven.
    private final class Subscribed: @unchecked Sendable {
        var subscription: Subscription?
        /// The last number that came.
        var number = 0
    }

    let index: Int
    let session: Session
    private let plan: SessionPlan
    private let network: SimulatedNetwork
    private let report: (Law, String) -> Void
    private var random: SeededRandom
    private var lastNumber: Int64
    private var lastWish: Int64 = 0
    private var subscribed: [Int: Subscribed] = [:]
    /// Calls that have not returned.
    private(set) var underWay: [Int64: String] = [:]
    /// Everything that a person might read.
    private(set) var words: [String] = []
    private(set) var answered = 0
    private(set) var rollovers = 0
    private let changes = Changes()

    /// Sees which connections took the place of others that were not lost.
    private final class Changes: SessionListener, @unchecked Sendable {
        private var isReady = false
        var successors: Set<AttemptID> = []

        func changed(_ change: StateChange) {
            if isReady, change.to == .ready { successors.insert(change.attempt) }
            isReady = change.to == .ready
        }
    }

    init(
        _ index: Int, _ plan: SessionPlan, _ network: SimulatedNetwork, at url: String, recording: Recording?,
        report: @escaping (Law, String) -> Void
    ) throws {
        (self.index, self.plan, self.network, self.report) = (index, plan, network, report)
        random = SeededRandom(seed: plan.seed ^ UInt64(index + 1) << 20)
        lastNumber = Int64(index) << 32
        let adapter = SimulatedServiceAdapter(url: url, plan: plan)
        var handlers = Handlers(adapter)
        handlers.positions = SimulatedPositions(plan.positions)
        session = try Session(url, handlers) { options in
            adapter.configure(&options)
            network.join(&options)
            options.recording = recording
            options.rollover = plan.rollover
        }
        let session = session
        session.addListener(changes)
        network.task { for await report in session.handlerReports { self.words.append("\(report)") } }
        call("connect") { try await session.connect() }
    }

    func perform(_ deed: SessionDeed) {
        let session = session
        switch deed {
        case .request(let mood, let isKept): ask(mood, isKept: isKept)
        case .batch(let count): batch(count)
        case .notify: call("notify") { try await session.notify("note") }
        case .subscribe(let channel): subscribe(channel)
        case .unsubscribe(let channel): subscribed.removeValue(forKey: channel)?.subscription?.cancel()
        case .authenticate: call("authenticate") { try await session.authenticate() }
        case .rollOver:
            call("roll over") {
                try await session.rollOver()
                self.rollovers += 1
            }
        case .fail: call("fail") { try await session.failConnection(reason: "as planned") }
        }
    }

    /// A call, which must return; what it throws must be one of ours.
    private func call(_ name: String, _ body: @escaping @Sendable () async throws -> Void) {
        lastNumber += 1
        let number = lastNumber
        underWay[number] = name
        network.task {
            do {
                try await body()
            } catch {
                self.words.append("\(error)")
                switch error {
                case is WebSocketError, is JSONRPC.Failure, is JSONError: break
                default: self.report(.answersMatch, "\(name) threw a \(type(of: error))")
                }
            }
            self.underWay[number] = nil
        }
    }

    private func ask(_ mood: ServiceMood, isKept: Bool) {
        ask(mood, isKept: isKept, CallOptions(retention: isKept ? .keep(for: .seconds(30)) : .drop))
    }

    private func ask(_ mood: ServiceMood, isKept: Bool, _ options: CallOptions) {
        let (session, number) = (session, lastNumber + 1)
        call(mood.rawValue) {
            let answer = try await session.request(
                mood.rawValue + (isKept ? "!" : ""), [number], as: [Int64].self, options: options)
            self.take(answer, to: [number], mood)
        }
    }

    private func take(_ answer: [Int64], to question: [Int64], _ mood: ServiceMood) {
        answered += 1
        if answer != question { report(.answersMatch, "\(question) was answered with \(answer)") }
        if mood == .mute || mood == .fails || mood == .misshapen {
            report(.answersMatch, "\(question) was answered, which the service did not do")
        }
    }

    private func batch(_ count: Int) {
        let (session, first) = (session, lastNumber + 1)
        lastNumber += Int64(count)
        call("batch") {
            let numbers = (0..<count).map { first + Int64($0) }
            let answers = try await session.batch(numbers.map { .request("echo", [$0]) })
            for (number, answer) in zip(numbers, answers) {
                self.take(try session.decode([Int64].self, from: answer), to: [number], .echo)
            }
        }
    }

    private func subscribe(_ channel: Int) {
        guard subscribed[channel] == nil else { return }
        lastWish += 1
        let (session, own, wish) = (session, Subscribed(), lastWish)
        subscribed[channel] = own
        call("subscribe") {
            defer { if self.subscribed[channel] === own { self.subscribed[channel] = nil } }
            let subscription = try await session.subscribe(
                to: Channel("c\(channel)", parameters: .integer(wish)), capacity: self.plan.capacity)
            // Given up before it was confirmed.
            guard self.subscribed[channel] === own else { return subscription.cancel() }
            own.subscription = subscription
            try await self.consume(subscription, own)
        }
    }

    private func consume(_ subscription: Subscription, _ own: Subscribed) async throws {
        var watch = SequenceWatch()
        for try await update in subscription {
            switch update {
            case .message(let message):
                guard let number = message.numberInChannel else {
                    report(.sequencesWhole, "a message of no channel: \(message.text)")
                    continue
                }
                own.number = number
                for attempt in changes.successors { watch.follows(attempt) }
                if let problem = watch.take(number, on: message.attempt) {
                    report(.sequencesWhole, "\(subscription.channel.name): \(problem)")
                }
                if random.chance(perMille: plan.laziness) { try await network.sleep(for: .seconds(2)) }
            case .gap(let gap): watch.take(gap)
            case .interrupted, .stale, .fresh: break
            }
        }
    }

    // MARK: The end

    /// The last number that came in each channel that is held.
    var numbers: [Int: Int] { subscribed.filter { $0.value.subscription != nil }.mapValues(\.number) }

    /// Asks once more, with all the time that a session may need to come back.
    func askAgain() {
        ask(.echo, isKept: true, CallOptions(timeout: .seconds(300), retention: .keep(for: .seconds(300))))
    }

    func close() {
        let session = session
        call("close") {
            self.words.append("\(await session.status)")
            self.words.append("\(session.explainOptions())")
            await session.close()
            self.words.append("\(await session.explanation)")
        }
    }
}
