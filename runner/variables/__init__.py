"""Scopes, `{{substitution}}` and dynamic variables. Pure: no I/O; time and randomness are passed in."""
