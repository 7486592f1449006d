import Glibc

/// A folder that exports are written into, and nowhere else: for names that come from somebody else.
public struct ExportFolder: Sendable {
    /// Why a file is not written.
    public enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
        /// The name leads out of the folder, or would: it is absolute, has `..` in it, or is none.
        case leavesFolder(name: String)
        /// A part of the name is a symbolic link: where that leads is not looked at.
        case symbolicLink(name: String)
        /// The system refused it, with this `errno`.
        case system(name: String, errno: Int32)

        /// The failure in a sentence.
        public var description: String {
            switch self {
            case .leavesFolder(let name): "\(name.printable) is refused: it leads out of the folder for exports"
            case .symbolicLink(let name): "\(name.printable) is refused: it leads through a symbolic link"
            case .system(let name, let code): "\(name.printable): \(String(cString: strerror(code)))"
            }
        }
    }

    /// The folder.
    public let path: String

    /// A folder that is there. It may be a symbolic link itself.
    public init(_ path: String) { self.path = path }

    /// Writes a file anew, for its owner only. Folders on the way must be there.
    ///
    /// Each part of the name is opened from the folder before it, and none is followed that is a symbolic link: whoever can
    /// change the folder meanwhile can't make it leave either.
    public func write(_ content: [UInt8], to name: String) throws(Failure) {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard !name.utf8.contains(0), parts.allSatisfy({ !["", ".", ".."].contains($0) }), let file = parts.last else {
            throw .leavesFolder(name: name)
        }
        var folder = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw .system(name: path, errno: errno) }
        defer { close(folder) }
        for part in parts.dropLast() {
            let next = try Self.openPart(part, in: folder, O_RDONLY | O_DIRECTORY, name)
            close(folder)
            folder = next
        }
        let descriptor = try Self.openPart(file, in: folder, O_WRONLY | O_CREAT | O_TRUNC | O_NONBLOCK, name)
        defer { close(descriptor) }
        var rest = content[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count >= 0 || errno == EINTR else { throw .system(name: name, errno: errno) }
            rest = rest.dropFirst(max(0, count))
        }
    }

    /// Opens a part of the name, unless it is a symbolic link.
    private static func openPart(_ part: String, in folder: Int32, _ flags: Int32, _ name: String) throws(Failure)
        -> Int32
    {
        let descriptor = openat(folder, part, flags | O_NOFOLLOW | O_CLOEXEC, 0o600)
        if descriptor >= 0 { return descriptor }
        let code = errno
        var status = stat()
        let isLink = fstatat(folder, part, &status, AT_SYMLINK_NOFOLLOW) == 0 && status.st_mode & S_IFMT == S_IFLNK
        throw isLink ? .symbolicLink(name: name) : .system(name: name, errno: code)
    }
}
