"""A collection as a file of Python: one function for each request, in the order of the collection."""

from __future__ import annotations

from collections.abc import Iterable

from runner.engine.plan import make_plan
from runner.foreign.imported import Note
from runner.foreign.names import unused
from runner.foreign.outgoing.outgoing import Maker, Outgoing
from runner.foreign.python_code.copied import definitions, library, unused_names
from runner.foreign.python_code.literals import quoted
from runner.foreign.python_code.names import free_name
from runner.foreign.python_code.requests import POSTMAN, call, names_of, problem_of
from runner.foreign.python_code.scripts.translating import Scripts
from runner.foreign.python_code.variables import OWN_NAMES, dictionaries
from runner.foreign.written import ExportOptions, Written, file_name, in_one_line
from runner.logs import visible
from runner.model.collection import Collection
from runner.model.quick_dataclass import dataclass
from runner.request.behavior import parse_behavior
from runner.rules.substitute import MISSING
from runner.secrets.naming import shell_name

MADE = ("$guid", "$randomUUID", "$timestamp", "$isoTimestamp", "$randomInt", "$randomBoolean", "$randomAlphaNumeric")
"""Dynamic variables that the file makes itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What differs between two kinds of files.

    `running` is the package with the functions by which such a file runs, `always` are those that nothing calls. `head`
    stands at the top, `before` begins the names of functions, `decorator` stands above them. In a file that `returns`, each
    function returns its response, and the last lines call them.
    """

    running: str
    head: str
    extension: str
    before: str = ""
    decorator: str = ""
    returns: bool = False
    always: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """A script of a folder or of the collection, which is a function of its own."""

    name: str
    function: str


