"""Local, deterministic stand-ins for the Torii and Truto APIs; loopback only."""
