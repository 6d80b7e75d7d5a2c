"""A resolved request → what goes on the wire. Pure: no I/O but the `ReadFile` effect."""
