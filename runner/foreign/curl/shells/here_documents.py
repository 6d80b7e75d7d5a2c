"""Here-documents: the lines behind a command that it gets on standard input."""

from __future__ import annotations

import re

HERE = re.compile(r"<<(-?)[ \t]*+(?!<)['\"\\]?(\w+)['\"]?")
"""Where a command asks for a here-document: whether tabs are taken away, and the mark."""


def here_document(script: str, at: int, mark: str, *, strips: bool) -> tuple[str, int]:
    """The text that begins at a place, up to a line that is the mark, and the place behind that line.

    `strips` takes away the tabs at the beginning of each line, as `<<-` does.
    """
    lines: list[str] = []
    while at < len(script):
        end = script.find("\n", at)
        end = len(script) if end < 0 else end
        line = script[at:end]
        at = min(end + 1, len(script))
        line = line.lstrip("\t") if strips else line
        if line == mark:
            break
        lines.append(line + "\n")
    return "".join(lines), at
