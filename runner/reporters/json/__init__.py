"""The `json` reporter, and the shapes that Newman gives to JSON."""
