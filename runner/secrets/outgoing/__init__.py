"""Masks what leaves the engine: events and their content."""
