import Foundation

/// Files that tests hand to other programs. They are small, and go with the machine's temporary folder.
package enum TemporaryFile {
    /// A file with this text; returns its path.
    package static func make(_ text: String) throws -> String {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("nova-\(UUID().uuidString)").path
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    /// A path at which there is no file; short, as it may be a socket's.
    package static func path() -> String { "/tmp/nova-\(UInt32.random(in: 0 ... .max))" }
}
