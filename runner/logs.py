"""Makes text harmless for terminals and for the logs of CI servers.

Text of a server, a collection or a script is shown with escaped control characters, and if a CI server reads the log, its
commands and section markers are broken by a blank: `: :error`, `## [group]`, `section_start :1`, `-- - title`.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TextIO

COLOR = r"\x1b\[[0-9;]{0,16}m"

SERVERS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "GitHub Actions": (("GITHUB_ACTIONS", "GITEA_ACTIONS", "FORGEJO_ACTIONS", "ACT"), ("^::", "##[")),
    "Azure Pipelines": (("TF_BUILD", "AZURE_HTTP_USER_AGENT"), ("##[", "##vso[")),
    "TeamCity": (("TEAMCITY_VERSION",), ("##teamcity[",)),
    "GitLab CI": (("GITLAB_CI",), ("section_start:", "section_end:")),
    "Buildkite": (("BUILDKITE",), ("^---", "^+++", "^~~~", "^^^^ +++")),
    "Travis CI": (("TRAVIS",), ("travis_fold:", "travis_time:")),
}
"""CI servers with commands in their logs: the environment variables that identify each, and its commands. Others use ESC.

`^` is the start of a line, also behind blanks for `::`; what ends in a sign of `-+~` is one only as a word.
"""

OTHERS = (
    *("CI", "JENKINS_URL", "CIRCLECI", "DRONE", "WOODPECKER", "CI_PIPELINE_ID", "APPVEYOR", "BITBUCKET_BUILD_NUMBER"),
    *("CODEBUILD_BUILD_ID", "BUILD_ID", "SEMAPHORE", "CIRRUS_CI", "BAMBOO_BUILDKEY", "GO_PIPELINE_NAME"),
)
"""Environment variables of servers without commands, or of any server: they may pass the log on to one with commands."""

_OFF = ("", "0", "false", "no", "off")

_UNSAFE = "\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f"
_LONGEST = 2000
"""Characters of an unfinished line that are searched again: enough for every marker at its start or end."""


@cache
def _pattern(text: str) -> re.Pattern[str]:
    """A pattern, compiled when needed: most texts need none, and every start imports this module."""
    return re.compile(text)


def _is_plain(text: str) -> bool:
    return text.isprintable() or text.replace("\n", "").isprintable()


def visible(text: str) -> str:
    r"""Text with escaped control characters, bidi controls and line separators: ESC becomes `\x1b`."""
    return text if _is_plain(text) else _pattern(f"[{_UNSAFE}]").sub(_written_out, text.replace("\r\n", "\n"))


def _written_out(found: re.Match[str]) -> str:
    if len(found[0]) > 1:  # a colour
        return found[0]
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"


def json_visible(text: str) -> str:
    """JSON text with the same characters in JSON's own escapes, so that its values stay the same."""
    if (text.isascii() and "\x7f" not in text) or _is_plain(text):
        return text
    return _pattern(f"[{_UNSAFE}\ud800-\udfff]").sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def harmless_bytes(data: bytes, markers: Markers, *, terminal: bool) -> bytes:
    """Bytes of any origin that steer neither a CI server nor, with `terminal`, a terminal; JSON keeps its values."""
    if not (markers or terminal):
        return data
    text = data.decode("utf-8", "surrogateescape")
    is_json = text.lstrip()[:1] in ("{", "[")
    if terminal:
        text = json_visible(text) if is_json else visible(text)
    return (markers.in_json(text) if is_json else markers.broken(text)).encode("utf-8", "surrogateescape")


def _form(command: str, color: str) -> str:
    """The pattern of a command; with `color` also with colours between its letters, which some servers remove first."""
    start, text = ("^" + color, command[1:]) if command.startswith("^") else ("", command)
    spelled = color.join(rf"[^\S\n]+{color}" if letter == " " else re.escape(letter) for letter in text)
    if text == "::":
        start = r"^(?:[^\S\n]|[\ufeff\u200b]" + (f"|{COLOR})*" if color else ")*")
    return start + spelled + (rf"(?!{color}[^\s\x1b])" if text[-1] in "-+~" else "")


def server_of(environ: Mapping[str, str]) -> str | None:
    """The name of the CI server that set these variables, `CI` for one without commands; None without a server."""
    named = (server for server, (names, _) in SERVERS.items() if _is_set(environ, names))
    return next(named, "CI" if _is_set(environ, OTHERS) else None)


