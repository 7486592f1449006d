/// The picture in the README: the first block of Mermaid in it.
struct READMEPicture {
    /// There is no such block.
    struct Missing: Error, CustomStringConvertible {
        var description: String { "\(READMEPicture.path) has no block of Mermaid." }
    }

    static let path = "README.md"
    private let before: String
    private let after: String
    /// What the block says now.
    let picture: String

    init() throws {
        let text = String(decoding: try Files.read(Self.path), as: UTF8.self)
        guard let start = text.firstRange(of: "```mermaid\n"), let end = text[start.upperBound...].firstRange(of: "```")
        else {
            throw Missing()
        }
        before = String(text[..<start.upperBound])
        picture = String(text[start.upperBound..<end.lowerBound])
        after = String(text[end.lowerBound...])
    }

    /// Puts another picture there.
    func write(_ picture: String) throws {
        try Files.write(Array((before + picture + after).utf8), to: Self.path)
    }
}
