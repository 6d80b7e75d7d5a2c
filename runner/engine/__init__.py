"""Which items run, in which order, and the one driver that performs effects."""