class Markers:
    """The commands and section markers of the CI servers that may read the log; `always` includes every server."""

    def __init__(self, environ: Mapping[str, str], *, always: bool = False) -> None:
        told = [commands for names, commands in SERVERS.values() if always or _is_set(environ, names)]
        if not told and _is_set(environ, OTHERS):
            told = [commands for _, commands in SERVERS.values()]
        self._forms: dict[str, re.Pattern[str]] = {}
        self._commands = tuple(dict.fromkeys(command for commands in told for command in commands))

    def __bool__(self) -> bool:
        return bool(self._commands)

    def broken(self, text: str) -> str:
        """Text for people without any of them."""
        return self._replaced(text, lambda last: f" {last}")

    def in_json(self, text: str) -> str:
        """JSON text of the same value without any of them."""
        return self._replaced(text, lambda last: f"\\u{ord(last):04x}")

    def in_xml(self, text: str) -> str:
        """Escaped XML or HTML text of the same value without any of them."""
        return self._replaced(text, lambda last: f"&#{ord(last)};")

    def _replaced(self, text: str, last: Callable[[str], str]) -> str:
        """The text with the last character of each marker replaced; so a marker that comes in pieces is caught, too."""
        if not self._commands:
            return text
        color = f"(?:{COLOR})*" if "\x1b" in text else ""
        if color not in self._forms:
            self._forms[color] = re.compile("|".join(_form(command, color) for command in self._commands), re.M | re.I)
        return self._forms[color].sub(lambda found: found[0][:-1] + last(found[0][-1]), text)


def _is_set(environ: Mapping[str, str], names: tuple[str, ...]) -> bool:
    return any(environ.get(name, "").lower() not in _OFF for name in names)


class Log:
    """A stream on which text of any origin is safe: the only way to standard output and standard error.

    Colours pass if `color` allows them. `draw` is for text that rewrites a line of our own.
    """

    def __init__(self, stream: TextIO, markers: Markers, *, color: bool = False) -> None:
        self.stream = stream
        self.markers = markers
        self._color = color
        self._line = ""
        self._at_start = True

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)

    def write(self, text: str) -> int:
        """Write text of any origin."""
        shown = self._visible(text)
        self._give(self._broken(shown) if self.markers else shown)
        self._at_start = shown.endswith("\n") if shown else self._at_start
        return len(text)

    def _visible(self, text: str) -> str:
        plain = _pattern(COLOR).sub("", text) if self._color and "\x1b" in text else text
        if _is_plain(plain):
            return text
        pattern = f"[{_UNSAFE}\ud800-\udfff]"
        return _pattern(f"{COLOR}|{pattern}" if self._color else pattern).sub(_written_out, text.replace("\r\n", "\n"))

    def writelines(self, lines: Any) -> None:
        """Write several texts."""
        for line in lines:
            self.write(line)

    def draw(self, text: str) -> None:
        """Write a text of our own that may move to the start of the line."""
        self._line, self._at_start = "", text.endswith(("\n", "\r"))
        self._give(text)

    def command(self, text: str) -> None:
        """Write a command for the CI server, in which outside texts are escaped by its rules."""
        self._give(text.replace("\n", " ") + "\n" if self._at_start else "\n" + text.replace("\n", " ") + "\n")
        self._line, self._at_start = "", True

    def _broken(self, text: str) -> str:
        """The text with markers broken, as a continuation of the current line."""
        whole = self.markers.broken(self._line + text)
        written = whole[len(self._line) :]
        line = whole[whole.rfind("\n") + 1 :]
        self._line = line if len(line) <= _LONGEST else "." + line[-_LONGEST // 2 :]
        return written

    def _give(self, text: str) -> None:
        try:
            self.stream.write(text)
        except UnicodeEncodeError:  # a character that the terminal's encoding lacks
            encoding = getattr(self.stream, "encoding", None) or "ascii"
            self.stream.write(text.encode(encoding, "backslashreplace").decode(encoding))


def markers_of_output() -> Markers:
    """The markers of the servers that read what this process prints."""
    return sys.stdout.markers if isinstance(sys.stdout, Log) else Markers(os.environ)


class Rewritten:
    """A file whose texts are rewritten by a function."""

    def __init__(self, file: TextIO, change: Callable[[str], str]) -> None:
        self._file = file
        self._change = change

    def write(self, text: str) -> int:
        """Write the rewritten text."""
        return self._file.write(self._change(text))
