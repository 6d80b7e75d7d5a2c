"""Requests as the engine would send them, with the names of variables in the places of their values."""
