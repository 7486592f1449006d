import Glibc

/// What the process has used.
struct Usage: Sendable {
    var wall: Double
    var user: Double
    var system: Double

    static var wall: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    static var now: Usage {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return Usage(wall: wall, user: seconds(usage.ru_utime), system: seconds(usage.ru_stime))
    }

    /// Resident memory.
    static var residentKiB: Double {
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        guard fgets(&line, 128, file) != nil else { return 0 }
        let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0
        return pages * Double(sysconf(Int32(_SC_PAGESIZE))) / 1024
    }

    func since(_ start: Usage) -> Usage {
        Usage(wall: wall - start.wall, user: user - start.user, system: system - start.system)
    }

    func report(_ load: NovaPeer.Load, _ extra: String = "") {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        print(
            "{\"workload\":\"\(load.name)\",\"secure\":\(load.url.hasPrefix("wss") ? 1 : 0),\"count\":\(load.count),"
                + "\"size\":\(load.size),\"window\":\(load.window),\"wall_s\":\(wall),\"user_s\":\(user),\"sys_s\":\(system),"
                + "\"maxrss_kib\":\(usage.ru_maxrss)\(extra)}")
    }
}
