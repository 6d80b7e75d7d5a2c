"""Makes what Bruno's files say of a collection: the way back of `collecting.py`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from runner.foreign.bruno.authorization import to_bruno
from runner.foreign.bruno.examples_out import example
from runner.foreign.bruno.model import INHERIT, NONE, Authorization, Code, Environment, Folder, Level, Request, Row, Tree
from runner.foreign.bruno.requests_out import fill, lost_settings, row
from runner.foreign.comments import description_text
from runner.foreign.imported import Note
from runner.foreign.scripts.joining import joined
from runner.foreign.scripts.translation import MARK, TO_BRUNO, Ask, Translated, translate
from runner.foreign.written import ExportOptions
from runner.logs import visible
from runner.model.collection import Collection, Event, Item, description_of
from runner.model.collection import Folder as PostmansFolder
from runner.model.json import Json, JsonObject
from runner.model.request import Auth
from runner.model.variable import Environment as PostmansEnvironment
from runner.model.variable import Variable
from runner.protocols.table import is_sent
from runner.rules.tags import tags_of
from runner.rules.text import json_text, text_of

TYPES = {bool: "boolean", int: "number", float: "number", dict: "object", list: "object"}
_TAG = re.compile(r"[\w-]+", re.ASCII)
_NAME_IN_ENVIRONMENT = re.compile(r"[^\s:,\[\]~@]+")
_LITERAL = re.compile(
    r""""(?:[^"\\\n]|\\.)*+"?|'(?:[^'\\\n]|\\.)*+'?|`(?:[^`\\]|\\.)*+`?|//[^\n]*+|/\*(?:[^*]|\*(?!/))*+(?:\*/)?""",
    re.DOTALL,
)
"""A text in a script, or a comment, in which quotes mean nothing."""

_TEMPLATE = re.compile(r"\{\{([^{}]*)\}\}")
PHASES = ("prerequest", "test")
SHOWN = 5
"""How many requests a note about many names."""

ORDER = "its requests stand before folders, which Bruno runs first"


class _Script(NamedTuple):
    """Where a script goes, and whose it is."""

    level: Level
    path: str
    event: Event


