"""The auth types that answer what a server asks for in `WWW-Authenticate`."""