class PythonFile:
    """The file of one collection while it is made."""

    def __init__(self, collection: Collection, options: ExportOptions, target: Target) -> None:
        self._collection, self._options, self._target = collection, options, target
        self._maker = Maker(collection, options)
        self._notes: list[Note] = []
        self._names: dict[str, None] = {}
        self._sets: set[str] = set()
        self._left: set[str] = set()
        known = library(target.running)
        self._taken = {*known.sources, *known.imports, *OWN_NAMES}
        self._shared: dict[tuple[str, str, str], Shared] = {}

    def written(self) -> Written:
        """The file with everything in it."""
        requests = [self._maker.make(planned) for planned in make_plan(self._collection).items]
        phases = ("prerequest", "test")
        rows = [row for one in requests for phase in phases for row in one.planned.scripts.get(phase, ())]
        self._scripts = Scripts(row.script.exec for row in rows if row.script.exec.strip())
        functions = {free_name(one.planned.item.name, self._taken, "request", self._target.before): one for one in requests}
        blocks = [self._function(name, one) for name, one in functions.items()]
        blocks += [shared.function for shared in self._shared.values()]
        end = f'if __name__ == "__main__":\n    sys.exit(main({", ".join(functions)}))\n' if self._target.returns else ""
        dynamic = [name for name in self._names if name.startswith("$") and self._maker.scopes.get(name) is MISSING]
        for name in dynamic:
            if name not in MADE:
                self._notes.append(Note(f"{{{{{name}}}}} is not made by this file: it stays in its braces"))
        variables = dictionaries(self._maker.scopes, self._names, self._options.secrets, self._asked())
        own = {"POSTMAN": POSTMAN, "variables": "", "DYNAMIC": _dynamic(self._target.running, dynamic)}
        code = "\n\n\n".join([variables, *blocks, end])
        imports, running, copied = definitions(code, self._target.running, own, self._target.always)
        head = f'"""{in_one_line(self._collection.name).translate(_IN_DOCSTRING)}\n\n{self._target.head}"""'
        if any(unused_names(block) for block in blocks):
            head += "\n# ruff: noqa: F841"
        start = f"{head}\n\n{imports}\n\n{_ABOUT_VARIABLES}\n{variables}"
        parts = [start, running, *blocks, copied] if self._target.decorator else [start, *blocks, running, copied, end]
        text = "\n\n\n".join(part for part in parts if part).rstrip("\n") + "\n"
        return Written(files={file_name(self._collection.name, self._target.extension): text}, notes=self._notes)

    def _asked(self) -> dict[str, str]:
        """The environment variable for each variable that only a script sets which is left out."""
        taken = set(self._options.secrets.values())
        scopes = self._maker.scopes
        unset = [
            name for name in self._names if name in self._left - self._sets and scopes.get(name) in (MISSING, None, "")
        ]
        return {name: unused(shell_name(name), taken, "{}_{}") for name in unset if name not in self._options.secrets}

    # -- one request ----------------------------------------------------------------------------------------------------

    def _function(self, name: str, one: Outgoing) -> str:
        """One request with its scripts."""
        lines = [f"def {name}():", f"    {_docstring(one.path)}"]
        if self._target.decorator:
            lines.insert(0, self._target.decorator)
        problem = problem_of(one)
        if problem:
            self._notes.append(one.gap(f"is not sent: {problem}"))
            return "\n".join([*lines, f"    raise NotSent({quoted(in_one_line(problem))})"])
        self._names.update(dict.fromkeys(names_of(one)))
        sent = call(one, parse_behavior(one.planned.behavior, self._options.run))
        lines += self._scripted(one, "prerequest")
        after = self._scripted(one, "test")
        if self._target.returns:
            lines += [f"    response = {sent}", *after, "    return response"] if after else [f"    return {sent}"]
        else:
            unread = "response" in unused_names("\n".join([*lines, "    response = None", *after]))
            lines += [f"    {sent}" if unread else f"    response = {sent}", *after]
        return "\n".join(lines)

    def _scripted(self, one: Outgoing, phase: str) -> list[str]:
        """The scripts of a phase: the request's own as lines, those around it as calls."""
        lines: list[str] = []
        rows = [row for row in one.planned.scripts.get(phase, ()) if row.script.exec.strip()]
        for row, (what, text) in zip(rows, one.scripts(phase), strict=True):
            if any(row.script is event.script for event in one.planned.item.events):
                lines += [f"    {line}" for line in self._translated(text, what, one)]
            else:
                lines.append(f"    {self._call_of_shared(row.owner, phase, text, what)}")
        return lines

    def _translated(self, text: str, what: str, one: Outgoing | None) -> tuple[str, ...]:
        """The lines of a script, whose gaps are noted."""
        found = self._scripts.translated(text, what, self._taken)
        self._notes += [one.gap(gap) if one else Note(visible(gap)) for gap in found.gaps]
        self._names.update(dict.fromkeys(found.names | found.sets))
        self._sets |= found.sets
        self._left |= found.left
        return found.lines

    def _call_of_shared(self, owner: str, phase: str, text: str, what: str) -> str:
        """The call of the function for a script of a folder or of the collection."""
        key = (owner, phase, text)
        given = "response" if phase == "test" else ""
        if key not in self._shared:
            name = free_name(f"{owner} {'tests' if phase == 'test' else 'before'}", self._taken, "script")
            lines = self._translated(text, what, None)
            body = [
                f"def {name}({given}):",
                f"    {_docstring(what[:1].upper() + what[1:])}",
                *(f"    {line}" for line in lines),
            ]
            self._shared[key] = Shared(name=name, function="\n".join(body))
        return f"{self._shared[key].name}({given})"


_ABOUT_VARIABLES = "# Variables with their values at the time of the export; those of secrets come from the environment."

_IN_DOCSTRING = str.maketrans({"\\": "\\\\", '"': "'"})


def _docstring(path: str) -> str:
    """The docstring of a function: the path of its request."""
    return f'"""{in_one_line(path).translate(_IN_DOCSTRING).strip() or "Request"}"""'


def _dynamic(running: str, names: Iterable[str]) -> str:
    """The table of dynamic variables with nothing but those that are used."""
    table = library(running).sources["DYNAMIC"].splitlines()
    used = [line for line in table[1:-1] if any(f"{quoted(name)}: " in line for name in names)]
    return "\n".join([table[0], *used, table[-1]]) if used else "DYNAMIC = {}"
