"""What a document is written as: one module for each, with `write`."""

from __future__ import annotations

import os
from importlib import import_module

from runner.manual_steps.document import Document

FORMATS = {"markdown": "markdown", "html": "page", "text": "text"}
"""Name → module of this package, imported when it is asked for."""

SUFFIXES = {".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html", ".txt": "text"}


def write(document: Document, format: str) -> str:
    """The text of a document."""
    text: str = import_module(f"runner.manual_steps.writing.{FORMATS[format]}").write(document)
    return text


def format_of(path: str | None) -> str:
    """The format that the name of a file asks for; text for any other name, and for a terminal."""
    return SUFFIXES.get(os.path.splitext(path or "")[1].lower(), "text")
