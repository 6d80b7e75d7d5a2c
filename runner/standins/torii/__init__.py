"""The Torii stand-in."""
