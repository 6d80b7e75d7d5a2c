"""Translates the texts of one export, and gathers what has to be in scripts for it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import field

from runner.foreign.insomnia.templates.arguments import tag_of
from runner.foreign.insomnia.templates.expressions import evaluated, path_of
from runner.foreign.insomnia.templates.pieces import COMMENT, TAG, TEXT, Piece, pieces
from runner.foreign.insomnia.templates.tags import tag_value
from runner.foreign.insomnia.templates.values import Untranslatable, Value, quoted, reference, slug
from runner.foreign.names import unused
from runner.foreign.test_scripts import setting_lines
from runner.model.quick_dataclass import dataclass

AS_TEXT = 'typeof value === "string" ? value : JSON.stringify(value)'


@dataclass(slots=True)
class Place:
    """Where texts stand: the item's path and names around it, its position, and what its scripts have to compute.

    `before` computes variables before the request is sent, `after` sets those that other requests need.
    """

    path: str = ""
    name: str = ""
    folders: tuple[str, ...] = ()
    position: int = -1
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    computed: dict[str, str] = field(default_factory=dict)


class Templates:
    """The translation of one export: `tell` takes what cannot be carried over, with its line and its place."""

    def __init__(
        self,
        requests: dict[str, Place],
        taken: set[str],
        tell: Callable[[str, int, str], None],
        jsons: Collection[str] = (),
        wholes: Collection[str] = (),
    ) -> None:
        self._jsons = jsons
        self._wholes = wholes
        self._requests = requests
        self._taken = taken
        self._of_requests: set[str] = set()
        self._tell = tell
        self._captured: dict[tuple[str, str], str] = {}
        self._asked: dict[str, str] = {}
        self.asked: dict[str, str] = {}
        """Variables that Insomnia asks for, with what it proposes."""
        self.giving: dict[str, int] = {}
        """Variables that tests of a request set, with its position."""
        self.resent: set[int] = set()
        """The positions of requests that Insomnia sends by itself when a value of theirs is needed."""

    def text(self, text: str, place: Place, line: int = 0, *, in_lines: bool = False) -> str:
        """A text in Postman's words; what has none stays as it is, and is told. `in_lines`: its lines are the file's."""
        if "{{" not in text and "{%" not in text and "{#" not in text:
            return text
        return "".join(
            self._written(piece, place, line + (text.count("\n", 0, piece.at) if in_lines else 0)) for piece in pieces(text)
        )

    @staticmethod
    def without_itself(text: str, name: str, replaced: str) -> str:
        """A template in which the variable `name` is replaced by a template: what it was before it was overwritten."""
        return "".join(
            replaced if piece.kind == "variable" and path_of(piece.inner) == name else piece.source
            for piece in pieces(text)
        )

    def _written(self, piece: Piece, place: Place, line: int) -> str:
        if piece.kind == TEXT:
            if piece.source != piece.inner and "{{" in piece.inner:
                self._tell("Postman fills in variables between {% raw %} and its end, too", line, place.path)
            return piece.inner
        if piece.kind == COMMENT:
            return ""
        try:
            value = self._value(piece, place, line)
        except Untranslatable as error:
            self._tell(str(error), line, place.path)
            return piece.source
        if value.variable in self._wholes and "|" not in piece.inner:
            self._tell(f"{value.variable} is an object or a list: Postman sends its JSON", line, place.path)
        if value.text is not None:
            return value.text
        return f"{{{{{self._computed(value, piece, place)}}}}}"

    def _value(self, piece: Piece, place: Place, line: int) -> Value:
        if piece.kind != TAG:
            return evaluated(piece.inner, self._jsons)
        name, arguments = tag_of(piece.inner, self._jsons)
        return tag_value(name, arguments, _Around(self, place, line))

    def _computed(self, value: Value, piece: Piece, place: Place) -> str:
        """The variable that a script sets to a value; the same template has one in each place."""
        if value.code not in place.computed:
            name = slug(piece.inner.split(" ")[0] if piece.kind == TAG else piece.inner)
            place.computed[value.code] = name = self._unused(name, place)
            place.before.append(f"pm.variables.set({quoted(name)}, {value.code});")
        return place.computed[value.code]

    def _unused(self, name: str, place: Place) -> str:
        """A name for what a script computes: requests may have the same, as each computes its own; nothing else may."""
        if place.position < 0:
            return unused(f"computed_{name}", self._taken, "{}_{}")
        own = set(place.computed.values())
        found, number = name, 1
        while found in own or (found in self._taken and found not in self._of_requests):
            number += 1
            found = f"{name}_{number}"
        self._taken.add(found)
        self._of_requests.add(found)
        return found

    def captured(self, request: str, code: str, name: str, *, resends: bool) -> Value:
        """The variable that the tests of a request set for others."""
        source = self._requests.get(request)
        if source is None:
            raise Untranslatable("the request that the value is taken from is not in the file")
        key = (request, code)
        if key not in self._captured:
            last = name.rstrip("]'\"").rpartition(".")[2].rpartition("[")[2].strip("'\"")
            self._captured[key] = variable = unused(slug(f"{source.name} {last}"), self._taken, "{}_{}")
            source.after += setting_lines(variable, code, AS_TEXT)
            self.giving[variable] = source.position
        if resends:
            self.resent.add(source.position)
        return reference(self._captured[key])

    def prompted(self, title: str, default: str, user: Place, line: int) -> Value:
        """The variable in place of what Insomnia asks for."""
        if title not in self._asked:
            self._asked[title] = unused(slug(title), self._taken, "{}_{}")
            self.asked[self._asked[title]] = default
            name = self._asked[title]
            self._tell(f"Insomnia asks for {title}: it is the variable {name} (--env-var {name}=…)", line, user.path)
        return reference(self._asked[title])


@dataclass(frozen=True, slots=True)
class _Around:
    """What tags may ask about their place."""

    templates: Templates
    place: Place
    line: int

    def response_variable(self, request: str, code: str, name: str, *, resends: bool) -> Value:
        return self.templates.captured(request, code, name, resends=resends)

    def asked_variable(self, name: str, default: str) -> Value:
        return self.templates.prompted(name, default, self.place, self.line)

    def request_name(self) -> str:
        if not self.place.name:
            raise Untranslatable("the name of a request is not known outside of it")
        return self.place.name

    def folder_name(self, above: int) -> str:
        if above >= len(self.place.folders):
            raise Untranslatable("there is no such folder around the request")
        return self.place.folders[-1 - above]
