"""Counts the steps that a backtracking matcher takes for a regular expression, instead of measuring seconds.

The pattern is read by Python's own parser and run by a small machine that tries what `re` would try, in the same order, but
without its shortcuts: a pattern that is linear here is linear there. Bounded repetitions (`{0,300}`) are cut to `BOUND`, so
that short texts show what long ones do.
"""

import re
from re import _constants as sre
from re import _parser

BOUND = 6
MOST = 400_000
"""Steps after which a match is given up: nothing linear takes so many here."""

Code = list[tuple]


class TooMany(Exception):
    """The match took more than `MOST` steps."""


class Machine:
    """The steps of one pattern."""

    def __init__(self, pattern, flags: int = 0) -> None:
        self.flags = re.compile(pattern, flags).flags
        text = pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern
        self.tree = _parser.parse(text, flags & ~re.UNICODE if isinstance(pattern, bytes) else flags)
        self._emptied = 0
        self.code: Code = []
        self._sequence(self.tree, self.code)
        self.code.append(("match",))
        self.steps = 0

    def finditer(self, text: str) -> int:
        """The steps of finding every match."""
        self.steps, at = 0, 0
        while at <= len(text):
            end = self._run(self.code, text, at, {})
            at = at + 1 if end is None or end == at else end
        return self.steps

    def search(self, text: str) -> int:
        """The steps of finding the first match."""
        self.steps = 0
        next((at for at in range(len(text) + 1) if self._run(self.code, text, at, {}) is not None), None)
        return self.steps

    def match(self, text: str) -> int:
        """The steps of a match at the beginning."""
        self.steps = 0
        self._run(self.code, text, 0, {})
        return self.steps

    def fullmatch(self, text: str) -> int:
        """The steps of a match of all of a text."""
        self.steps = 0
        self._run([*self.code[:-1], ("at", sre.AT_END_STRING), ("match",)], text, 0, {})
        return self.steps

    # -- from the parser's tree to code -----------------------------------------------------------------------------

    def _sequence(self, tree, code: Code) -> None:
        for operation, value in tree:
            self._one(operation, value, code)

    def _one(self, operation, value, code: Code) -> None:
        if operation in (sre.LITERAL, sre.NOT_LITERAL, sre.ANY, sre.IN):
            code.append(("char", self._accepts(operation, value)))
        elif operation is sre.BRANCH:
            self._branch(value[1], code)
        elif operation is sre.SUBPATTERN:
            code.append(("open", value[0]))
            self._sequence(value[3], code)
            code.append(("close", value[0]))
        elif operation in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            self._repeat(value, code, lazy=operation is sre.MIN_REPEAT)
        elif operation is sre.POSSESSIVE_REPEAT:
            inner: Code = []
            self._repeat(value, inner, lazy=False)
            code.append(("atomic", [*inner, ("match",)]))
        elif operation is sre.ATOMIC_GROUP:
            code.append(("atomic", self._inner(value)))
        elif operation in (sre.ASSERT, sre.ASSERT_NOT):
            width = value[1].getwidth()[0] if value[0] < 0 else 0
            code.append(("look", operation is sre.ASSERT, width, self._inner(value[1])))
        elif operation is sre.AT:
            code.append(("at", value))
        elif operation is sre.GROUPREF:
            code.append(("group", value))
        else:
            raise NotImplementedError(operation)

    def _inner(self, tree) -> Code:
        inner: Code = []
        self._sequence(tree, inner)
        return [*inner, ("match",)]

    def _branch(self, choices, code: Code) -> None:
        ends = []
        for number, choice in enumerate(choices):
            last = number == len(choices) - 1
            split = len(code)
            if not last:
                code.append(())
            self._sequence(choice, code)
            if not last:
                ends.append(len(code))
                code.append(())
                code[split] = ("split", split + 1, len(code))
        for end in ends:
            code[end] = ("jump", len(code))

    def _repeat(self, value, code: Code, *, lazy: bool) -> None:
        least, most, body = value
        least = min(least, BOUND)
        for _ in range(least):
            self._sequence(body, code)
        if most is not sre.MAXREPEAT:
            splits = []
            for _ in range(min(most, max(BOUND, least)) - least):
                splits.append(len(code))
                code.append(())
                self._sequence(body, code)
            for split in splits:
                code[split] = ("split", *((len(code), split + 1) if lazy else (split + 1, len(code))))
            return
        self._emptied += 1
        name = -self._emptied
        split = len(code)
        code.append(())
        code.append(("begin", name))
        self._sequence(body, code)
        code.append(("moved", name))
        code.append(("jump", split))
        code[split] = ("split", *((len(code), split + 1) if lazy else (split + 1, len(code))))

    def _accepts(self, operation, value):
        """A set of characters as one compiled class: whether it has a character is one step."""
        if operation is sre.ANY:
            return re.compile(".", self.flags & re.DOTALL).match
        items = [(operation, value)] if operation is not sre.IN else value
        negated = items[0][0] in (sre.NEGATE, sre.NOT_LITERAL)
        found = "".join(_class_item(*item) for item in items if item[0] is not sre.NEGATE)
        return re.compile(f"[{'^' if negated else ''}{found}]", self.flags & (re.IGNORECASE | re.ASCII)).match

    # -- running ------------------------------------------------------------------------------------------------------

    def _run(self, code: Code, text: str, at: int, groups: dict) -> int | None:
        stack = [(0, at, groups)]
        while stack:
            place, at, groups = stack.pop()
            while True:
                self.steps += 1
                if self.steps > MOST:
                    raise TooMany
                kind, *rest = code[place]
                place += 1
                if kind == "match":
                    return at
                if kind == "char":
                    if at >= len(text) or not rest[0](text, at):
                        break
                    at += 1
                elif kind == "split":
                    stack.append((rest[1], at, groups))
                    place = rest[0]
                elif kind == "jump":
                    place = rest[0]
                elif kind in ("open", "begin"):
                    groups = {**groups, (kind, rest[0]): at}
                elif kind == "close":
                    groups = {**groups, rest[0]: text[groups["open", rest[0]] : at]}
                elif kind == "moved":
                    if groups["begin", rest[0]] == at:
                        break
                elif kind == "atomic":
                    end = self._run(rest[0], text, at, groups)
                    if end is None:
                        break
                    at = end
                elif kind == "look":
                    wanted, width, inner = rest
                    found = at >= width and self._run(inner, text, at - width, groups) is not None
                    if found != wanted:
                        break
                elif kind == "at":
                    if not _is_at(rest[0], text, at, self.flags):
                        break
                elif kind == "group":
                    wanted = groups.get(rest[0])
                    if wanted is None or not text.startswith(wanted, at):
                        break
                    at += len(wanted)
                    self.steps += len(wanted)
        return None


