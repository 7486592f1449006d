// One import is enough: who uses the client uses sessions, messages and options too.
@_exported import NovaSocket
