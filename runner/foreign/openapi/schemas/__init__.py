"""Schemas: one level at a time, and values and XML made of them."""
