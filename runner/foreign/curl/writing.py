"""A collection as a script of bash with one curl command a request, which sends the bytes that a run sends."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runner.engine.plan import make_plan
from runner.foreign.curl.quoting import printed, quoted, word
from runner.foreign.imported import Note
from runner.foreign.names import unused
from runner.foreign.outgoing.outgoing import HeaderLine, Maker, Outgoing
from runner.foreign.outgoing.texts import ENCODERS, FileBytes, Hole, Text, joined
from runner.foreign.scripts.writes import set_by
from runner.foreign.written import ExportOptions, Written, file_name, in_one_line
from runner.logs import visible
from runner.model.collection import Collection
from runner.request.behavior import parse_behavior
from runner.request.headers import SYSTEM_HEADERS
from runner.rules.substitute import MISSING
from runner.secrets.naming import shell_name

ADDED = tuple(HeaderLine(name=name, value=(value,), added=True) for name, value in SYSTEM_HEADERS if value)
"""What Postman adds to each request."""

OWN = {"user-agent": "User-Agent", "accept": "Accept", "content-type": "Content-Type"}
"""Headers that curl adds by itself."""

DYNAMIC = {
    "$guid": "$(uuid)",
    "$randomUUID": "$(uuid)",
    "$timestamp": "$(date +%s)",
    "$isoTimestamp": "$(date -u +%Y-%m-%dT%H:%M:%S.000Z)",
    "$randomInt": "$((RANDOM % 1001))",
}

LONGEST_WORD = 100_000
"""Characters of the longest argument that every system takes."""

UUID = """\
uuid() {
  od -An -N16 -tx1 /dev/urandom | tr -d ' \\n' | sed -E 's/(.{8})(.{4}).(.{3}).(.{3})(.{12})/\\1-\\2-4\\3-a\\4-\\5/'
}"""

ENCODED = """\
# Percent-encode the bytes of $2 that the pattern $1 does not allow.
encoded() {
  local LC_ALL=C at one
  for ((at = 0; at < ${#2}; at++)); do
    one=${2:at:1}
    # shellcheck disable=SC2053
    if [[ $one == $1 ]]; then printf %s "$one"; else printf '%%%02X' $(($(printf %d "'$one") & 255)); fi
  done
}"""

JSON = """\
# Escape $1 for a string of JSON.
json() {
  local text=$1 slash='\\' quote='"'
  text=${text//"$slash"/"$slash$slash"}
  text=${text//"$quote"/"$slash$quote"}
  text=${text//$'\\n'/"${slash}n"}
  text=${text//$'\\r'/"${slash}r"}
  text=${text//$'\\t'/"${slash}t"}
  printf %s "$text"
}"""

HEAD = """\
#!/usr/bin/env bash
# NAME
# Each request is one command, which sends what Postman sends. Values of secrets come from the environment.
set -uo pipefail
failed=0
cookies=$(mktemp)
trap 'rm -f "$cookies"' EXIT
always=(--silent --show-error --http1.1 --globoff --path-as-is --proto-default http --compressed --header Expect:
  --cookie "$cookies" --cookie-jar "$cookies")
postman=(POSTMAN)
not_sent() { printf 'not sent: %s: %s\\n' "$1" "$2" >&2; failed=1; }
readable() { [ -r "$2" ] || { not_sent "$1" "the file $2 cannot be read"; return 1; }; }
"""


def write(collection: Collection, options: ExportOptions) -> Written:
    """The script; what curl cannot send and the scripts of the collection are marked gaps."""
    return Writing(collection, options).written()


class Writing:
    """The script of one collection while it is made."""

    def __init__(self, collection: Collection, options: ExportOptions) -> None:
        self._collection, self._options = collection, options
        self._maker = Maker(collection, options)
        self._names: dict[str, str] = {}
        self._notes: list[Note] = []
        self._set_by: dict[str, set[str]] = {}

    def written(self) -> Written:
        """The file with everything in it."""
        requests = [self._maker.make(planned) for planned in make_plan(self._collection).items]
        self._set_by = set_by(
            text for one in requests for phase in ("prerequest", "test") for _, text in one.scripts(phase)
        )
        parts = [self._request(one) for one in requests]
        postman = "\n  ".join(f"--header {quoted(f'{line.name}: {line.value[0]!s}')}" for line in ADDED)
        head = HEAD.replace("NAME", in_one_line(self._collection.name), 1).replace("POSTMAN", f"\n  {postman}", 1)
        body = "\n".join(parts)
        used = [UUID] * ("$(uuid)" in body) + [JSON] * ("$(json " in body)
        ways = [way for way in ("path", "query", "param", "form") if f"$({way} " in body]
        used += [ENCODED, *(f'{way}() {{ encoded {_allowed(way)} "$1"; }}' for way in ways)] if ways else []
        variables = [self._assigned(name, own) for name, own in self._names.items()]
        text = "\n".join([head, *used, *variables, "", body, 'exit "$failed"', ""])
        for name in self._names:
            if name.startswith("$") and self._maker.scopes.get(name) is MISSING:
                self._notes.append(Note(f"{{{{{name}}}}} is not made by the script: give it a value at the top"))
        return Written(files={file_name(self._collection.name, ".sh"): text}, notes=self._notes)

    def _assigned(self, name: str, own: str) -> str:
        shell = self._options.secrets.get(name)
        if shell:
            needed = f': "${{{shell}:?is not set}}"'
            return needed if shell == own else f"{needed}\n{own}=${shell}"
        if any(name in names for names in self._set_by.values()) and self._maker.scopes.get(name) in (MISSING, None, ""):
            shell = unused(shell_name(name), set(self._options.secrets.values()), "{}_{}")
            return f"{own}=${{{shell}:?is set by a script that is not translated}}"
        gap = "  # GAP: give it a value" if name.startswith("$") and self._maker.scopes.get(name) is MISSING else ""
        return f"{own}={quoted(self._maker.value_of(name))}{gap}"

    # -- one request ----------------------------------------------------------------------------------------------

    def _request(self, one: Outgoing) -> str:
        lines = [f"# {in_one_line(one.path)}", *self._scripts(one, "prerequest")]
        problem = one.error or self._problem(one)
        if problem:
            self._gap(one, f"is not sent: {problem}")
            lines.append(f"not_sent {quoted(visible(one.path))} {quoted(visible(problem))}")
        else:
            lines += [f"printf '\\n# %s\\n' {quoted(visible(one.path))} >&2", self._command(one)]
        return "\n".join([*lines, *self._scripts(one, "test"), ""])

    def _problem(self, one: Outgoing) -> str:
        """Why curl cannot send a request; empty if it can."""
        if one.auth is not None and (one.auth.type != "digest" or {"realm", "nonce"} & one.auth.params.keys()):
            return f"the auth {one.auth.type} is computed when the request is sent, which this script cannot do"
        if one.method == "HEAD" and one.body:
            return "curl sends no body with HEAD"
        return ""

    def _command(self, one: Outgoing) -> str:
        behavior = parse_behavior(one.planned.behavior, self._options.run)
        words = ['curl "${always[@]}"', *self._method(one)]
        if behavior.follow_redirects and one.method in ("GET", "HEAD", "POST"):
            words.append("--location")
        if behavior.strict_ssl is False:
            words.append("--insecure")
        if one.auth is not None:
            words.append(f"--digest --user {self._word(self._login(one))}")
        words += self._headers(one)
        before = ""
        if one.body is not None:
            data = self._word(one.body) if not any(isinstance(piece, FileBytes) for piece in one.body) else ""
            if not data or len(data) > LONGEST_WORD or "\\000" in data or _starts_like_a_file(one.body):
                files = [self._word(piece.path) for piece in one.body if isinstance(piece, FileBytes)]
                before = "".join(f"readable {quoted(visible(one.path))} {path} && " for path in files)
                before += "{ " + "; ".join(printed(one.body, self._value)) + "; } | "
                data = "@-"
            words.append(f"--data-binary {data}")
        return before + " \\\n  ".join([*words, f"{self._word(one.url)} || failed=1"])

    def _method(self, one: Outgoing) -> list[str]:
        if one.method == "HEAD":
            return ["--head"]
        usual = "GET" if one.body is None else "POST"
        return [] if one.method == usual else [f"--request {quoted(one.method)}"]

    def _login(self, one: Outgoing) -> Text:
        params = one.auth.params if one.auth else {}
        return (*params.get("username", ()), ":", *params.get("password", ()))

    def _headers(self, one: Outgoing) -> Iterator[str]:
        lines, at = list(one.headers), 0
        names = {line.name.lower() for line in lines}
        for lower, name in OWN.items():
            if lower not in names and (lower != "content-type" or one.body is not None):
                yield f"--header {name}:"
        while at < len(lines):
            if tuple(lines[at : at + len(ADDED)]) == ADDED:
                yield '"${postman[@]}"'
                at += len(ADDED)
                continue
            line, at = lines[at], at + 1
            if line.name.lower() == "cookie" and any(isinstance(piece, str) and "=" in piece for piece in line.value):
                yield f"--cookie {self._word(line.value)}"  # with those of earlier answers in one header
                continue
            empty = not any(isinstance(piece, str | bytes) or self._needs(piece) for piece in line.value)
            yield f"--header {quoted(f'{line.name};') if empty else self._word((f'{line.name}: ', *line.value))}"

    def _needs(self, piece: object) -> bool:
        return not isinstance(piece, Hole) or bool(self._maker.value_of(piece.name))

    # -- variables and gaps ---------------------------------------------------------------------------------------

    def _word(self, text: Text) -> str:
        return word(joined(text), self._value)

    def _value(self, hole: Hole) -> str:
        known = self._maker.scopes.get(hole.name)
        if known is MISSING and hole.name in DYNAMIC:
            return DYNAMIC[hole.name]
        own = self._names.get(hole.name)
        if own is None:
            own = self._names[hole.name] = self._free(hole.name)
        plain = hole.name not in self._options.secrets and known is not MISSING
        now = self._maker.value_of(hole.name)
        if not hole.encode or (plain and ENCODERS[hole.encode](now) == now):
            return f"${{{own}}}"
        return f'$({hole.encode} "${{{own}}}")'

    def _free(self, name: str) -> str:
        shell = self._options.secrets.get(name)
        own = re.sub(r"\W", "_", name, flags=re.ASCII)
        if own.upper() == own or own in ("failed", "cookies", "always", "postman"):
            own = shell if shell == own else f"v_{own}"
        while own in self._names.values():
            own += "_"
        return own

    def _scripts(self, one: Outgoing, listen: str) -> Iterator[str]:
        for what, script in one.scripts(listen):
            names = ", ".join(sorted(self._set_by.get(script, ())))
            self._gap(one, f"{what} is not translated" + (f": it sets {names}" if names else ""))
            yield f"# GAP: {in_one_line(what)} is not translated:"
            yield from (f"#   {in_one_line(text)}" for text in script.splitlines())

    def _gap(self, one: Outgoing, message: str) -> None:
        self._notes.append(one.gap(message))


def _starts_like_a_file(text: Text) -> bool:
    first = text[0] if text else ""
    return not isinstance(first, bytes | str) or first[:1] in ("@", b"@")


def _allowed(way: str) -> str:
    """A pattern of bash for one of the characters that stay as they are in a part of a URL or in a form."""
    same = [chr(code) for code in range(33, 127) if ENCODERS[way](chr(code)) == chr(code)]
    return quoted("[" + "".join(f"\\{one}" for one in same if not one.isalnum()) + "A-Za-z0-9]")
