"""Masks single texts of a load test: names of tests and messages, of which few differ and many are told."""

from __future__ import annotations

from typing import TypeVar

from runner.secrets.mask import Secrets
from runner.secrets.outgoing.masked import Masker

T = TypeVar("T")

MOST_REMEMBERED = 2000


class Texts:
    """Shows texts without secrets. What was shown before is shown again as it was, without another look."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets
        self._tests: dict[str, str] = {}

    def test(self, name: str) -> str:
        """The name of a test."""
        shown = self._tests.get(name)
        if shown is None:
            shown = self._secrets.mask_test(name) if self._secrets.hides else name
            if len(self._tests) < MOST_REMEMBERED:
                self._tests[name] = shown
        return shown

    def event(self, event: T) -> T:
        """An event of the setup or the teardown."""
        return Masker(self._secrets).masked(event)

    def report(self, text: str) -> str:
        """A message."""
        return self._secrets.mask_report(text) if self._secrets.hides else text
