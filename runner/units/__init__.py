"""Parallel runs: collections, iterations or folders, each with its own state."""
