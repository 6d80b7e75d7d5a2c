"""Iteration data: rows in CSV and JSON."""
