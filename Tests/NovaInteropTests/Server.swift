import Foundation
import NovaSocket
import Testing

/// A server that we did not write, as it is started: with TLS or without.
struct Server: Hashable, Sendable, CustomTestStringConvertible {
    /// What it is made of.
    enum Library: String, CaseIterable {
        case websockets, aiohttp, ws
    }

    let library: Library
    let isSecure: Bool

    static let all = Library.allCases.flatMap { library in
        [false, true].map { Server(library: library, isSecure: $0) }
    }

    var testDescription: String { library.rawValue + (isSecure ? " (TLS)" : "") }
}

extension Server {
    /// The folder that `Tests/Interop/run` has prepared; nil: these tests do not run.
    static let folder = ProcessInfo.processInfo.environment["NOVA_INTEROP"].flatMap { $0.isEmpty ? nil : $0 }

    /// Where the servers' scripts are.
    static let scripts = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Interop/servers").path

    /// Trusts the server's certificate and no other.
    static func options() throws -> WebSocketOptions {
        var options = WebSocketOptions()
        options.tls.trustRoots = .file("\(try #require(folder))/certificates/authority.pem")
        return options
    }

    /// The command that starts it.
    func command() throws -> (words: [String], environment: [String: String]) {
        let folder = try #require(Self.folder)
        let scripts = Self.scripts
        var environment: [String: String] = [:]
        var words: [String]
        switch library {
        case .websockets, .aiohttp:
            words = ["\(folder)/python/bin/python", "-B", "\(scripts)/\(library.rawValue)_echo.py"]
        case .ws:
            words = ["node", "\(scripts)/ws_echo.js"]
            environment["NODE_PATH"] = "\(folder)/node-ws/usr/share/nodejs"
        }
        if isSecure {
            words += ["--cert", "\(folder)/certificates/server.pem", "--key", "\(folder)/certificates/server.key"]
        }
        return (words, environment)
    }
}
