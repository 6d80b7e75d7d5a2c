"""The rules: one function each, in files by subject."""
