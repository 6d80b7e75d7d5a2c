"""Running collections from Python: what callers may give, and collections to change."""
