import FoundationEssentials
import Glibc

/// The files that a command is given; what can't be done with one is said in a line.
enum Files {
    /// Why a file can't be read or written.
    struct Failure: Error, CustomStringConvertible {
        let path: String
        let reason: String
        var description: String { "\(path): \(reason)" }
    }

    static func read(_ path: String) throws(Failure) -> Data {
        try naming(path) { try Data(contentsOf: URL(fileURLWithPath: path)) }
    }

    static func write(_ content: some DataProtocol, to path: String) throws(Failure) {
        try naming(path) { try Data(content).write(to: URL(fileURLWithPath: path)) }
    }

    static func makeFolder(_ path: String) throws(Failure) {
        try naming(path) {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
    }

    /// Foundation's errors hold the system's, and say neither file nor reason in words.
    private static func naming<Result>(_ path: String, _ work: () throws -> Result) throws(Failure) -> Result {
        do { return try work() } catch {
            let code = ((error as? CocoaError)?.underlying as? POSIXError)?.code
            throw Failure(path: path, reason: code.map { String(cString: strerror($0.rawValue)) } ?? "\(error)")
        }
    }
}
