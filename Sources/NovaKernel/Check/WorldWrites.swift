// What the system takes of what waits in the world.

extension World {
    /// How long the frame is that goes out next: one that has begun, then control frames, messages, the close frame.
    var head: Int? {
        if hasBegun { return Self.restOfFrame }
        if pings + pongs > 0 { return Self.control }
        if messages > 0 { return Self.frame }
        switch close {
        case .none, .written: return nil
        case .waiting: return Self.control
        case .begun: return Self.restOfClose
        }
    }

    /// How much of it goes out if it is only begun.
    var headPart: Int? {
        if hasBegun || pings + pongs > 0 { return nil }
        if messages > 0 { return Self.frame - Self.restOfFrame }
        return close == .waiting ? Self.control - Self.restOfClose : nil
    }

    /// The system has taken `count` bytes, in the order in which frames go out.
    mutating func write(_ count: Int) {
        var left = count
        while left > 0, let head {
            if left < head {
                if messages > 0 { hasBegun = true } else { close = .begun }
                return
            }
            left -= head
            if hasBegun {
                hasBegun = false
                messages -= 1
            } else if pings > 0 {
                pings -= 1
            } else if pongs > 0 {
                pongs -= 1
            } else if messages > 0 {
                messages -= 1
            } else {
                close = .written
            }
        }
    }
}
