/// An outlet whose bytes and keys are written down.
final class RecordedOutlet: Outlet {
    private let base: any Outlet
    private let recorder: WholeRecorder

    init(_ base: any Outlet, _ recorder: WholeRecorder) { (self.base, self.recorder) = (base, recorder) }

    func write(_ bytes: UnsafeRawBufferPointer) -> Int {
        let taken = base.write(bytes)
        recorder.bytesWritten(bytes, taken: taken)
        return taken
    }

    func maskKey() -> UInt32 {
        let key = base.maskKey()
        recorder.maskKeyTaken(key)
        return key
    }

    func takeBuffer() -> OutgoingBuffer { base.takeBuffer() }
    func giveBack(_ buffer: consuming OutgoingBuffer) { base.giveBack(buffer) }
}
