"""What was pasted, as a shell would have got it: without prompts, and of Markdown only what is in its code blocks."""

from __future__ import annotations

import re

_PROMPT = re.compile(
    r"(?:\([\w.-]+\) )?(?:[\w.-]+@[\w.-]+:\S*|[\w.-]*[~/]\S* ?)?[$%❯] |PS [A-Z]:\\[^>\n]*> ?|[A-Z]:\\[^>\n]*>"
)
_ANSWER = re.compile(r"[{\[<]|HTTP/\d")
_FENCE = re.compile(r"[ \t]*(?:```|~~~)")


def as_pasted(text: str) -> str:
    """The text with as many lines as before; those that are not commands are empty."""
    lines = _only_code(text.replace("\r\n", "\n").removeprefix("\ufeff").split("\n"))
    if not any(_PROMPT.match(line) for line in lines):
        return "\n".join(lines)
    made: list[str] = []
    answers = False
    for line in lines:
        prompt = _PROMPT.match(line)
        is_command = prompt or line.startswith("curl ") or _goes_on(made)
        answers = not is_command and (answers or _ANSWER.match(line) is not None)
        if prompt:
            line = line[prompt.end() :]
        elif line.startswith("> "):
            line = line[2:]
        made.append("" if answers else line)
    return "\n".join(made)


def _goes_on(lines: list[str]) -> bool:
    """Whether a command goes on behind these lines: a line end is escaped, or a quote is open."""
    before = "\n".join(lines)
    command = before[before.rfind("curl") :] if "curl" in before else ""
    return before.endswith("\\") or command.count("'") % 2 == 1 or command.count('"') % 2 == 1


def _only_code(lines: list[str]) -> list[str]:
    if not any(_FENCE.match(line) for line in lines):
        return lines
    made, inside = [], False
    for line in lines:
        fence = _FENCE.match(line)
        made.append(line if inside and not fence else "")
        inside ^= fence is not None
    return made
