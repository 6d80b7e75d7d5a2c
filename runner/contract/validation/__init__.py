"""Validates values against the schemas of one document."""
