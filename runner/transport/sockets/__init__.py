"""Connections: name lookup, proxies, TLS."""
