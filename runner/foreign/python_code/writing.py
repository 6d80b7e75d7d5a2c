"""A collection as a file of Python: one function for each request, in the order of the collection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from runner.engine.plan import make_plan
from runner.foreign.imported import Note
from runner.foreign.outgoing.outgoing import Maker, Outgoing
from runner.foreign.python_code.copied import definitions, library
from runner.foreign.python_code.literals import quoted
from runner.foreign.python_code.names import free_name
from runner.foreign.python_code.requests import POSTMAN, call, names_of, problem_of
from runner.foreign.python_code.variables import dictionaries
from runner.foreign.written import ExportOptions, Written, file_name, in_one_line
from runner.model.collection import Collection
from runner.model.quick_dataclass import dataclass
from runner.request.behavior import parse_behavior
from runner.rules.substitute import MISSING

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


class PythonFile:
    """The file of one collection while it is made."""

    def __init__(self, collection: Collection, options: ExportOptions, target: Target) -> None:
        self._collection, self._options, self._target = collection, options, target
        self._maker = Maker(collection, options)
        self._notes: list[Note] = []
        self._names: dict[str, None] = {}

    def written(self) -> Written:
        """The file with everything in it."""
        requests = [self._maker.make(planned) for planned in make_plan(self._collection).items]
        taken = {*library(self._target.running).sources, *library(self._target.running).imports}
        functions = {free_name(one.planned.item.name, taken, "request", self._target.before): one for one in requests}
        blocks = [self._function(name, one) for name, one in functions.items()]
        end = f'if __name__ == "__main__":\n    sys.exit(main({", ".join(functions)}))\n' if self._target.returns else ""
        code = "\n\n\n".join([*blocks, end])
        dynamic = [name for name in self._names if name.startswith("$") and self._maker.scopes.get(name) is MISSING]
        for name in dynamic:
            if name not in MADE:
                self._notes.append(Note(f"{{{{{name}}}}} is not made by this file: it stays in its braces"))
        variables = dictionaries(self._maker.scopes, self._names, self._options.secrets, {})
        own = {"POSTMAN": POSTMAN, "variables": "", "DYNAMIC": _dynamic(self._target.running, dynamic)}
        imports, running, helpers = definitions(f"{variables}\n{code}", self._target.running, own, self._target.always)
        head = f'"""{in_one_line(self._collection.name).translate(_IN_DOCSTRING)}\n\n{self._target.head}"""'
        start = f"{head}\n\n{imports}\n\n{_ABOUT_VARIABLES}\n{variables}"
        parts = [start, running, *blocks, helpers] if self._target.decorator else [start, *blocks, running, helpers, end]
        text = "\n\n\n".join(part for part in parts if part).rstrip("\n") + "\n"
        return Written(files={file_name(self._collection.name, self._target.extension): text}, notes=self._notes)

    def _function(self, name: str, one: Outgoing) -> str:
        """One request with its scripts."""
        lines = [f"def {name}():", f"    {_docstring(one.path)}"]
        if self._target.decorator:
            lines.insert(0, self._target.decorator)
        problem = problem_of(one)
        if problem:
            self._gap(one, f"is not sent: {problem}")
            lines += [*self._kept(one, ("prerequest", "test")), f"    raise NotSent({quoted(in_one_line(problem))})"]
            return "\n".join(lines)
        for variable in names_of(one):
            self._names[variable] = None
        sent = call(one, parse_behavior(one.planned.behavior, self._options.run))
        after = list(self._kept(one, ("test",)))
        lines += self._kept(one, ("prerequest",))
        if self._target.returns:
            lines += [f"    response = {sent}", *after, "    return response"] if after else [f"    return {sent}"]
        else:
            lines += [f"    {sent}", *after]
        return "\n".join(lines)

    def _kept(self, one: Outgoing, phases: Iterable[str]) -> Iterator[str]:
        """Scripts as comments."""
        for phase in phases:
            for what, script in one.scripts(phase):
                self._gap(one, f"{what} is not translated")
                yield f"    # GAP: {in_one_line(what)} is not translated:"
                yield from (f"    #   {in_one_line(line)}".rstrip() for line in script.splitlines())
                yield f"    gap({quoted(in_one_line(f'{one.path}: {what} is not translated'))})"

    def _gap(self, one: Outgoing, message: str) -> None:
        self._notes.append(one.gap(message))


_ABOUT_VARIABLES = "# Variables with their values at the time of the export; those of secrets come from the environment."

_IN_DOCSTRING = str.maketrans({"\\": "\\\\", '"': "'"})


def _docstring(path: str) -> str:
    """The docstring of a function: the path of its request."""
    return f'"""{in_one_line(path).translate(_IN_DOCSTRING)}"""'


def _dynamic(running: str, names: Iterable[str]) -> str:
    """The table of dynamic variables with nothing but those that are used."""
    table = library(running).sources["DYNAMIC"].splitlines()
    used = [line for line in table[1:-1] if any(f"{quoted(name)}: " in line for name in names)]
    return "\n".join([table[0], *used, table[-1]]) if used else "DYNAMIC = {}"
