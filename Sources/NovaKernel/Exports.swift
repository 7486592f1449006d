// The kernel's events, effects and rules are made of these rooms' words: who imports the kernel needs them too.
@_exported import NovaMachine
@_exported import NovaWire
