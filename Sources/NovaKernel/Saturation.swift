extension Int {
    /// The sum, or the largest number if that is beyond it: sizes come from the wire and from files, and none of them
    /// may stop the machine.
    @inline(__always)
    package func saturatingPlus(_ other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
