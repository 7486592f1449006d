import CLinux
import Glibc

/// Where a socket can be connected to.
public enum SocketAddress: Hashable, Sendable, CustomStringConvertible {
    /// An IPv4 address, in the order of its bytes.
    case ipv4([UInt8], port: UInt16)
    /// An IPv6 address, in the order of its bytes.
    case ipv6([UInt8], port: UInt16, scope: UInt32)
    /// A unix domain socket's path.
    case unix(path: String)

    var family: Int32 {
        switch self {
        case .ipv4: AF_INET
        case .ipv6: AF_INET6
        case .unix: AF_UNIX
        }
    }

    /// The port; 0 for a unix domain socket.
    public var port: UInt16 {
        switch self {
        case .ipv4(_, let port), .ipv6(_, let port, _): port
        case .unix: 0
        }
    }

    /// The loopback address of IPv4.
    public static func loopback(port: UInt16) -> SocketAddress { .ipv4([127, 0, 0, 1], port: port) }

    /// The address and the port, or the path.
    public var description: String {
        switch self {
        case .ipv4(let bytes, let port): bytes.map { "\($0)" }.joined(separator: ".") + ":\(port)"
        case .ipv6(let bytes, let port, _): "[\(Self.words(bytes))]:\(port)"
        case .unix(let path): path
        }
    }

    private static func words(_ bytes: [UInt8]) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { buffer in
            guard let base = buffer.baseAddress, inet_ntop(AF_INET6, bytes, base, socklen_t(buffer.count)) != nil else {
                return ""
            }
            return String(cString: base)
        }
    }
}

extension SocketAddress {
    /// The address that the system has written; nil if it is of another family.
    init?(_ address: UnsafePointer<sockaddr>) {
        switch Int32(address.pointee.sa_family) {
        case AF_INET:
            let address = address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { $0.pointee }
            self = .ipv4(withUnsafeBytes(of: address.sin_addr) { Array($0) }, port: UInt16(bigEndian: address.sin_port))
        case AF_INET6:
            let address = address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { $0.pointee }
            self = .ipv6(
                withUnsafeBytes(of: address.sin6_addr) { Array($0) }, port: UInt16(bigEndian: address.sin6_port),
                scope: address.sin6_scope_id)
        default: return nil
        }
    }

    /// Lends the address in the system's form.
    func withSystemAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        var storage = sockaddr_storage()
        let size = withUnsafeMutableBytes(of: &storage) { fill($0) }
        return withUnsafePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(size)) }
        }
    }

    private func fill(_ storage: UnsafeMutableRawBufferPointer) -> Int {
        switch self {
        case .ipv4(let bytes, let port):
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            withUnsafeMutableBytes(of: &address.sin_addr) { $0.copyBytes(from: bytes.prefix(4)) }
            withUnsafeBytes(of: address) { storage.copyMemory(from: $0) }
            return MemoryLayout<sockaddr_in>.size
        case .ipv6(let bytes, let port, let scope):
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            address.sin6_scope_id = scope
            withUnsafeMutableBytes(of: &address.sin6_addr) { $0.copyBytes(from: bytes.prefix(16)) }
            withUnsafeBytes(of: address) { storage.copyMemory(from: $0) }
            return MemoryLayout<sockaddr_in6>.size
        case .unix(let path):
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(107)) }
            withUnsafeBytes(of: address) { storage.copyMemory(from: $0) }
            return MemoryLayout<sockaddr_un>.size
        }
    }
}
