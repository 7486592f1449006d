#if MUTANTS
    import NovaMachine

    /// A seeded defect: what a rule of a machine does otherwise. Not in any normal build: only with `-DMUTANTS` the
    /// machines ask for it.
    package struct Mutation: Hashable, Sendable {
        /// What is otherwise.
        package enum Kind: Hashable, Sendable {
            /// The machine stays what it was; the effects come.
            case stay
            /// The machine moves; no effect comes.
            case silent
            /// The machine goes where it should not; which of its wrong ways.
            case astray(String)
            /// This effect does not come.
            case without(String)
            /// It comes twice.
            case twice(String)
            /// It carries another attempt.
            case foreign(String)
            /// It comes behind the one that should follow it.
            case swapped(String, String)
        }

        package let place: Place
        package let kind: Kind

        /// The machine, the rule, and what is otherwise.
        package var name: String {
            let words =
                switch kind {
                case .stay: "stays"
                case .silent: "silent"
                case .astray(let way): "goes to \(way)"
                case .without(let effect): "without \(effect)"
                case .twice(let effect): "twice \(effect)"
                case .foreign(let effect): "foreign \(effect)"
                case .swapped(let first, let second): "\(second) before \(first)"
                }
            return "\(place.machine).\(place.rule): \(words)"
        }

        // One thread alone asks machines while mutants are judged.
        /// The defect that is in the machines now.
        nonisolated(unsafe) package static var current: Mutation?
        /// How often which rule was met, while that is being watched.
        nonisolated(unsafe) package static var met: [Place: Int]?
        /// What every rule was seen to do, while it is being watched.
        nonisolated(unsafe) package static var seen: [Place: Habit]?
        nonisolated(unsafe) private static var isInside = false

        /// A rule of a machine.
        package struct Place: Hashable, Sendable {
            let machine: String
            let rule: String
        }

        /// What a rule does.
        package struct Habit: Hashable, Sendable {
            var moves = false
            var effects: Set<String> = []
            var foreign: Set<String> = []
            var pairs: Set<[String]> = []
            var ways: Set<String> = []
        }

        /// All defects that can be made of what was seen.
        package static func all(_ seen: [Place: Habit]) -> [Mutation] {
            seen.flatMap { place, habit -> [Mutation] in
                var kinds: [Kind] = habit.moves ? [.stay] : []
                if habit.effects.count > 1 { kinds.append(.silent) }
                kinds += habit.ways.map(Kind.astray) + habit.effects.map(Kind.without)
                kinds += habit.effects.filter { !$0.hasPrefix("disarm") && !$0.hasPrefix("arm") }.map(Kind.twice)
                kinds += habit.foreign.map(Kind.foreign)
                kinds += habit.pairs.map { .swapped($0[0], $0[1]) }
                return kinds.map { Mutation(place: place, kind: $0) }
            }.sorted { $0.name < $1.name }
        }

        /// Lets the machine decide, and puts the defect into what it did; nil if there is none to put.
        static func intercept<Subject: Mutable>(
            _ subject: inout Subject, _ event: Subject.Event, _ out: inout Effects<Effect>
        ) -> Subject.Rule? {
            if isInside || current == nil && seen == nil && met == nil { return nil }
            let machine = "\(Subject.self)"
            if let current, current.place.machine != machine { return nil }
            let before = subject
            isInside = true
            var effects = Effects<Effect>()
            let rule = subject.handle(event, &effects)
            isInside = false
            var array = effects.array
            let place = Place(machine: machine, rule: rule.rawValue)
            met?[place, default: 0] += 1
            if seen != nil { note(place, before, subject, array) }
            if let current, current.place == place { current.apply(&subject, before, &array) }
            for effect in array { out.append(effect) }
            return rule
        }

        private static func note<Subject: Mutable>(
            _ place: Place, _ before: Subject, _ after: Subject, _ effects: [Effect]
        ) {
            var habit = Habit()
            habit.moves = before != after
            habit.effects = Set(effects.map(\.key))
            habit.foreign = Set(effects.filter { $0.foreign != nil }.map(\.key))
            for (first, second) in zip(effects, effects.dropFirst())
            where first.key != second.key && !first.commutes(with: second) {
                habit.pairs.insert([first.key, second.key])
            }
            habit.ways = Set(after.wrongWays.map(\.name))
            var known = seen?[place] ?? Habit()
            known.moves = known.moves || habit.moves
            known.effects.formUnion(habit.effects)
            known.foreign.formUnion(habit.foreign)
            known.pairs.formUnion(habit.pairs)
            known.ways.formUnion(habit.ways)
            seen?[place] = known
        }

        private func apply<Subject: Mutable>(_ subject: inout Subject, _ before: Subject, _ effects: inout [Effect]) {
            switch kind {
            case .stay: subject = before
            case .silent: effects = []
            case .astray(let way):
                if let wrong = subject.wrongWays.first(where: { $0.name == way }) { subject = wrong.value }
            case .without(let key):
                if let index = effects.firstIndex(where: { $0.key == key }) { effects.remove(at: index) }
            case .twice(let key):
                if let index = effects.firstIndex(where: { $0.key == key }) {
                    effects.insert(effects[index], at: index)
                }
            case .foreign(let key):
                if let index = effects.firstIndex(where: { $0.key == key }), let wrong = effects[index].foreign {
                    effects[index] = wrong
                }
            case .swapped(let first, let second):
                let places = effects.indices.dropLast()
                if let index = places.first(where: { effects[$0].key == first && effects[$0 + 1].key == second }) {
                    effects.swapAt(index, index + 1)
                }
            }
        }
    }

    extension Effect {
        /// The effect without its numbers: its name, and which timer, holding, outcome, urgency or fact.
        fileprivate var key: String {
            switch self {
            case .arm(_, let timer, _): "arm \(timer.name)"
            case .disarm(let timer): "disarm \(timer.name)"
            case .release(_, let holding): "release \(holding.rawValue)"
            case .settle(_, .answered): "settle answered"
            case .tell(_, let news): "tell \(news.description.prefix { $0 != " " })"
            case .dispatch(_, _, let retaining): "dispatch \(retaining.rawValue)"
            case .settle(_, let outcome): "settle \(outcome)"
            case .sendClose(_, _, let urgency): "sendClose \(urgency.rawValue)"
            case .raise(_, let fact): "raise \(fact.words[0])"
            default: name
            }
        }

        /// Whether the order of the two can't matter: the interpreter performs all effects of a step before anything
        /// else happens, and one timer does not know of another, of what is given back, nor of what is told.
        fileprivate func commutes(with other: Effect) -> Bool {
            switch (isOfTime, other.isOfTime) {
            case (true, true): words.last != other.words.last
            case (true, false): other.isOfEnd
            case (false, true): isOfEnd
            case (false, false): isOfEnd && other.isOfEnd
            }
        }

        private var words: [Substring] { key.split(separator: " ") }
        private var isOfTime: Bool { name == "arm" || name == "disarm" }
        private var isOfEnd: Bool { ["release", "report", "askDelay"].contains(name) }

        /// The same for another attempt; nil if it is for none.
        fileprivate var foreign: Effect? {
            switch self {
            case .resolve(let attempt): .resolve(attempt.next)
            case .dial(let attempt): .dial(attempt.next)
            case .tunnel(let attempt): .tunnel(attempt.next)
            case .secure(let attempt): .secure(attempt.next)
            case .upgrade(let attempt): .upgrade(attempt.next)
            case .release(let attempt, let holding): .release(attempt.next, holding)
            case .transmit(let attempt, let operation): .transmit(attempt.next, operation)
            case .dispatch(let attempt, let operation, let retaining): .dispatch(attempt.next, operation, retaining)
            case .ping(let attempt, let token): .ping(attempt.next, token)
            case .pong(let attempt): .pong(attempt.next)
            case .replacePong(let attempt): .replacePong(attempt.next)
            case .sendClose(let attempt, let code, let urgency): .sendClose(attempt.next, code, urgency)
            case .hastenClose(let attempt): .hastenClose(attempt.next)
            case .deliver(let attempt, let kind, let count): .deliver(attempt.next, kind, count: count)
            case .pauseReading(let attempt): .pauseReading(attempt.next)
            case .resumeReading(let attempt): .resumeReading(attempt.next)
            case .authenticate(let attempt, let exchange): .authenticate(attempt.next, exchange: exchange)
            case .subscribe(let attempt, let id): .subscribe(attempt.next, id)
            case .unsubscribe(let attempt, let id): .unsubscribe(attempt.next, id)
            case .askTokens(let attempt, let ticket, let cost): .askTokens(attempt.next, ticket: ticket, cost: cost)
            case .returnTokens(let attempt, let ticket, let cost):
                .returnTokens(attempt.next, ticket: ticket, cost: cost)
            case .arm(let attempt, let timer, let duration): .arm(attempt.next, timer, duration)
            case .askDelay(let attempt, let failures): .askDelay(attempt.next, failures: failures)
            case .report(let attempt): .report(attempt.next)
            case .raise(let attempt, let fact): .raise(attempt.next, fact)
            case .tell, .disarm, .settle: nil
            }
        }
    }
#endif
