"""What a format is: it recognises a text, reads it into a model, and writes the model back."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cached_property
from typing import Generic, TypeVar

from runner.errors import InvalidDocument
from runner.formats.json_text import parse_json
from runner.model.json import Json
from runner.model.origin import Origin
from runner.model.quick_dataclass import dataclass

Model = TypeVar("Model")

CERTAIN, LIKELY, POSSIBLE, NO = 100, 60, 20, 0
"""Scores of `sniff`: nothing else has to be asked; it is that unless another is certain; it may be that; it is not."""


class Given:
    """A text that was given for something (`role`), and the name of its file; its JSON is read once, when somebody asks."""

    def __init__(self, text: str, path: str = "", role: str = "") -> None:
        self.text = text
        self.path = path
        self.role = role

    @classmethod
    def of(cls, document: Json, path: str = "", role: str = "") -> Given:
        """A JSON value that was read already."""
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

    @property
    def extension(self) -> str:
        """The end of the file's name in lower case, with its dot; `.env` is all of one."""
        return os.path.splitext(self.path)[1].lower() or os.path.basename(self.path).lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Format(Generic[Model]):
    """The functions of one format of files; `title` says with an article what it is, `list_title` what a bare list is.

    `sniff` gives a score and raises nothing; `load` raises `LoadError`; `dump` gives the text of a model, its origin being
    None if it has none. Formats that have a place for it take the time of an export, too (ISO, or empty).
    """

    title: str
    list_title: str = ""
    sniff: Callable[[Given], int]
    load: Callable[[Given], tuple[Model, Origin]]
    dump: Callable[[Model, Origin | None, str], str]
