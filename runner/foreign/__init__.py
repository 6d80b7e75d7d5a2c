"""Formats next door: what other programs write, read into collections and written from them. A format is one drawer."""
