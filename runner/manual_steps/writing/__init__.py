"""The formats of documents: one module for each, with a function `write`."""

from __future__ import annotations

import os
from importlib import import_module

from runner.manual_steps.document import Document

FORMATS = {"markdown": "markdown", "html": "page", "text": "text"}
"""Format → module of this package, imported when it is needed."""

SUFFIXES = {".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html", ".txt": "text"}


def write(document: Document, format: str) -> str:
    """A document in this format."""
    text: str = import_module(f"runner.manual_steps.writing.{FORMATS[format]}").write(document)
    return text


def format_of(path: str | None) -> str:
    """The format for a file of this name; text for any other ending, and for a terminal."""
    return SUFFIXES.get(os.path.splitext(path or "")[1].lower(), "text")
