"""The cookies of a run: the jar, and its file."""
