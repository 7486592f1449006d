import Glibc

/// Where credentials come from. It is asked on each connection, and when they are renewed, so that they may be exchanged
/// while a session lives. Nothing else is looked at: what is given here counts, whatever stands in the environment.
///
/// What it holds is in no description and in no mirror of it.
public struct CredentialSource<Value: Sendable>: Sendable {
    /// Gets them.
    package let provide: @Sendable () async throws -> Value

    /// Credentials that `provide` gets. What it throws is no refusal: it is asked again on the next connection.
    public init(_ provide: @escaping @Sendable () async throws -> Value) { self.provide = provide }

    /// These credentials.
    public static func fixed(_ credentials: Value) -> CredentialSource { CredentialSource { credentials } }
}

extension CredentialSource where Value == String {
    /// A variable of the process's environment. Where it is missing or empty, ``AuthenticationError/unavailable(_:)`` says
    /// which.
    public static func environment(_ name: String) -> CredentialSource { CredentialSource { try variable(name) } }
}

extension CredentialSource where Value == APIKey {
    /// Variables of the process's environment. Where one is missing or empty, ``AuthenticationError/unavailable(_:)`` says
    /// which.
    public static func environment(id: String, secret: String) -> CredentialSource {
        CredentialSource { APIKey(id: try variable(id), secret: try variable(secret)) }
    }
}

/// A variable of the process's environment.
private func variable(_ name: String) throws -> String {
    guard let value = getenv(name).map({ String(cString: $0) }), !value.isEmpty else {
        throw AuthenticationError.unavailable("The environment has no \(name).")
    }
    return value
}

extension CredentialSource: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// That it is one.
    public var description: String { "source of credentials" }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
