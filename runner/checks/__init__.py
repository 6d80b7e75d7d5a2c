"""Finds mistakes in the files of collections and variables before any request is sent: one table of rules."""