class Spreading:
    """One export: `ask` tells what is in the scripts."""

    def __init__(self, collection: Collection, options: ExportOptions, ask: Ask) -> None:
        self._collection, self._options, self._ask = collection, options, ask
        self._scripts: list[_Script] = []
        self.notes: list[Note] = []

    def tree(self) -> Tree:
        """Everything of the collection, its scripts translated."""
        source = self._collection
        root = Folder(name=source.name)
        self._level(root, source, "", NONE)
        root.variables = [*self._variables(source.variables, ""), *self._secrets_in_texts()]
        behavior = source.protocol_profile_behavior
        root.items = self._items(source.items, "", behavior, blocked=False, outer=root.auth.mode != NONE)
        self._globals()
        self._carriage_returns(root)
        self._translate()
        return Tree(root=root, environments=list(self._environments()), sandwich=False)

    def _tell(self, level: Level | None, path: str, message: str) -> None:
        """Note that something is not written; it is also said in the documentation of what it is about."""
        self.notes.append(Note(visible(message), item=path))
        if level is not None:
            before = f"{level.docs}\n\n" if level.docs else ""
            level.docs = f"{before}Not exported: {message}"

    # -- folders and requests -------------------------------------------------------------------------------------------

    def _items(
        self,
        items: Sequence[PostmansFolder | Item],
        path: str,
        behavior: JsonObject,
        *,
        blocked: bool,
        outer: bool,
    ) -> list[Folder | Request]:
        """The entries of a folder. `outer` auth is there to inherit, unless it is `blocked` by a folder without auth."""
        made: list[Folder | Request] = []
        for at, one in enumerate(items, 1):
            place = f"{path}/{one.name}" if path else one.name
            if isinstance(one, PostmansFolder):
                folder = Folder(name=one.name, seq=at)
                self._level(folder, one, place, INHERIT)
                folder.variables = self._variables(one.variables, place)
                has_auth = one.auth is not None and folder.auth.mode != NONE
                inside = {**behavior, **one.protocol_profile_behavior}
                none = not has_auth and (blocked or (one.auth is not None and outer))
                folder.items = self._items(one.items, place, inside, blocked=none, outer=outer or has_auth)
                made.append(folder)
            elif not is_sent(one.kind):
                self._tell(None, place, f"is left out: items of the kind {one.kind} cannot be held")
            else:
                made.append(self._request(one, at, place, behavior, blocked=blocked))
        kinds = [isinstance(one, Folder) for one in made]
        if True in kinds and False in kinds[: len(kinds) - kinds[::-1].index(True)]:
            self._tell(None, path, ORDER)
        return made

    def _request(self, item: Item, seq: int, path: str, behavior: JsonObject, *, blocked: bool) -> Request:
        made = Request(name=item.name, seq=seq)
        self._level(made, item, path, NONE if blocked else INHERIT)

        def tell(message: str) -> None:
            self._tell(made, path, message)

        fill(made, item.request, {**behavior, **item.protocol_profile_behavior}, tell)
        for member in ("proxy", "certificate"):
            if item.request.source.get(member):
                tell(f"the {member} of the request has no counterpart in Bruno")
        responses = item.source.get("response")
        for response in responses if isinstance(responses, list) else ():
            if isinstance(response, dict):
                made.examples.append(example(response, made, tell))
        return made

    def _level(self, level: Level, source: Collection | PostmansFolder | Item, path: str, inherited: str) -> None:
        """What requests, folders and collections have in common; without an auth of its own a level has the `inherited`."""
        level.docs = description_of(source).replace("\r\n", "\n").replace("\r", "\n")
        level.tags = [tag for tag in dict.fromkeys(tags_of(source)) if _TAG.fullmatch(tag)]
        level.auth = Authorization(inherited)
        auth = source.request.auth if isinstance(source, Item) else source.auth
        if auth is not None:
            level.auth = self._auth(level, auth, path)
        for name in lost_settings(source.protocol_profile_behavior):
            self._tell(level, path, f"{name} of protocolProfileBehavior has no counterpart in Bruno")
        for event in source.events:
            if event.listen in PHASES:
                self._scripts.append(_Script(level, path, event))
            elif event.script.exec.strip():
                self._tell(level, path, f"the script for {event.listen} has no counterpart in Bruno")

    def _auth(self, level: Level, auth: Auth, path: str) -> Authorization:
        made, notes = to_bruno(auth.type, auth.params)
        values: dict[str, str] = {}
        for name, value in made.values.items():
            lost: list[str] = []
            values[name] = row(name, value, "the auth's", lost.append).value
            notes += lost
        made.values = values
        for note in notes:
            self._tell(level, path, note)
        return made

    # -- variables ------------------------------------------------------------------------------------------------------

    def _variables(self, variables: Sequence[Variable], path: str) -> list[Row]:
        """Variables of the collection or a folder; those that are secret are read from environment variables."""
        return [self._variable(one, path) for one in variables if one.key]

    def _variable(self, variable: Variable, path: str) -> Row:
        name = self._options.secrets.get(variable.key)
        value = _text(variable.value)
        if name is not None and not value:
            value = in_process(name)
        source = variable.source or {}
        return row(
            variable.key,
            value,
            "the variable",
            lambda message: self._tell(None, path, message),
            enabled=not variable.disabled,
            description=description_text(source.get("description")),
            kind=TYPES.get(type(variable.value), "text"),
        )

    def _secrets_in_texts(self) -> Iterator[Row]:
        """A variable for each secret that stood in a text, and for those that scripts use and no file has."""
        files = (self._options.environment, self._options.globals, *self._options.environments)
        known = {one.key for one in self._collection.variables}
        known |= {one.key for environment in files for one in environment.values}
        for name, variable in self._options.secrets.items():
            if name not in known:
                yield Row(name, in_process(variable))

    def _globals(self) -> None:
        names = [one.key for one in self._options.globals.values if not one.disabled]
        if names:
            told = f"the globals {', '.join(names)} are not in the folder: Bruno keeps them outside of collections"
            self._tell(None, "", told)

    def _carriage_returns(self, root: Folder) -> None:
        names = [one.name for one in _requests(root) if "\r" in one.body.text + one.body.variables]
        if names:
            shown = ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")
            told = "carriage returns at line ends of bodies are kept in the files, but Bruno does not send them"
            self._tell(None, "", f"{told}: {shown}")

    def _environments(self) -> Iterator[Environment]:
        """An environment for each file, with what the options of the command line set over it."""
        options = self._options
        if len(options.environments) < 2:
            if options.environment.values or options.environments:
                yield self._environment(options.environment)
            return
        files = {one.key for environment in options.environments for one in environment.values}
        set_by = {name for name, _ in options.run.env_var}
        over = [one for one in options.environment.values if one.key in set_by or one.key not in files]
        taken = {one.key for one in over}
        for environment in options.environments:
            kept = [one for one in environment.values if one.key not in taken]
            yield self._environment(PostmansEnvironment(name=environment.name, values=(*kept, *over)))

    def _environment(self, environment: PostmansEnvironment) -> Environment:
        made = Environment(name=environment.name)
        for variable in environment.values:
            secret = variable.secret or variable.key in self._options.secrets
            one = self._variable(variable, "")
            one.secret, one.value = secret, "" if secret else one.value
            if _NAME_IN_ENVIRONMENT.fullmatch(variable.key):
                made.rows.append(one)
            else:
                told = (
                    f"the variable {variable.key!r} of {environment.name} has a name that Bruno's environments cannot hold"
                )
                self._tell(None, "", told)
        return made

    # -- scripts --------------------------------------------------------------------------------------------------------

    def _translate(self) -> None:
        """Translate all scripts at once; those of one level and phase become one."""
        texts = [self._with_secrets(one.event.script.exec) for one in self._scripts]
        found = translate(texts, TO_BRUNO, self._ask)
        parts: dict[tuple[int, str], list[tuple[_Script, Translated]]] = {}
        for script, made in zip(self._scripts, found, strict=True):
            if script.event.script.source.get("src"):
                self._tell(script.level, script.path, f"the {script.event.listen} script is in another file")
            if not made.text.strip():
                continue
            if script.event.disabled:
                made = _switched_off(script.event.script.exec)
                self._tell(None, script.path, f"a {script.event.listen} script that is switched off is a comment")
            for gap in made.gaps:
                self._tell(None, script.path, f"{gap.message} (line {gap.line} of the {script.event.listen} script)")
            parts.setdefault((id(script.level), script.event.listen), []).append((script, made))
        for (_, listen), scripts in parts.items():
            level = scripts[0][0].level
            code = Code(joined([made for _, made in scripts]).replace("\r", ""))
            if listen == "prerequest":
                level.before = code
            else:
                level.tests = code

    def _with_secrets(self, text: str) -> str:
        """A script whose literals with names in the places of secrets ask for their values."""

        def asked(found: re.Match[str]) -> str:
            literal = found[0]
            names = _TEMPLATE.findall(literal) if literal[0] in "\"'`" else []
            filled = text.endswith("replaceIn(", 0, found.start())
            return (
                literal
                if filled or self._options.secrets.keys().isdisjoint(names)
                else f"pm.variables.replaceIn({literal})"
            )

        return _LITERAL.sub(asked, text) if "{{" in text else text


def _requests(folder: Folder) -> Iterator[Request]:
    for one in folder.items:
        if isinstance(one, Request):
            yield one
        else:
            yield from _requests(one)


def _switched_off(text: str) -> Translated:
    lines = "\n".join(f"// {line}" for line in text.splitlines())
    return Translated(f"{MARK}this script is switched off in Postman\n{lines}")


def in_process(name: str) -> str:
    """What stands for the value of an environment variable of the shell, or of the collection's `.env`."""
    return f"{{{{process.env.{name}}}}}"


def _text(value: Json) -> str:
    if isinstance(value, dict | list):
        return json_text(value)
    return "" if value is None else text_of(value)
