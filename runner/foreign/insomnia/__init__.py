"""Exports of Insomnia, of its versions 4 and 5."""
