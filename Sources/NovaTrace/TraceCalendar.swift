import FoundationEssentials

/// Turns the times of a trace into those of the calendar.
package struct TraceCalendar {
    private let began: UInt64

    /// The calendar of a trace that began so many nanoseconds after 1970.
    package init(began: UInt64) { self.began = began }

    /// Seconds since 1970.
    func seconds(_ t: UInt64) -> Double { (Double(began) + Double(t)) / 1e9 }

    /// A date of ISO 8601 in milliseconds; the last one there can be if the time is beyond it.
    package func date(_ t: UInt64) -> String {
        let (sum, overflow) = began.addingReportingOverflow(t)
        let milliseconds = (overflow ? .max : sum) / 1_000_000
        var date = Date(timeIntervalSince1970: Double(milliseconds / 1000)).formatted(.iso8601)
        if date.hasSuffix("Z") { date.removeLast() }
        return date + "." + "\(1000 + milliseconds % 1000)".dropFirst() + "Z"
    }
}
