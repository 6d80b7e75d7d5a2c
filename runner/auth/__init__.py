"""One generator per auth type, in one table. No network, no clock of its own: it yields effects."""
