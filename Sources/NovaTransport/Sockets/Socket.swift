import CLinux
import Glibc

/// A non-blocking socket; closed with its owner.
package struct Socket: ~Copyable {
    package let descriptor: Int32

    /// What became of a read or a write.
    package enum Transfer {
        /// So many bytes were moved.
        case bytes(Int)
        /// Nothing can be moved now.
        case wouldBlock
        /// The peer has ended its side.
        case end
        /// The socket has failed.
        case failed(Int32)
    }

    private init(adopting descriptor: Int32) { self.descriptor = descriptor }

    private init(family: Int32) throws(SystemError) {
        descriptor = socket(family, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SystemError("socket") }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    // MARK: Connecting

    /// A socket on its way to `address`: connected once it is writable and ``pendingError`` is 0.
    package static func connecting(to address: SocketAddress) throws(SystemError) -> Socket {
        let socket = try Socket(family: address.family)
        socket.set(IPPROTO_TCP_, TCP_NODELAY, 1)
        let result = address.withSystemAddress { connect(socket.descriptor, $0, $1) }
        guard result == 0 || errno == EINPROGRESS else { throw SystemError("connect") }
        return socket
    }

    /// The error that the socket has met, and forgets by telling it; 0 if there is none.
    package var pendingError: Int32 {
        var code: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size) == 0 ? code : errno
    }

    // MARK: Listening

    /// A socket that takes connections at `address`; port 0 takes any that is free.
    package static func listening(at address: SocketAddress) throws(SystemError) -> Socket {
        let socket = try Socket(family: address.family)
        socket.set(SOL_SOCKET, SO_REUSEADDR, 1)
        guard address.withSystemAddress({ bind(socket.descriptor, $0, $1) }) == 0 else { throw SystemError("bind") }
        guard listen(socket.descriptor, 4096) == 0 else { throw SystemError("listen") }
        return socket
    }

    /// A connection that waits to be accepted; nil if none does. Throws if the system has no room for it.
    package func accept() throws(SystemError) -> Socket? {
        let accepted = accept4(descriptor, nil, nil, Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue))
        guard accepted >= 0 else {
            if [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(errno) { throw SystemError("accept4") }
            return nil
        }
        let socket = Socket(adopting: accepted)
        socket.set(IPPROTO_TCP_, TCP_NODELAY, 1)
        return socket
    }

    /// The address the socket has on this side.
    package var localAddress: SocketAddress? {
        var storage = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                getsockname(descriptor, address, &size) == 0 ? SocketAddress(address) : nil
            }
        }
    }

    // MARK: Bytes

    /// Reads into `buffer` what is there.
    @inline(__always)
    package func receive(_ buffer: UnsafeMutableRawBufferPointer) -> Transfer {
        let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
        if count > 0 { return .bytes(count) }
        if count == 0 { return .end }
        return errno == EAGAIN || errno == EINTR ? .wouldBlock : .failed(errno)
    }

    /// Writes as much of `buffer` as the system takes. No signal is raised if the peer is gone.
    @inline(__always)
    package func send(_ buffer: UnsafeRawBufferPointer) -> Transfer {
        let count = Glibc.send(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
        if count >= 0 { return .bytes(count) }
        return errno == EAGAIN || errno == EINTR ? .wouldBlock : .failed(errno)
    }

    /// Ends this side; the peer reads to the end.
    package func shutDownWriting() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Makes closing the socket reset the connection.
    package func resetOnClose() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    private func set(_ level: Int32, _ option: Int32, _ value: Int32) {
        var value = value
        setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }
}

private let IPPROTO_TCP_ = Int32(IPPROTO_TCP)
