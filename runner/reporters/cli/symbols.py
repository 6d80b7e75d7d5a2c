"""The symbols and colours of the terminal reporters."""

from __future__ import annotations

from runner.model.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbols:
    """Newman's symbols: a folder, a request at the root and in a folder, passed, and the lines of boxes."""

    folder: str = "❏"
    root: str = "→"
    sub: str = "↳"
    ok: str = "✓"
    script_error: str = "⠄"
    again: str = "↻"
    star: str = "★"
    up: str = "↑"
    down: str = "↓"
    box_top: str = "┌"
    box_side: str = "│"
    box_end: str = "└"
    rule: str = "─"
    table_top: str = "┌┬┐"
    table_middle: str = "├┼┤"
    table_join: str = "├┴┤"
    table_line: str = "├─┤"
    table_end: str = "└─┘"


UNICODE = Symbols()

ASCII = Symbols(
    folder="Folder",
    root="Root",
    sub="Sub-folder",
    ok="Pass",
    script_error=".",
    again="Again",
    star="*",
    up="^",
    down="v",
    box_top="-",
    box_side="|",
    box_end="-",
    rule="-",
    table_top="---",
    table_middle="|||",
    table_join="|||",
    table_line="|-|",
    table_end="---",
)

CODES = {"bold": "1", "red": "31", "green": "32", "yellow": "33", "gray": "90"}
"""The colours in use, as SGR codes."""

DIFF_COLORS = {"-": ("red",), "+": ("green",)}
"""The colours of lines that show a difference, by their first character."""


class Paint:
    """Colours text, or leaves it as it is if colours are off."""

    def __init__(self, on: bool) -> None:
        self._on = on

    def __call__(self, text: str, *names: str) -> str:
        """The text in these colours."""
        if not self._on or not text or not names:
            return text
        return f"\x1b[{';'.join(CODES[name] for name in names)}m{text}\x1b[0m"
