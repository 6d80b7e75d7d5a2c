"""Scopes, `{{substitution}}` and dynamic variables. Pure: no I/O; time and randomness come from `Chance`."""
