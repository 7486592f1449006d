import NovaTrace

/// Who sees what a connection does, for a recording: its steps, what comes in, and what goes out.
struct RecordingWatch {
    let steps: any StepWitness
    let inputs: (any InputWitness)?
    let outlet: any Outlet

    /// Opens the recording, and writes its first line.
    init(_ recording: Recording, _ header: TraceHeader, _ opening: Opening, _ port: any Port) throws(WebSocketError) {
        let write = try recording.open()
        let origin = port.refresh()
        var header = header
        header.began = port.calendarTime
        switch recording.contents {
        case .steps:
            steps = TraceWitness(TraceWriter(header: header, origin: origin, write: write))
            inputs = nil
            outlet = port
        case .whole(let redaction):
            let redactor = Redactor(redaction, opening)
            header.opening = redactor?.traced ?? opening.traced
            let recorder = WholeRecorder(TraceWriter(header: header, origin: origin, write: write), redactor)
            steps = recorder
            inputs = recorder
            outlet = RecordedOutlet(port, recorder)
        }
    }
}
