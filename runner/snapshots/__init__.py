"""Snapshots: responses that are kept in files beside the collection, and what later runs answer otherwise."""
