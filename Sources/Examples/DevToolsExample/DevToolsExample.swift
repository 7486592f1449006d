import FoundationEssentials
import NovaSocket

/// Drives a browser over Chrome's DevTools Protocol: opens a page, loads it, asks a script, takes a picture.
///
///     chromium-headless-shell --remote-debugging-port=0
///     swift run DevToolsExample ws://127.0.0.1:PORT/devtools/browser/ID page.png
///
/// The browser says its URL on stderr, behind "DevTools listening on".
@main
enum DevToolsExample {
    /// Noise in every pixel: nothing makes its picture small.
    private static let page = """
        data:text/html,<title>A page</title><canvas id=c width=1200 height=900></canvas><script>\
        const g = c.getContext('2d'), i = g.createImageData(1200, 900);\
        for (let n = 0; n < i.data.length; n += 1) i.data[n] = n % 4 == 3 ? 255 : Math.random() * 256;\
        g.putImageData(i, 0, 0)</script>
        """

    static func main() async throws {
        let words = CommandLine.arguments.dropFirst()
        guard let url = words.first, let path = words.dropFirst().first else {
            return print("usage: DevToolsExample URL FILE.png")
        }
        let session = try Session(adapter: DevTools(url: url))
        try await session.connect()
        let page = try await Page(session)
        struct Size: Encodable, Sendable { var width = 1200, height = 900, deviceScaleFactor = 1, mobile = false }
        _ = try await page.request("Emulation.setDeviceMetricsOverride", Size(), as: JSONValue.self)

        try await page.load(Self.page)
        print("title:", try await page.evaluate("document.title", as: String.self))
        print("sum:", try await page.evaluate("Promise.resolve(6 * 7)", as: Int.self))
        let text = try await page.evaluate("'x'.repeat(3 << 20)", as: String.self)
        print("a string of \(text.utf8.count) bytes")

        let image = try await page.screenshot()
        try image.write(to: URL(fileURLWithPath: path))
        print("a picture of more than a megabyte:", image.count > 1 << 20)

        do {
            _ = try await page.request("Page.fly", as: JSONValue.self)
        } catch let failure as JSONRPC.Failure {
            print("refused: \(failure)")
        }
        do {
            _ = try await page.evaluate("nothing.at.all", as: Int.self)
        } catch let failure as Page.Failure {
            print(failure)
        }
        // The browser answers, and ends itself; the connection ends with it or by our close, whichever is first.
        _ = try await session.request("Browser.close", as: JSONValue.self)
        await session.close()
    }
}
