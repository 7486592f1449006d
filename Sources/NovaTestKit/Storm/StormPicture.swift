import NovaKernel

// A storm in the terminal: plain characters, no colour, bounded in width and height.

extension StormReport {
    /// So many rows of seconds are drawn of each half at most; where there are more, several seconds share a row.
    private static let mostRows = 30

    /// The histogram as bars, the outage first, then the time after it: the attempts in each second, or in the busiest one
    /// of the seconds that share a row. No line is longer than `columns`, which is at least 40.
    public func picture(columns: Int = 80) -> String {
        let most = max(peakDuring?.attempts ?? 0, peakAfter?.attempts ?? 0)
        let count = max(10, String(most).count)
        // The time takes 9 columns, the gaps 2 each.
        let width = max(columns, 40) - 9 - 2 - count - 2
        func rows(_ seconds: [Int]) -> [String] {
            let step = Self.step(seconds.count)
            return stride(from: 0, to: seconds.count, by: step).map { from in
                let busiest = seconds[from..<min(from + step, seconds.count)].max() ?? 0
                let bar = Self.bar(busiest, of: most, width)
                let line = "\(from) s".padded(9, .right) + "  " + String(busiest).padded(count, .right) + "  " + bar
                return line.trimmed
            }
        }
        let head = "second".padded(9, .right) + "  " + "attempts/s".padded(count, .right)
        return ([head, "the outage"] + rows(during) + ["after it"] + rows(after)).joined(separator: "\n")
    }

    /// How many seconds share a row: 1, 2, 5, 10, 20, 50, …
    private static func step(_ seconds: Int) -> Int {
        var step = 1
        while (seconds + step - 1) / step > mostRows {
            step = String(step).hasPrefix("2") ? step / 2 * 5 : step * 2
        }
        return step
    }

    /// A bar to the eighth of a column; whatever is more than nothing is seen.
    private static func bar(_ value: Int, of most: Int, _ width: Int) -> String {
        guard value > 0 else { return "" }
        let eighths = max(1, value * width * 8 / most)
        let rest = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
        return String(repeating: "█", count: eighths / 8) + rest
    }

    /// Storms side by side, a line each: the attempts in the busiest second during and after the outage, how long after it so
    /// many in a hundred clients were back, and the attempts of a client on the average. `–` stands for what never was.
    public static func table(_ reports: [StormReport]) -> String {
        let head = ["backoff", "during", "after", "50 %", "90 %", "99 %", "100 %", "each"]
        let rows = reports.map { report in
            [report.reconnection.backoff.text] + [report.peakDuring, report.peakAfter].map { "\($0?.attempts ?? 0)" }
                + [50, 90, 99, 100].map { report.timeUntilBack(percent: $0)?.tenths ?? "–" }
                + [report.attemptsPerClient.tenths]
        }
        // What stands above several columns needs its room.
        let least = [0, 6, 7, 4, 4, 4, 4, 5]
        let widths = head.indices.map { column in
            max(least[column], ([head] + rows).map { $0[column].count }.max() ?? 0)
        }
        let lines = ([head] + rows).map { row in
            row.indices.map { row[$0].padded(widths[$0], $0 == 0 ? .left : .right) }.joined(separator: "  ").trimmed
        }
        let spans: [(text: String, columns: ClosedRange<Int>)] = [
            ("", 0...0), ("most attempts/s", 1...2), ("seconds until back", 3...6), ("tries", 7...7),
        ]
        let above = spans.map { text, columns in
            text.padded(widths[columns].reduce(0, +) + 2 * (columns.count - 1), .right)
        }.joined(separator: "  ")
        return ([above] + lines).joined(separator: "\n")
    }
}

extension String {
    fileprivate enum Side { case left, right }

    /// Filled up with blanks, so that the text stands on that side.
    fileprivate func padded(_ width: Int, _ side: Side) -> String {
        let blanks = String(repeating: " ", count: max(0, width - count))
        return side == .left ? self + blanks : blanks + self
    }

    /// Without blanks at its end.
    fileprivate var trimmed: String {
        String(self[..<(lastIndex { $0 != " " }.map { index(after: $0) } ?? startIndex)])
    }
}

extension Duration {
    /// Seconds to the tenth, rounded up: by then they are back.
    fileprivate var tenths: String {
        let tenths = (wholeNanoseconds + 99_999_999) / 100_000_000
        return "\(tenths / 10).\(tenths % 10)"
    }
}

extension Double {
    /// To the tenth.
    fileprivate var tenths: String {
        let tenths = Int((self * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}
