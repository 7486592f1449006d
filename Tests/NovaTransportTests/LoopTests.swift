import Foundation
import Synchronization
import Testing

@testable import NovaTransport

@Suite("The event loop", .timeLimit(.minutes(4)))
struct LoopTests {
    private final class Recorder: TimerHandler, Sendable {
        let fired = Mutex<[UInt64]>([])
        let done: AsyncStream<Void>.Continuation
        let last: UInt64

        init(until last: UInt64, _ done: AsyncStream<Void>.Continuation) { (self.last, self.done) = (last, done) }

        func timerFired(_ token: UInt64) {
            fired.withLock { $0.append(token) }
            if token == last { done.finish() }
        }
    }

    @Test("A heap gives timers out in the order of their deadlines, equal ones as they came, cancelled ones never")
    func heap() {
        final class Nobody: TimerHandler { func timerFired(_ token: UInt64) {} }
        let nobody = Nobody()
        var heap = TimerHeap()
        var cancelled: [TimerID] = []
        let deadlines = (UInt64(0)..<200).map { ($0 &* 7919) % 50 }
        for (number, deadline) in deadlines.enumerated() {
            let id = heap.schedule(at: deadline, nobody, token: UInt64(number))
            if number % 3 == 0 { cancelled.append(id) }
        }
        cancelled.forEach { heap.cancel($0) }
        cancelled.forEach { heap.cancel($0) }
        #expect(heap.count == 133)
        var tokens: [UInt64] = []
        while let timer = heap.popDue(100) { tokens.append(timer.token) }
        let kept = deadlines.indices.filter { $0 % 3 != 0 }
        let expected = kept.sorted { (deadlines[$0], $0) < (deadlines[$1], $1) }.map(UInt64.init)
        #expect(tokens == expected)
        #expect(heap.earliest == nil)
    }

    @Test("A heap keeps what is not due, and a slot that is used again is another timer")
    func notDue() {
        final class Nobody: TimerHandler { func timerFired(_ token: UInt64) {} }
        let nobody = Nobody()
        var heap = TimerHeap()
        let first = heap.schedule(at: 10, nobody, token: 1)
        #expect(heap.popDue(9) == nil)
        #expect(heap.popDue(10)?.token == 1)
        _ = heap.schedule(at: 20, nobody, token: 2)
        heap.cancel(first)
        #expect(heap.popDue(20)?.token == 2)
    }

    @Test("Timers fire in order on the loop, and not when cancelled")
    func timers() async throws {
        let loop = try EventLoop()
        let (stream, done) = AsyncStream.makeStream(of: Void.self)
        let recorder = Recorder(until: 4, done)
        loop.execute {
            let now = EventLoop.monotonicNow()
            _ = loop.schedule(at: now + 20_000_000, recorder, token: 4)
            _ = loop.schedule(at: now + 2_000_000, recorder, token: 1)
            let cancelled = loop.schedule(at: now + 3_000_000, recorder, token: 2)
            _ = loop.schedule(at: now + 5_000_000, recorder, token: 3)
            loop.cancel(cancelled)
        }
        for await _ in stream {}
        #expect(recorder.fired.withLock { $0 } == [1, 3, 4])
        loop.shutDown()
    }

    @Test("Work from many threads is done on the loop, each thread's in its order")
    func execute() async throws {
        let loop = try EventLoop()
        final class Seen: Sendable {
            let numbers = Mutex<[Int: [Int]]>([:])
            func add(_ number: Int, of sender: Int) { numbers.withLock { $0[sender, default: []].append(number) } }
        }
        let seen = Seen()
        await withTaskGroup(of: Void.self) { group in
            for sender in 0..<4 {
                group.addTask {
                    for number in 0..<500 {
                        loop.execute {
                            #expect(loop.isCurrent)
                            seen.add(number, of: sender)
                        }
                    }
                    await withCheckedContinuation { continuation in loop.execute { continuation.resume() } }
                }
            }
        }
        #expect(seen.numbers.withLock { $0 } == Dictionary(uniqueKeysWithValues: (0..<4).map { ($0, Array(0..<500)) }))
        #expect(!loop.isCurrent)
        loop.shutDown()
    }

    @Test("What the loop's own thread asks for does not overtake what others asked for before")
    func order() async throws {
        let loop = try EventLoop()
        let seen = Mutex<[Int]>([])
        let asked = Atomic(false)
        await withCheckedContinuation { continuation in
            loop.execute {
                Thread.detachNewThread {
                    loop.execute { seen.withLock { $0.append(1) } }
                    asked.store(true, ordering: .sequentiallyConsistent)
                }
                while !asked.load(ordering: .sequentiallyConsistent) {}
                loop.execute {
                    seen.withLock { $0.append(2) }
                    continuation.resume()
                }
            }
        }
        #expect(seen.withLock { $0 } == [1, 2])
        loop.shutDown()
    }

    @Test("A task that prefers the loop stays on its thread")
    func taskExecutor() async throws {
        let loop = try EventLoop()
        let isThere = await Task(executorPreference: loop) {
            var isThere = loop.isCurrent
            for _ in 0..<10 {
                await Task.yield()
                isThere = isThere && loop.isCurrent
            }
            return isThere
        }.value
        #expect(isThere)
        loop.shutDown()
    }

    @Test("What happens at the end of a turn happens once a turn, after its jobs")
    func turnEnd() async throws {
        final class Ender: TurnEndHandler, Sendable {
            let jobs = Atomic(0)
            let seen: CheckedContinuation<Int, Never>
            init(_ seen: CheckedContinuation<Int, Never>) { self.seen = seen }
            func turnEnded() { seen.resume(returning: jobs.load(ordering: .relaxed)) }
        }
        let loop = try EventLoop()
        let jobs = await withCheckedContinuation { continuation in
            loop.execute {
                let ender = Ender(continuation)
                loop.callAtEndOfTurn(ender)
                for _ in 0..<3 { loop.execute { ender.jobs.add(1, ordering: .relaxed) } }
            }
        }
        #expect(jobs == 3)
        loop.shutDown()
    }

    @Test("An address is answered without a look-up; a name that does not exist is answered with why")
    func resolver() async throws {
        let loop = try EventLoop()
        func resolve(_ host: String) async -> Resolver.Answer {
            await withCheckedContinuation { continuation in
                loop.execute {
                    _ = Resolver.shared.resolve(host, port: 80, on: loop) { continuation.resume(returning: $0) }
                }
            }
        }
        #expect(try await resolve("127.0.0.1").get() == [.ipv4([127, 0, 0, 1], port: 80)])
        #expect(try await resolve("::1").get().first?.description == "[::1]:80")
        await #expect(throws: ResolveFailure.self) { try await resolve("host.invalid").get() }
        loop.shutDown()
    }
}
