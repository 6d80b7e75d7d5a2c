"""Brings a collection up to date with one that was newly imported, without taking from it what its owner made."""
