"""A collection of the format v3 that has changed is written back into its files."""