_CATEGORIES = {
    sre.CATEGORY_DIGIT: r"\d",
    sre.CATEGORY_NOT_DIGIT: r"\D",
    sre.CATEGORY_SPACE: r"\s",
    sre.CATEGORY_NOT_SPACE: r"\S",
    sre.CATEGORY_WORD: r"\w",
    sre.CATEGORY_NOT_WORD: r"\W",
}


def _class_item(operation, value) -> str:
    if operation is sre.CATEGORY:
        return _CATEGORIES[value]
    if operation is sre.RANGE:
        return f"{_letter(value[0])}-{_letter(value[1])}"
    return _letter(value)


def _letter(code: int) -> str:
    return f"\\U{code:08x}"


def _is_at(where, text: str, at: int, flags: int) -> bool:
    before = re.match(r"\w", text[at - 1]) if at else None
    after = re.match(r"\w", text[at]) if at < len(text) else None
    if where in (sre.AT_BEGINNING, sre.AT_BEGINNING_STRING):
        lines = where is sre.AT_BEGINNING and flags & re.MULTILINE
        return at == 0 or bool(lines and text[at - 1] == "\n")
    if where is sre.AT_END_STRING:
        return at == len(text)
    if where is sre.AT_END:
        return at == len(text) or text[at:] == "\n" or bool(flags & re.MULTILINE and text[at] == "\n")
    return (bool(before) != bool(after)) == (where is sre.AT_BOUNDARY)


# -- texts that could be slow ---------------------------------------------------------------------------------------------


def sample(tree, choice: int = 0) -> str:
    """A text that a pattern matches: of repetitions one or more, of alternatives the one with this number."""
    return "".join(_sample_of(operation, value, choice) for operation, value in tree)


def _sample_of(operation, value, choice: int) -> str:
    if operation is sre.LITERAL:
        return chr(value)
    if operation in (sre.NOT_LITERAL, sre.ANY, sre.IN):
        return _one_of(operation, value, choice)
    if operation is sre.BRANCH:
        return sample(value[1][choice % len(value[1])], choice)
    if operation is sre.SUBPATTERN:
        return sample(value[3], choice)
    if operation in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        return sample(value[2], choice) * max(1, min(value[0], BOUND))
    if operation is sre.ATOMIC_GROUP:
        return sample(value, choice)
    return ""


def _one_of(operation, value, choice: int) -> str:
    if operation is sre.ANY:
        return "a "[choice % 2]
    items = value if operation is sre.IN else [(operation, value)]
    if items[0][0] in (sre.NEGATE, sre.NOT_LITERAL):
        accepts = re.compile(f"[^{''.join(_class_item(*item) for item in items if item[0] is not sre.NEGATE)}]").match
        letters = [letter for letter in "a 1=:%\\" if accepts(letter)]
        return letters[choice % len(letters)] if letters else "\x01"
    letters = []
    for kind, item in items:
        if kind is sre.CATEGORY:
            letters.append({r"\d": "1", r"\s": " ", r"\w": "a"}.get(_CATEGORIES[item], "-"))
        else:
            letters.append(chr(item[0] if kind is sre.RANGE else item))
    return letters[choice % len(letters)]


def pumps(tree, choices: int = 3) -> list[tuple[str, str, str]]:
    """Texts as (beginning, what is repeated, end): every part of what the pattern matches, with and without an end."""
    found: dict[tuple[str, str, str], None] = {}
    for choice in range(choices):
        whole = sample(tree, choice)[:40]
        for end in range(1, len(whole) + 1):
            found["", whole[:end], "\x00"] = None
        for place in range(len(whole)):
            found[whole[:place], whole[place], "\x00"] = None
            found[whole[:place], whole[place], "\n"] = None
            found["", whole[place], "\x00"] = None
            found["", whole[place : place + 2], "\x00"] = None
    return list(found)
