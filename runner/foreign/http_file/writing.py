"""A collection as an `.http` file that VS Code's REST Client and JetBrains' HTTP Client take."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runner.engine.plan import make_plan
from runner.foreign.http_file.handlers_out import translate_back
from runner.foreign.http_file.parsing import METHODS
from runner.foreign.imported import Note
from runner.foreign.outgoing.outgoing import Auth, Maker, Outgoing
from runner.foreign.outgoing.texts import ENCODERS, Base64, FileBytes, Hole, Text
from runner.foreign.written import ExportOptions, Written, file_name, in_one_line
from runner.model.collection import Collection
from runner.request.behavior import parse_behavior
from runner.rules.substitute import MISSING

MADE = frozenset({"$guid", "$timestamp", "$randomInt"})
"""Dynamic variables that both programs have, too."""

OF_BOTH = {"$randomUUID": "$guid", "$isoTimestamp": "$datetime iso8601"}

_OWN_LINE = re.compile(r"\s*(?:###|[<>]\s*\{%|<@?\S*\s+\S|<>|>>!?\s|>\s+\S+\.m?js\s*$)")
"""A line that is not a line of a body for these programs."""

_FILE_LINE = re.compile(r"\0[^\0]*\0|[^\0]*")
"""A line that is a file, which stands between two NULs, or has none in it."""


class _Unwritable(Exception):
    """A request cannot be written; the message says why."""


def write(collection: Collection, options: ExportOptions) -> Written:
    """One file; secrets are read from environment variables, what the programs cannot do is a marked gap."""
    return _Writing(collection, options).written()


class _Writing:
    """The file of one collection while it is made."""

    def __init__(self, collection: Collection, options: ExportOptions) -> None:
        self._collection, self._options = collection, options
        self._maker = Maker(collection, options)
        self._names: dict[str, str] = {}
        self._notes: list[Note] = []

    def written(self) -> Written:
        """The file with everything in it."""
        blocks = [self._block(self._maker.make(planned)) for planned in make_plan(self._collection).items]
        variables = [line for name, own in self._names.items() for line in self._declared(name, own)]
        text = "\n".join([f"# {in_one_line(self._collection.name)}", *variables, "", *blocks])
        return Written(files={file_name(self._collection.name, ".http"): text}, notes=self._notes)

    def _declared(self, name: str, own: str) -> Iterator[str]:
        """The line that gives a variable its value; none for one that only scripts set."""
        secret = self._options.secrets.get(name)
        if secret:
            yield f"@{own} = {{{{$processEnv {secret}}}}}"
        elif self._maker.scopes.get(name) is not MISSING:
            value = self._maker.value_of(name)
            if value != value.strip() or "\n" in value or "\r" in value:
                self._notes.append(Note(f"the value of {name} has blanks or line ends that a line cannot hold"))
                yield f"# GAP: the value of {own} is not quite this one"
            yield f"@{own} = {in_one_line(value)}"
        elif name.startswith("$"):
            self._notes.append(Note(f"{{{{{name}}}}} is not made by these programs: give it a value at the top"))
            yield f"# GAP: give it a value\n@{own} = "

    def _block(self, one: Outgoing) -> str:
        gaps = len(self._notes)
        try:
            lines = self._request(one)
        except _Unwritable as error:
            self._gap(one, f"is not written: {error}")
            lines = []
        before = [*self._scripts(one, "prerequest")] if lines else []
        after = [*self._scripts(one, "test")] if lines else []
        told = [f"# GAP: {in_one_line(note.message)}" for note in self._notes[gaps:]]
        kept = [line for line in (*before, *after) if line.startswith("#")]
        scripts = [[line for line in part if not line.startswith("#")] for part in (before, after)]
        behavior = parse_behavior(one.planned.behavior, self._options.run)
        marks = ["# @no-redirect"] * (behavior.follow_redirects is False) + ["# @no-cookie-jar"] * behavior.disable_cookies
        return "\n".join([f"### {in_one_line(one.path)}", *told, *kept, *marks, *scripts[0], *lines, *scripts[1], ""])

    # -- the request ------------------------------------------------------------------------------------------------

    def _request(self, one: Outgoing) -> list[str]:
        if one.error:
            raise _Unwritable(one.error)
        if one.method not in METHODS.split():
            raise _Unwritable(f"the method {one.method} is unknown to these programs")
        lines = [f"{one.method} {self._text(one.url)}"]
        for line in one.headers:
            if not line.added:
                lines.append(f"{line.name}: {self._header(line.value)}".rstrip())
        if one.auth is not None:
            lines.append(f"Authorization: {self._computed(one.auth)}")
        if one.body:
            lines += ["", *self._body(one)]
        return [*lines, ""]

    def _header(self, value: Text) -> str:
        """A header; Basic with variables is user and password, which these programs encode themselves."""
        if len(value) != 2 or not isinstance(value[1], Base64):
            return self._text(value)
        user, _, password = self._text(value[1].text).partition(":")
        if any(one.isspace() for one in user + password.replace("{{", "").replace("}}", "")):
            raise _Unwritable("a user name or password with blanks cannot be written with variables")
        return f"{self._text(value[:1])}{user} {password}"

    def _computed(self, auth: Auth) -> str:
        params = {name: self._text(value) for name, value in auth.params.items()}
        if auth.type == "digest" and params.get("username") and not {"realm", "nonce"} & params.keys():
            return f"Digest {params['username']} {params.get('password', '')}"
        if auth.type == "awsv4" and params.get("accessKey") and params.get("secretKey"):
            named = (("sessionToken", "token"), ("region", "region"), ("service", "service"))
            more = "".join(f" {word}:{params[name]}" for name, word in named if params.get(name))
            return f"AWS {params['accessKey']} {params['secretKey']}{more}"
        raise _Unwritable(f"the auth {auth.type} is computed when the request is sent, which these programs cannot do")

    def _body(self, one: Outgoing) -> list[str]:
        """The lines of the body, a file as a line of its own."""
        pieces = [
            f"\0{self._text(piece.path)}\0" if isinstance(piece, FileBytes) else self._text((piece,))
            for piece in one.body or ()
        ]
        text = "".join(pieces)
        type = next((self._text(line.value).lower() for line in one.headers if line.name.lower() == "content-type"), "")
        plain = text.replace("\r\n", "\n").strip("\n")
        if plain != text and not ("json" in type or "multipart/" in type):
            self._gap(one, "has a body whose line ends or empty lines at an end are not sent as they are")
        lines = plain.split("\n")
        for line in lines:
            if "\r" in line or _OWN_LINE.match(line) or not _FILE_LINE.fullmatch(line):
                raise _Unwritable("its body has lines that would be read as something else")
        return [f"< {line[1:-1]}" if line.startswith("\0") else line for line in lines]

    def _text(self, text: Text) -> str:
        parts = []
        for piece in text:
            if isinstance(piece, Hole):
                parts.append(self._hole(piece))
            elif isinstance(piece, str):
                parts.append(piece)
            else:
                raise _Unwritable("it has bytes that are not text")
        return "".join(parts)

    def _hole(self, hole: Hole) -> str:
        """The name of a variable; in JSON the value of one that cannot stand there as it is, since nothing escapes it."""
        value = self._maker.value_of(hole.name)
        if hole.encode != "json" or ENCODERS["json"](value) == value:
            return "{{" + self._name(hole.name) + "}}"
        if hole.name in self._options.secrets:
            raise _Unwritable("the value of a secret would have to be escaped in its JSON")
        return ENCODERS["json"](value)

    def _name(self, name: str) -> str:
        known = self._maker.scopes.get(name)
        if known is MISSING and (name in MADE or name in OF_BOTH):
            return OF_BOTH.get(name, name)
        if name not in self._names:
            own = re.sub(r"[^\w.-]", "_", name)
            while own in self._names.values():
                own += "_"
            self._names[name] = own
        return self._names[name]

    # -- scripts and gaps ---------------------------------------------------------------------------------------------

    def _scripts(self, one: Outgoing, listen: str) -> Iterator[str]:
        """Translated scripts, and those that cannot be as comments."""
        mark = "<" if listen == "prerequest" else ">"
        for what, text in one.scripts(listen):
            made = translate_back(text, before=listen == "prerequest")
            if made is not None:
                yield f"{mark} {{%\n{made.strip(chr(10))}\n%}}"
                continue
            self._gap(one, f"{what} is not translated")
            yield from (f"#   {in_one_line(line)}" for line in text.splitlines())

    def _gap(self, one: Outgoing, message: str) -> None:
        self._notes.append(one.gap(message))
