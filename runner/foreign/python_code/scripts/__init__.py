"""Postman's scripts as Python, by their syntax trees: what has exactly the same meaning there, and nothing else."""
