import FoundationEssentials

extension JSONRPC {
    /// Where in a message a string or an integer is that is wanted at once, before anything else of it is read: the
    /// names of the members on the way, `"params.channel"`, `"params.subscription"`, `"sessionId"`.
    ///
    /// With it a notification finds its subscriber without being read as any type. A path into arrays there is not.
    public struct Path: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
        /// The names of the members, from the outermost.
        public let names: [String]

        /// The members of these names, each in the one before. Without any, the path leads nowhere.
        public init(_ names: String...) { self.names = names }

        /// The names with dots between them. Names that have dots themselves need the other initialiser.
        public init(stringLiteral value: String) { names = value.split(separator: ".").map(String.init) }

        /// The names with dots between them.
        public var description: String { names.joined(separator: ".") }
    }
}

/// Paths as a tree, so that an object on the way of several is looked into once.
struct PeekPlan: Sendable {
    private struct Node: Sendable {
        let name: MemberName
        var index: Int?
        var children: [Node] = []
    }

    let paths: [JSONRPC.Path]
    private var roots: [Node] = []

    init(_ paths: [JSONRPC.Path]) {
        self.paths = paths
        for (index, path) in paths.enumerated() { Self.add(path.names[...], index, to: &roots) }
    }

    private static func add(_ names: ArraySlice<String>, _ index: Int, to nodes: inout [Node]) {
        guard let name = names.first.map(MemberName.init(_:)) else { return }
        let at = nodes.firstIndex { $0.name == name } ?? nodes.endIndex
        if at == nodes.endIndex { nodes.append(Node(name: name)) }
        if names.count == 1 {
            nodes[at].index = nodes[at].index ?? index
        } else {
            add(names.dropFirst(), index, to: &nodes[at].children)
        }
    }

    /// What is at the paths in a message, whose parameters are known already if they are an object.
    func look(
        into members: KeyedDecodingContainer<MemberName>, _ params: KeyedDecodingContainer<MemberName>?
    ) -> Peeked {
        guard !roots.isEmpty else { return Peeked() }
        var values = [JSONRPC.ID?](repeating: nil, count: paths.count)
        for root in roots {
            if root.name == .params, let params {
                Self.look(for: root.children, in: params, &values)
            } else {
                Self.look(for: [root], in: members, &values)
            }
        }
        return Peeked(paths: paths, values: values)
    }

    private static func look(
        for nodes: [Node], in members: KeyedDecodingContainer<MemberName>, _ values: inout [JSONRPC.ID?]
    ) {
        for node in nodes where members.contains(node.name) {
            if let index = node.index {
                // Nearly always it is a string.
                if let string = try? members.decode(String.self, forKey: node.name) {
                    values[index] = .string(string)
                } else {
                    values[index] = (try? members.decode(Int64.self, forKey: node.name)).map(JSONRPC.ID.number)
                }
            }
            guard !node.children.isEmpty,
                let inner = try? members.nestedContainer(keyedBy: MemberName.self, forKey: node.name)
            else { continue }
            look(for: node.children, in: inner, &values)
        }
    }
}

/// What was found at the paths.
struct Peeked: Sendable {
    var paths: [JSONRPC.Path] = []
    var values: [JSONRPC.ID?] = []

    subscript(path: JSONRPC.Path) -> JSONRPC.ID? {
        paths.firstIndex(of: path).flatMap { values[$0] }
    }
}
