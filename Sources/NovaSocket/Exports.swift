// One import is enough for those who use the library: the values of the other rooms belong to its interface.
@_exported import NovaKernel
@_exported import NovaTrace
@_exported import NovaTransport
@_exported import NovaWire
