import NovaKernel

extension Session {
    /// Begins to connect if nobody has; nobody waits for it.
    func begin() {
        let core = core
        core.port.execute {
            guard let driver = core.driver else { return }
            _ = driver.begin(driver.nextOperation(), .connect, nil)
        }
    }

    /// Begins to end the session in order; nobody waits for it.
    func beginClosing() {
        let core = core
        core.port.execute {
            guard let driver = core.driver else { return }
            core.handle(.closing)
            _ = driver.begin(driver.nextOperation(), .close(.normalClosure, reasonCount: 0), nil)
        }
    }
}
