"""The Truto stand-in."""
