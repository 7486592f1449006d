import NovaKernel
import NovaSocket
import NovaTestKit

/// Lets many clients lose one server at once, and shows how they come back.
enum StormCommand: Command {
    static let name = "storm"
    static let usage = "storm [OPTIONS]"
    static let summary = """
        Many clients of one server lose it at once, and come back by their policy, in a simulated network: how many attempts
        the server sees in each second, and when the clients are back. Several --backoff are compared side by side.
        """
    static let options = [
        Option("--clients -n", value: "COUNT", "how many clients; 1000 if it is not said"),
        Option("--outage", value: "SECONDS", "how long the outage lasts; 30 if it is not said"),
        Option("--refuse", "during it connections are refused; so if nothing is said"),
        Option("--reset", "during it everybody is let in, and reset a tenth of a second later"),
        Option("--stall", "during it connections are made, and nothing gets through"),
        Option("--status", value: "STATUS", "during it the opening handshake is refused with this status"),
        Option("--retry-after", value: "SECONDS", "with that status: when to come back"),
        Option(
            "--backoff", value: "NAME",
            "exponentialFullJitter (default), exponentialEqualJitter, constant or linear; may be repeated"),
        Option("--base", value: "SECONDS", "its first wait, its wait, or its step; 0.5 if it is not said"),
        Option("--cap", value: "SECONDS", "its longest wait; 30 if it is not said"),
        Option("--jitter", value: "THOUSANDTHS", "how far a linear wait is spread, up to 1000; 0 if it is not said"),
        Option("--seed", value: "SEED", "what all chance follows from; 0 if it is not said"),
    ]

    static func run(_ arguments: Arguments) async throws -> ExitCode {
        try arguments.takeOptionsOnly(name)
        let backoffs = try backoffs(arguments)
        let storm = Storm(
            clients: try arguments.count("--clients", least: 1) ?? 1000, outage: try outage(arguments),
            lasting: try arguments.seconds("--outage") ?? .seconds(30),
            seed: UInt64(try arguments.count("--seed") ?? 0))
        var reports: [StormReport] = []
        for backoff in backoffs {
            do throws(StormError) {
                reports.append(try storm.run(Reconnection(backoff: backoff)))
            } catch {
                if case .invalidOptions(let reason) = error { throw UsageError(reason) }
                throw error
            }
        }
        if reports.count == 1 { Console.out("\(reports[0].picture())\n\n\(peaks(reports[0]))\n") }
        Console.out(StormReport.table(reports))
        for report in reports where report.returns.count < storm.clients { tellMissing(report) }
        return reports.allSatisfy { $0.returns.count == storm.clients } ? .clean : .failure
    }

    private static func peaks(_ report: StormReport) -> String {
        let during = report.peakDuring.map { "\($0.attempts) in second \($0.second) of the outage" }
        let after = report.peakAfter.map { "\($0.attempts) in second \($0.second) after it" }
        return "Most attempts: " + [during, after].compactMap(\.self).joined(separator: ", ") + "."
    }

    private static func tellMissing(_ report: StormReport) {
        let missing = report.storm.clients - report.returns.count - report.gaveUp
        Console.status(
            "\(report.reconnection.backoff.text): \(report.gaveUp) clients gave up, \(missing) are not back after an hour."
        )
    }

    private static func outage(_ arguments: Arguments) throws(UsageError) -> Storm.Outage {
        let kinds = ["--refuse", "--reset", "--stall", "--status"]
        try arguments.takeOne(of: kinds)
        guard arguments.has("--status") || !arguments.has("--retry-after") else {
            throw UsageError("--retry-after needs --status.")
        }
        switch kinds.first(where: arguments.has) {
        case "--reset": return .reset
        case "--stall": return .stall
        case "--status":
            guard let status = UInt16(arguments.last("--status") ?? ""), (300...599).contains(status) else {
                throw UsageError("--status needs a status from 300 to 599.")
            }
            return .refuseUpgrade(
                status: status, retryAfter: try arguments.count("--retry-after").map { UInt32(clamping: $0) })
        default: return .refuse
        }
    }

    private static func backoffs(_ arguments: Arguments) throws(UsageError) -> [Backoff] {
        let base = try arguments.seconds("--base") ?? .milliseconds(500)
        let cap = try arguments.seconds("--cap") ?? .seconds(30)
        let jitter = try arguments.count("--jitter") ?? 0
        let names = arguments.has("--backoff") ? arguments.all("--backoff") : ["exponentialFullJitter"]
        var backoffs: [Backoff] = []
        for name in names {
            switch name {
            case "exponentialFullJitter", "fullJitter": backoffs.append(.exponentialFullJitter(base: base, cap: cap))
            case "exponentialEqualJitter", "equalJitter":
                backoffs.append(.exponentialEqualJitter(base: base, cap: cap))
            case "constant": backoffs.append(.constant(base))
            case "linear": backoffs.append(.linear(step: base, cap: cap, jitter: UInt16(clamping: min(jitter, 1000))))
            default:
                let known = "exponentialFullJitter, exponentialEqualJitter, constant, linear"
                throw UsageError("There is no backoff \(name); there are \(known).")
            }
        }
        return backoffs
    }
}
