"""The cookies of a run: the jar, its file, and the `Set-Cookie` header."""
