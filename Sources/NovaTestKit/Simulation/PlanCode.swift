import NovaKernel
import NovaWire

extension SimulationPlan {
    /// The plan as Swift code: its seed, and its events.
    public var code: String {
        let lines = events.map { "        \($0.code)," }.joined(separator: "\n")
        return "SimulationPlan(\n    seed: \(seed),\n    events: [\n\(lines)\n    ])"
    }
}

extension Simulation.Report {
    /// A test that runs the plan and expects no law to be broken: to be pasted into a suite.
    public var testCode: String {
        let plan = plan.code.replacing("\n", with: "\n    ")
        let story = violations.first.map { "/// Broke: \($0)\n" } ?? ""
        return """
            \(story)@Test("Seed \(self.plan.seed)")
            func seed\(self.plan.seed)() {
                let plan = \(plan)
                #expect(Simulation.run(plan).violations.isEmpty)
            }
            """
    }
}

extension SimulationEvent {
    var code: String {
        switch content {
        case .fault(let fault): return ".at(\(at.code), \(fault.code) as Fault)"
        case .deed(let deed, let user, let patience):
            let by = user == 0 ? "" : ", by: \(user)"
            let giving = patience.map { ", givingUpAfter: \($0.code)" } ?? ""
            return ".at(\(at.code), \(deed.code) as Deed\(by)\(giving))"
        }
    }
}

extension Duration {
    /// The duration as Swift code, to the nanosecond.
    var code: String {
        let nanoseconds = wholeNanoseconds
        if nanoseconds % 1_000_000_000 == 0 { return ".seconds(\(nanoseconds / 1_000_000_000))" }
        if nanoseconds % 1_000_000 == 0 { return ".milliseconds(\(nanoseconds / 1_000_000))" }
        if nanoseconds % 1_000 == 0 { return ".microseconds(\(nanoseconds / 1_000))" }
        return ".nanoseconds(\(nanoseconds))"
    }
}

extension Fault {
    var code: String {
        switch self {
        case .resolveFailure(let code, let time): ".resolveFailure(code: \(code), for: \(time.code))"
        case .resolveDelay(let delay, let time): ".resolveDelay(\(delay.code), for: \(time.code))"
        case .refuse(let time): ".refuse(for: \(time.code))"
        case .ignore(let time): ".ignore(for: \(time.code))"
        case .tlsFailure(let failure, let time): ".tlsFailure(.\(failure), for: \(time.code))"
        case .stall(let time): ".stall(for: \(time.code))"
        case .refuseUpgrade(let status, let retryAfter, let time):
            ".refuseUpgrade(status: \(status), retryAfter: \(retryAfter.map { "\($0)" } ?? "nil"), for: \(time.code))"
        case .garbleUpgrade(let time): ".garbleUpgrade(for: \(time.code))"
        case .ignoreUpgrade(let time): ".ignoreUpgrade(for: \(time.code))"
        case .close(let code): ".close(\(code.code))"
        case .violate(let violation): ".violate(.\(violation.rawValue))"
        case .ignorePings(let time): ".ignorePings(for: \(time.code))"
        case .ignoreClose(let time): ".ignoreClose(for: \(time.code))"
        case .stopReading(let time): ".stopReading(for: \(time.code))"
        case .flood(let messages, let bytes): ".flood(messages: \(messages), bytes: \(bytes))"
        case .pings(let count): ".pings(\(count))"
        case .reset: ".reset"
        case .truncate: ".truncate"
        case .halfOpen: ".halfOpen"
        case .cutMidFrame: ".cutMidFrame"
        }
    }
}

extension Deed {
    var code: String {
        switch self {
        case .send(let bytes): ".send(bytes: \(bytes))"
        case .sendFragments(let count, let bytes, let isAbandoned):
            ".sendFragments(\(count), bytes: \(bytes), isAbandoned: \(isAbandoned))"
        case .ping: ".ping"
        case .flush: ".flush"
        case .connect: ".connect"
        case .close(let code): ".close(\(code.code))"
        case .sleep(let time): ".sleep(\(time.code))"
        case .leaveAndReturn: ".leaveAndReturn"
        }
    }
}

extension CloseCode {
    fileprivate var code: String { "CloseCode(rawValue: \(rawValue))" }
}
