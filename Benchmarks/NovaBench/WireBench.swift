import NovaWire

/// The wire code: what a byte costs.
enum WireBench {
    static var all: [KernelBench.Case] {
        var cases: [KernelBench.Case] = []
        for size in [64, 1024, 65_536] { cases.append(("wire: mask \(size) B", { mask($0, size) })) }
        for size in [64, 65_536] {
            cases.append(("wire: decode binary \(size) B", { decode($0, size, .binary) }))
            cases.append(("wire: decode text \(size) B", { decode($0, size, .text) }))
        }
        cases.append(("wire: decode Cyrillic 65536 B", { decode($0, 65_536, .text, filling: Array("ж".utf8)) }))
        for size in [64, 65_536] { cases.append(("wire: encode \(size) B", { encode($0, size) })) }
        return cases
    }

    /// Enough operations for a few milliseconds.
    private static func operations(_ size: Int) -> Int { max(500, 20_000_000 / (size + 40)) }

    private static func mask(_ name: String, _ size: Int) -> Measurement {
        let source = [UInt8](repeating: 0x61, count: size)
        var target = [UInt8](repeating: 0, count: size)
        return Measurement.of(name, operations: operations(size), bytes: size) { count in
            source.withUnsafeBytes { source in
                target.withUnsafeMutableBytes { target in
                    guard let from = source.baseAddress, let to = target.baseAddress else { return }
                    for round in 0..<count {
                        Masking.copy(from: from, to: to, count: size, key: UInt32(truncatingIfNeeded: round), phase: 0)
                    }
                }
            }
        }
    }

    /// A slab of frames, read again and again.
    private static func decode(
        _ name: String, _ size: Int, _ opcode: Opcode, filling: [UInt8] = [0x61]
    ) -> Measurement {
        let frames = max(1, 65_536 / (size + 4))
        let header = FrameHeader(opcode: opcode, isFinal: true, payloadCount: size, isMasked: false)
        let payload = Array(repeatElement(filling, count: size / filling.count).joined())
        let bytes = Array(repeatElement(header.bytes + payload, count: frames).joined())
        let slab = DecoderInput(copying: bytes).slab
        var decoder = MessageDecoder(role: .client, limits: WireLimits())
        return Measurement.of(name, operations: operations(size) / frames * frames, bytes: size) { count in
            var messages = 0
            for _ in 0..<count / frames {
                var input = DecoderInput(slab, count: bytes.count)
                while case .message = decoder.next(&input) {
                    messages += 1
                    _ = decoder.takePayload()
                }
            }
            if messages != count { print("\(name): \(messages) of \(count) messages were read.") }
        }
    }

    private static func encode(_ name: String, _ size: Int) -> Measurement {
        let payload = [UInt8](repeating: 0x61, count: size)
        var target = [UInt8](repeating: 0, count: size + FrameHeader.maximumEncodedCount)
        let header = FrameHeader(opcode: .binary, isFinal: true, payloadCount: size, isMasked: true)
        return Measurement.of(name, operations: operations(size), bytes: size) { count in
            payload.withUnsafeBytes { source in
                target.withUnsafeMutableBytes { target in
                    guard let from = source.baseAddress, let to = target.baseAddress else { return }
                    for round in 0..<count {
                        let key = UInt32(truncatingIfNeeded: round)
                        let at = header.encode(into: to, maskKey: key)
                        Masking.copy(from: from, to: to + at, count: size, key: key, phase: 0)
                    }
                }
            }
        }
    }
}

extension FrameHeader {
    /// The header as bytes, without a mask.
    fileprivate var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Self.maximumEncodedCount) { buffer, count in
            count = buffer.baseAddress.map { encode(into: UnsafeMutableRawPointer($0), maskKey: 0) } ?? 0
        }
    }
}
