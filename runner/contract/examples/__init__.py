"""Contracts that are inferred from the saved examples of a collection."""
