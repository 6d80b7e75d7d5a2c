"""OpenCollection: Bruno's collections as YAML, in folders or in one file."""
