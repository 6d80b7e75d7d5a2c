"""Statements of JavaScript as lines of Python; a statement of a script that has no translation is kept as a marked gap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from runner.foreign.python_code.literals import quoted
from runner.foreign.python_code.scripts.assertions import Assertions
from runner.foreign.python_code.scripts.expressions import DICTIONARIES, Expressions
from runner.foreign.python_code.scripts.scopes import Scope
from runner.foreign.python_code.scripts.spoiled import spoiled_by, stays
from runner.foreign.python_code.scripts.tree import Gap, Node, chain_of, path_of
from runner.foreign.scripts.facts import Source
from runner.foreign.scripts.writes import Fact
from runner.foreign.written import in_one_line
from runner.model.quick_dataclass import dataclass

INDENT = "    "

OLD_SETTERS = {"postman.setEnvironmentVariable()": "environment", "postman.setGlobalVariable()": "globals_"}
OLD_UNSETTERS = {"postman.clearEnvironmentVariable()": "environment", "postman.clearGlobalVariable()": "globals_"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Translated:
    """A script as lines of Python.

    `gaps` are messages about what is missing. `names` are the variables of Postman's that the lines name, `sets` those that
    they set, `left` those that are set by what is missing.
    """

    lines: tuple[str, ...]
    gaps: tuple[str, ...]
    names: frozenset[str]
    sets: frozenset[str]
    left: frozenset[str]


class Statements:
    """One script while it is translated; `what` is what messages call it, `taken` are names that it must not use."""

    def __init__(self, text: str, what: str, taken: set[str], facts: Sequence[Fact]) -> None:
        self._source, self._what, self._facts = Source(text), what, facts
        self._expressions = Expressions()
        self._expressions.scope = Scope(None, taken)
        self._gaps: list[str] = []
        self._sets: set[str] = set()
        self._left: set[str] = set()

    def translated(self, program: Node) -> Translated:
        """The whole script."""
        lines: list[str] = []
        for statement in program.children("body"):
            before = self._expressions.scope
            try:
                lines += self._statement(statement)
            except Gap as gap:
                self._expressions.scope = before
                lines += self._kept(statement, str(gap))
        return Translated(
            lines=tuple(lines),
            gaps=tuple(self._gaps),
            names=frozenset(self._expressions.uses),
            sets=frozenset(self._sets),
            left=frozenset(self._left),
        )

    def _kept(self, statement: Node, reason: str) -> Iterator[str]:
        """A statement as a comment."""
        for name in spoiled_by(statement):
            self._expressions.scope.spoil(name, forever=stays(statement))
        text = self._source.cut(statement.start, statement.end)
        if _is_log(statement):
            yield from (f"# {in_one_line(line)}".rstrip() for line in text.splitlines())
            return
        last = statement.line + text.count("\n")
        named = _test_name(statement)
        what = f"the check {named!r} of {self._what}" if named is not None else f"line {statement.line} of {self._what}"
        left = {fact.name for fact in self._facts if fact.name and fact.sets and statement.line <= fact.line <= last}
        self._left |= left
        message = f"{what} is left out: {reason}" + (f"; it sets {', '.join(sorted(left))}" if left else "")
        self._gaps.append(message)
        yield f"# GAP: {in_one_line(message)}"
        yield from (f"#   {in_one_line(line)}".rstrip() for line in text.splitlines())
        yield f"gap({quoted(in_one_line(message))})"

    def _block(self, node: Node) -> list[str]:
        """The lines of a block or of one statement."""
        self._expressions.scope = Scope(self._expressions.scope)
        body = node.children("body") if node.type == "BlockStatement" else [node]
        lines = [line for one in body for line in self._statement(one)]
        self._expressions.scope = self._expressions.scope.outer or self._expressions.scope
        return lines or ["pass"]

    # -- statements ---------------------------------------------------------------------------------------------------

    def _statement(self, node: Node) -> list[str]:
        if node.type == "EmptyStatement" or node.get("directive"):
            return []
        if node.type == "ExpressionStatement":
            return self._expression(node.child("expression"))
        if node.type == "VariableDeclaration":
            return [line for one in node.children("declarations") for line in self._declared(one)]
        if node.type == "IfStatement":
            return self._if(node)
        if node.type == "ForOfStatement" and node.child("left").type == "VariableDeclaration" and not node.get("await"):
            name = node.child("left").children("declarations")[0].child("id")
            return self._loop(name, node.child("right"), node.child("body"))
        if node.type == "BlockStatement":
            return self._block(node)
        if node.type == "ThrowStatement" and path_of(node.child("argument").maybe("callee") or node) == "Error":
            given = node.child("argument").children("arguments")
            return [f"raise AssertionError({', '.join(self._expressions.value(one).text for one in given[:1])})"]
        raise Gap(f"{node.type} is not translated")

    def _declared(self, node: Node) -> list[str]:
        target, init = node.child("id"), node.maybe("init")
        scope = self._expressions.scope
        if target.type == "Identifier":
            value = "UNDEFINED" if init is None else self._expressions.value(init).text
            return [f"{scope.declare(target.text('name'))} = {value}"]
        if target.type != "ObjectPattern" or init is None:
            raise Gap("a declaration of this kind is not translated")
        made, value = [], self._expressions.value(init).text
        for one in target.children("properties"):
            if one.type != "Property" or one.get("computed") or one.child("value").type != "Identifier":
                raise Gap("a declaration of this kind is not translated")
            made.append((one.child("value").text("name"), one.child("key").text("name")))
        return [f"{scope.declare(name)} = at({value}, {quoted(key)})" for name, key in made]

    def _if(self, node: Node) -> list[str]:
        lines = [f"if {self._expressions.truth(node.child('test')).text}:", *self._inner(node.child("consequent"))]
        other = node.maybe("alternate")
        if other is not None and other.type == "IfStatement":
            first, *rest = self._if(other)
            return [*lines, f"el{first}", *rest]
        return [*lines, "else:", *self._inner(other)] if other is not None else lines

    def _inner(self, node: Node) -> list[str]:
        return [INDENT + line for line in self._block(node)]

    def _loop(self, name: Node, items: Node, body: Node) -> list[str]:
        if name.type != "Identifier":
            raise Gap("a loop of this kind is not translated")
        values = self._expressions.value(items).text
        self._expressions.scope = Scope(self._expressions.scope)
        one = self._expressions.scope.declare(name.text("name"))
        lines = self._inner(body)
        self._expressions.scope = self._expressions.scope.outer or self._expressions.scope
        return [f"for {one} in elements({values}):", *lines]

    # -- expressions that do something ----------------------------------------------------------------------------------

    def _expression(self, node: Node) -> list[str]:
        if node.type == "AssignmentExpression":
            return self._assigned(node)
        if node.type not in ("CallExpression", "MemberExpression"):
            raise Gap(f"{node.type} is not translated")
        conditions = Assertions(self._expressions).conditions(node)
        if conditions is not None:
            return [f"assert {one}" for one in conditions]
        path = path_of(node)
        base, steps = chain_of(node)
        given = node.children("arguments")
        own = base.type == "Identifier" and self._expressions.scope.owns(base.text("name"))
        found = self._called(path, given) if node.type == "CallExpression" and not own else None
        if found is not None:
            return found
        if node.type == "CallExpression" and len(steps) > 1 and steps[-2][0] == "forEach" and len(given) == 1:
            params, body = given[0].children("params"), given[0].child("body")
            if len(params) == 1 and body.type == "BlockStatement" and not given[0].get("async"):
                return self._loop(params[0], node.child("callee").child("object"), body)
        raise Gap(f"{path or 'an expression'} is not translated")

    def _called(self, path: str, given: list[Node]) -> list[str] | None:
        """A call of Postman's API; None for any other."""
        if path == "pm.test()":
            return self._test(given)
        if path == "pm.expect.fail()" and len(given) <= 1:
            return [f"raise AssertionError({', '.join(self._expressions.value(one).text for one in given)})"]
        if path.startswith("console.") and path.count("(") == 1:
            return [f"print({', '.join(self._expressions.value(one).text for one in given)})"]
        return self._variables(path, given)

    def _assigned(self, node: Node) -> list[str]:
        target, right = node.child("left"), node.child("right")
        if node.text("operator") != "=":
            raise Gap(f"{node.text('operator')} is not translated")
        value = self._expressions.value(right)
        if target.type == "Identifier":
            scope = self._expressions.scope
            name = target.text("name")
            if not scope.owns(name):  # a name that is declared nowhere belongs to the whole script
                while scope.outer is not None:
                    scope = scope.outer
                scope.declare(name)
            return [f"{self._expressions.scope.find(name)} = {value.text}"]
        base, steps = chain_of(target)
        if (
            base.type == "Identifier"
            and base.text("name") == "tests"
            and len(steps) == 1
            and not self._expressions.scope.owns("tests")
        ):
            name, inner = steps[0]
            shown = self._expressions.value(inner).text if isinstance(inner, Node) else quoted(name)
            return [f"with check({shown}):", f"{INDENT}assert {self._expressions.truth(right).text}"]
        raise Gap("this assignment is not translated")

    def _test(self, given: list[Node]) -> list[str]:
        if len(given) != 2 or given[1].type not in ("ArrowFunctionExpression", "FunctionExpression"):
            raise Gap("a check without a function is not translated")
        function = given[1]
        if function.children("params") or function.get("async") or function.get("generator"):
            raise Gap("a check that waits is not translated")
        body = function.child("body")
        name = self._expressions.value(given[0]).text
        if body.type != "BlockStatement":
            self._expressions.scope = Scope(self._expressions.scope)
            lines = self._expression(body)
            self._expressions.scope = self._expressions.scope.outer or self._expressions.scope
        else:
            lines = self._block(body)
        return [f"with check({name}):", *(INDENT + line for line in lines)]

    def _variables(self, path: str, given: list[Node]) -> list[str] | None:
        """A call that sets or takes away variables of Postman's; None for any other."""
        holder, _, method = path.removesuffix("()").rpartition(".")
        name = given[0].string if given else None
        dictionary = DICTIONARIES.get(holder, "")
        if holder == "pm.variables":
            dictionary = "local"
        dictionary = dictionary or OLD_SETTERS.get(path, "") or OLD_UNSETTERS.get(path, "")
        if not dictionary or (method != "clear" and name is None):
            return None
        if (method == "set" or path in OLD_SETTERS) and name is not None and len(given) == 2:
            value = self._expressions.value(given[1]).text
            self._expressions.uses.add(name)
            self._sets.add(name)
            return [f"{dictionary}[{quoted(name)}] = {value}"]
        if (method == "unset" or path in OLD_UNSETTERS) and name is not None and len(given) == 1:
            self._expressions.uses.add(name)
            return [f"{dictionary}.pop({quoted(name)}, None)"]
        return [f"{dictionary}.clear()"] if method == "clear" and not given else None


def _test_name(node: Node) -> str | None:
    """The name of the check that a statement is, if it is one with a name that is known."""
    if node.type != "ExpressionStatement" or path_of(node.child("expression")) != "pm.test()":
        return None
    given = node.child("expression").children("arguments")
    return given[0].string if given else None


def _is_log(node: Node) -> bool:
    return node.type == "ExpressionStatement" and path_of(node.child("expression")).startswith("console.")
