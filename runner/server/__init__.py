"""A small HTTP server on loopback: routes, a journal, faults, rate limits."""
