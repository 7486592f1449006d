import Glibc
import NovaSocket

/// Does one load through the public API, and prints one line of JSON: what it cost.
///
/// `nova-peer URL WORKLOAD COUNT SIZE WINDOW`; the workloads are `pingpong`, `echo`, `flood` and `conns`.
@main
enum NovaPeer {
    struct Load: Sendable {
        var url: String
        var name: String
        var count: Int
        var size: Int
        var window: Int

        /// Messages before the clock starts.
        var warmUp: Int { count / 10 }
        var total: Int { count + warmUp }
    }

    static func main() async {
        let words = CommandLine.arguments
        guard words.count == 6, let count = Int(words[3]), let size = Int(words[4]), let window = Int(words[5]) else {
            fail("usage: nova-peer URL WORKLOAD COUNT SIZE WINDOW")
        }
        let load = Load(url: words[1], name: words[2], count: count, size: size, window: window)
        do {
            switch load.name {
            case "pingpong": try await pingPong(load)
            case "echo": try await echo(load)
            case "flood": try await flood(load)
            case "conns": try await connections(load)
            default: fail("There is no workload \(load.name).")
            }
        } catch {
            fail("\(error)")
        }
    }

    static func fail(_ message: String) -> Never {
        print(message)
        exit(1)
    }

    /// The server's certificate is self-signed.
    static var options: WebSocketOptions {
        var options = WebSocketOptions()
        options.tls.verification = .none
        return options
    }

    static func check(_ message: Message, _ size: Int) throws {
        guard message.count == size else { throw WrongSize(count: message.count) }
    }

    struct WrongSize: Error { let count: Int }
    struct EndedEarly: Error { let received: Int }

    // MARK: Workloads

    static func pingPong(_ load: Load) async throws {
        let text = String(repeating: "a", count: load.size)
        let (usage, trips) = try await WebSocket.withConnection(to: load.url, options: options) { socket in
            var messages = socket.messages.makeAsyncIterator()
            var trips: [Double] = []
            trips.reserveCapacity(load.count)
            var start = Usage.now
            for number in 0..<load.total {
                if number == load.warmUp { start = Usage.now }
                let before = Usage.wall
                try await socket.send(text)
                guard let message = try await messages.next() else { throw EndedEarly(received: number) }
                try check(message, load.size)
                if number >= load.warmUp { trips.append((Usage.wall - before) * 1e6) }
            }
            return (Usage.now.since(start), trips.sorted())
        }
        let middle = trips.isEmpty ? 0 : trips[trips.count / 2]
        let slow = trips.isEmpty ? 0 : trips[trips.count * 99 / 100]
        usage.report(load, ",\"p50_us\":\(middle),\"p99_us\":\(slow)")
    }

    static func echo(_ load: Load) async throws {
        let payload = [UInt8](repeating: 0x61, count: load.size)
        let usage = try await WebSocket.withConnection(to: load.url, options: options) { socket in
            for _ in 0..<min(load.window, load.total) { try await socket.send(payload) }
            var (received, sent) = (0, min(load.window, load.total))
            var start = Usage.now
            for try await message in socket.messages {
                try check(message, load.size)
                received += 1
                if received == load.warmUp { start = Usage.now }
                if received == load.total { break }
                guard sent < load.total else { continue }
                sent += 1
                try await socket.send(payload)
            }
            guard received == load.total else { throw EndedEarly(received: received) }
            return Usage.now.since(start)
        }
        usage.report(load)
    }

    static func flood(_ load: Load) async throws {
        let url = load.url.hasSuffix("/") ? load.url : load.url + "/"
        let usage = try await WebSocket.withConnection(to: "\(url)flood/\(load.total)/\(load.size)", options: options) {
            socket in
            var received = 0
            var start = Usage.now
            for try await message in socket.messages {
                try check(message, load.size)
                received += 1
                if received == load.warmUp { start = Usage.now }
                if received == load.total { break }
            }
            guard received == load.total else { throw EndedEarly(received: received) }
            return Usage.now.since(start)
        }
        usage.report(load)
    }

    /// The first connection brings the code and the tables of the libraries into memory, once for the process: that
    /// is told apart from what each further one takes.
    static func connections(_ load: Load) async throws {
        let start = Usage.now
        let atFirst = Usage.residentKiB
        var sockets = [try await WebSocket.connect(to: load.url, options: options)]
        let before = Usage.residentKiB
        for _ in 0..<load.count { sockets.append(try await WebSocket.connect(to: load.url, options: options)) }
        let each = (Usage.residentKiB - before) / Double(max(1, load.count))
        let withFirst = (Usage.residentKiB - atFirst) / Double(max(1, load.count))
        Usage.now.since(start).report(
            load, ",\"rss_kib_per_conn\":\(each),\"rss_kib_per_conn_with_first\":\(withFirst)")
        exit(sockets.count == load.count + 1 ? 0 : 1)
    }
}
