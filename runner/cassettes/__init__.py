"""Cassettes: exchanges recorded in a file and replayed from it."""
