extension String {
    /// How many scalars of a text are shown at most.
    private static let mostShown = 1000

    /// The text as it may go to a terminal: what a file says there can hold what moves the cursor, or a megabyte of anything.
    package var printable: String {
        var text = ""
        for scalar in unicodeScalars.prefix(Self.mostShown) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned:
                text += scalar.escaped(asASCII: true)
            default: text.unicodeScalars.append(scalar)
            }
        }
        return unicodeScalars.dropFirst(Self.mostShown).isEmpty ? text : text + "…"
    }
}
