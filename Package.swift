// swift-tools-version: 6.3
import PackageDescription

/// Every target of ours: Swift 6 mode, and a warning is an error.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "NovaSocket",
    products: [
        .library(name: "NovaSocket", targets: ["NovaSocket"]),
        .library(name: "NovaKernel", targets: ["NovaKernel"]),
        .library(name: "NovaTrace", targets: ["NovaTrace"]),
        .library(name: "NovaTestKit", targets: ["NovaTestKit"]),
        .library(name: "NovaDeribit", targets: ["NovaDeribit"]),
        .executable(name: "nova", targets: ["nova"]),
    ],
    traits: [
        .trait(name: "Compression", description: "permessage-deflate (RFC 7692); needs zlib's headers")
    ],
    targets: [
        // Pure rooms: they import nothing but each other.
        .target(name: "NovaMachine", swiftSettings: strict),
        .target(name: "NovaWire", swiftSettings: strict),
        .target(name: "NovaKernel", dependencies: ["NovaMachine", "NovaWire"], swiftSettings: strict),

        // System libraries: a module map and a header each.
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),

        .target(
            name: "NovaTransport",
            dependencies: ["NovaMachine", "NovaWire", "CLinux", "COpenSSL"],
            swiftSettings: strict),
        .target(name: "NovaTrace", dependencies: ["NovaMachine", "NovaWire", "NovaKernel"], swiftSettings: strict),
        .target(
            name: "NovaSocket",
            dependencies: ["NovaMachine", "NovaWire", "NovaKernel", "NovaTransport", "NovaTrace"],
            swiftSettings: strict),
        // The exchange Deribit: an adapter and a typed client.
        .target(name: "NovaDeribit", dependencies: ["NovaSocket"], swiftSettings: strict),
        // A server of the same wire code, for the demonstration and the tests.
        .target(name: "NovaEcho", dependencies: ["NovaWire", "NovaTransport"], swiftSettings: strict),
        // A simulated network for tests: the real driver, kernel and wire code in virtual time.
        .target(
            name: "NovaTestKit",
            dependencies: [
                "NovaMachine", "NovaWire", "NovaKernel", "NovaTransport", "NovaTrace", "NovaSocket", "NovaEcho",
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "nova",
            dependencies: ["NovaMachine", "NovaKernel", "NovaSocket", "NovaEcho", "NovaTestKit"],
            swiftSettings: strict),

        // What a user would write, as small programs; `Tests/Examples/run` runs them.
        .executableTarget(
            name: "EchoExample", dependencies: ["NovaSocket", "NovaEcho"], path: "Sources/Examples/EchoExample",
            swiftSettings: strict),
        .executableTarget(
            name: "ResubscribeExample", dependencies: ["NovaSocket", "NovaEcho"],
            path: "Sources/Examples/ResubscribeExample", swiftSettings: strict),
        .executableTarget(
            name: "DevToolsExample", dependencies: ["NovaSocket"], path: "Sources/Examples/DevToolsExample",
            swiftSettings: strict),
        .executableTarget(
            name: "DeribitExample", dependencies: ["NovaDeribit", "NovaSocket", "NovaTestKit"],
            path: "Sources/Examples/DeribitExample", swiftSettings: strict),
        .executableTarget(
            name: "GraphQLExample", dependencies: ["NovaSocket"], path: "Sources/Examples/GraphQLExample",
            swiftSettings: strict),

        // Measurements. `nova-peer` does standard loads through the public API, `nova-bench` the pure parts alone.
        .executableTarget(
            name: "nova-peer", dependencies: ["NovaSocket"], path: "Benchmarks/NovaPeer", swiftSettings: strict),
        .executableTarget(
            name: "nova-bench",
            dependencies: ["NovaKernel", "NovaWire", "NovaTrace", "NovaSocket", "AllocationCounter"],
            path: "Benchmarks/NovaBench", swiftSettings: strict),
        .target(name: "AllocationCounter", path: "Benchmarks/AllocationCounter"),

        // What tests share: whose turn it is; certificates, processes.
        .target(name: "TestTurns", path: "Tests/Turns", swiftSettings: strict),
        .target(name: "TestSupport", dependencies: ["NovaTransport"], path: "Tests/Support", swiftSettings: strict),
        .testTarget(name: "NovaMachineTests", dependencies: ["NovaMachine"], swiftSettings: strict),
        .testTarget(name: "NovaWireTests", dependencies: ["NovaWire"], swiftSettings: strict),
        // Scenarios and walks: what judges the kernel in the tests, and its mutants.
        .target(
            name: "KernelSupport", dependencies: ["NovaKernel"], path: "Tests/KernelSupport", swiftSettings: strict),
        .testTarget(
            name: "NovaKernelTests", dependencies: ["NovaKernel", "KernelSupport", "TestTurns"], exclude: ["Scenarios"],
            swiftSettings: strict),
        // Seeded defects; see `Tests/Mutants/run`.
        .executableTarget(
            name: "nova-mutants", dependencies: ["NovaKernel", "KernelSupport", "NovaTestKit"], path: "Tests/Mutants",
            exclude: ["run", "equivalent.txt"], swiftSettings: strict),
        .testTarget(
            name: "NovaTransportTests", dependencies: ["NovaTransport", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "HouseTests", swiftSettings: strict),
        .testTarget(
            name: "NovaTraceTests", dependencies: ["NovaTrace"], exclude: ["Explanations"], swiftSettings: strict),
        // A service that sessions of the tests speak to, simulated or on loopback.
        .target(
            name: "SessionSupport", dependencies: ["NovaSocket"], path: "Tests/SessionSupport", swiftSettings: strict),
        .testTarget(
            name: "NovaSocketTests",
            dependencies: [
                "NovaSocket", "NovaEcho", "TestSupport", "TestTurns", "SessionSupport", "nova", "EchoExample",
                "ResubscribeExample",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "NovaTestKitTests", dependencies: ["NovaTestKit", "KernelSupport", "TestTurns", "SessionSupport"],
            exclude: ["Emitted/outage.trace"],
            swiftSettings: strict),
        .testTarget(
            name: "NovaDeribitTests", dependencies: ["NovaDeribit", "NovaTestKit", "NovaWire", "TestTurns"],
            swiftSettings: strict),
        .testTarget(
            name: "ExampleTests", dependencies: ["GraphQLExample", "DevToolsExample", "NovaTestKit"],
            swiftSettings: strict),
        // Runs only where `Tests/Interop/run` has prepared the servers.
        .testTarget(
            name: "NovaInteropTests", dependencies: ["NovaSocket", "TestSupport", "SessionSupport"],
            swiftSettings: strict),
    ]
)
