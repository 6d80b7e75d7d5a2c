"""What a format is: it recognises a text, reads it into a model, and writes the model back."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Generic, TypeVar

from runner.errors import InvalidDocument
from runner.formats.json_text import parse_json
from runner.model.json import Json
from runner.model.origin import Origin
from runner.model.quick_dataclass import dataclass

if TYPE_CHECKING:
    from runner.formats.yaml.nodes import Document

Model = TypeVar("Model")

YAML = (".yaml", ".yml")
"""The extensions of YAML files."""

CERTAIN, LIKELY, POSSIBLE, NO = 100, 60, 20, 0
"""Scores of `sniff`: no other format need be asked; it is this one unless another is certain; it may be; it is not."""


class Given:
    """A text with the role that it was given for and the name of its file; its JSON is read once, when it is needed."""

    def __init__(self, text: str, path: str = "", role: str = "") -> None:
        self.text = text
        self.path = path
        self.role = role

    @classmethod
    def of(cls, document: Json, path: str = "", role: str = "") -> Given:
        """The same for a JSON value that was read already."""
        given = cls("", path, role)
        given.__dict__["document"] = document
        return given

    @cached_property
    def document(self) -> Json:
        """The value of the text; raises `InvalidDocument` if it is not JSON."""
        return parse_json(self.text, self.path)

    @cached_property
    def json(self) -> Json:
        """The value of the text, None if it is not JSON."""
        try:
            return self.document
        except InvalidDocument:
            return None

    @cached_property
    def yaml(self) -> Document:
        """The document of the text, read once; raises `InvalidDocument` if it is not YAML."""
        from runner.formats.yaml.reader import read

        return read(self.text, self.path)

    @property
    def extension(self) -> str:
        """The extension of the file's name in lower case, with its dot; that of `.env` is the whole name."""
        return os.path.splitext(self.path)[1].lower() or os.path.basename(self.path).lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Format(Generic[Model]):
    """The functions of one file format; `title` names such a file, with an article, `list_title` one that is a bare list.

    `sniff` returns a score and never raises; `load` raises `LoadError`; `dump` takes a model, its origin (or None) and the
    time of the export (ISO, or empty), which some formats write, and returns the text.
    """

    title: str
    list_title: str = ""
    sniff: Callable[[Given], int]
    load: Callable[[Given], tuple[Model, Origin]]
    dump: Callable[[Model, Origin | None, str], str]
