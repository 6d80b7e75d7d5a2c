"""Sends prepared requests: cookies, redirects, client certificates and cassettes around each exchange on the wire."""
