"""Expressions of JavaScript as Python."""

from __future__ import annotations

import re
from collections.abc import Callable

from runner.foreign.python_code.literals import formatted, literal, quoted
from runner.foreign.python_code.scripts.scopes import Scope
from runner.foreign.python_code.scripts.tree import Gap, Node, chain_of, path_of
from runner.model.quick_dataclass import dataclass

TEXT, NUMBER, TRUTH, ANY = "text", "number", "truth", "any"


@dataclass(frozen=True, slots=True)
class Code:
    """An expression of Python, what its value is for sure, and whether it can stand in a larger one without parentheses.

    `negated` is a shorter way to say the opposite than `not` with the expression. `members` are what it is a member of and
    the members from there, if it is one.
    """

    text: str
    kind: str = ANY
    atom: bool = True
    negated: str = ""
    members: tuple[str, ...] = ()

    @property
    def operand(self) -> str:
        """The expression as a part of another one."""
        return self.text if self.atom else f"({self.text})"

    @property
    def opposite(self) -> Code:
        """What is true where this is not."""
        return Code(self.negated or f"not {self.operand}", TRUTH, atom=False, negated=self.text)


def member(of: Code, key: str, kind: str = ANY) -> Code:
    """A member of a value."""
    path = (*(of.members or (of.text,)), key)
    return Code(f"at({', '.join(path)})", kind, members=path)


def comparison(left: str, operator: str, right: str) -> Code:
    """A comparison that has an opposite."""
    opposites = {"==": "!=", "is": "is not", "in": "not in"}
    return Code(f"{left} {operator} {right}", TRUTH, atom=False, negated=f"{left} {opposites[operator]} {right}")


DICTIONARIES = {
    "pm.environment": "environment",
    "pm.collectionVariables": "collection",
    "pm.globals": "globals_",
    "pm.variables": "variables",
}
"""What holds the variables of each of Postman's scopes in the written file."""

GIVEN = {
    "pm.response.json()": Code("read_json(response.text)"),
    "pm.response.text()": Code("response.text", TEXT),
    "pm.response.code": Code("response.status_code", NUMBER),
    "pm.response.status": Code("response.reason_phrase", TEXT),
    "pm.response.responseTime": Code("elapsed(response)", NUMBER),
    "responseBody": Code("response.text", TEXT),
    "responseCode.code": Code("response.status_code", NUMBER),
    "responseTime": Code("elapsed(response)", NUMBER),
    "undefined": Code("UNDEFINED"),
}
"""What Postman's scripts are given, as it is written there."""

OF_OBJECTS = frozenset(
    ["constructor", "toString", "valueOf", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString"]
)
"""Members that every value has in JavaScript."""

OWN_FUNCTIONS = ("Array.isArray()", "Boolean()", "JSON.parse()", "JSON.stringify()", "String()")

TEXT_METHODS = {"toLowerCase": "lower", "toUpperCase": "upper", "startsWith": "startswith", "endsWith": "endswith"}


class Expressions:
    """The expressions of one script; `uses` are the variables of Postman's that they name."""

    def __init__(self) -> None:
        self.scope = Scope(None)
        self.uses: set[str] = set()

    def value(self, node: Node) -> Code:
        """An expression as Python; raises `Gap`."""
        method: Callable[[Node], Code] | None = getattr(self, f"_{node.type}", None)
        if method is None:
            raise Gap(f"{node.type} is not translated")
        return method(node)

    def truth(self, node: Node) -> Code:
        """An expression of which only the truth is asked."""
        if node.type == "UnaryExpression" and node.text("operator") == "!":
            return self.truth(node.child("argument")).opposite
        if node.type == "LogicalExpression" and node.text("operator") in ("&&", "||"):
            word = "and" if node.text("operator") == "&&" else "or"
            sides = [self.truth(node.child(side)).operand for side in ("left", "right")]
            return Code(f" {word} ".join(sides), TRUTH, atom=False)
        found = self.value(node)
        return found if found.kind in (TRUTH, TEXT, NUMBER) else Code(f"true({found.text})", TRUTH)

    # -- values -------------------------------------------------------------------------------------------------------

    def _Literal(self, node: Node) -> Code:
        value = node.get("value")
        if node.get("regex") is not None or (value is None and node.text("raw") != "null"):
            raise Gap(f"{node.text('raw')} is not translated")
        if isinstance(value, str):
            return Code(self.noted(quoted(value), value), TEXT)
        kind = TRUTH if isinstance(value, bool) else NUMBER if isinstance(value, int | float) else ANY
        return Code(literal(value), kind)

    def noted(self, code: str, text: str) -> str:
        """The code of a text, whose names in braces are used."""
        self.uses.update(re.findall(r"{{([^{}]*)}}", text))
        return code

    def _TemplateLiteral(self, node: Node) -> Code:
        if node.string is not None:
            return Code(self.noted(quoted(node.string), node.string), TEXT)
        texts = node.children_texts()
        parts: list[str | Code] = [texts[0]]
        for inner, text in zip(node.children("expressions"), texts[1:], strict=True):
            parts += [self.value(inner), text]
        return self._glued(parts)

    def _glued(self, parts: list[str | Code]) -> Code:
        """Texts and values behind one another."""
        codes = [
            part if isinstance(part, str) else f"string({part.text})" if part.kind != TEXT else part.text for part in parts
        ]
        inner = [None if isinstance(part, str) else _without_marks(code) for part, code in zip(parts, codes, strict=True)]
        if all(isinstance(part, str) or code is not None for part, code in zip(parts, inner, strict=True)):
            made = formatted(
                part if isinstance(part, str) else (str(code),) for part, code in zip(parts, inner, strict=True)
            )
            return Code(made, TEXT)
        shown = [
            quoted(part) if isinstance(part, str) else code for part, code in zip(parts, codes, strict=True) if part != ""
        ]
        return Code(" + ".join(shown), TEXT, atom=False)

    def _Identifier(self, node: Node) -> Code:
        if self.scope.owns(node.text("name")):
            return Code(self.scope.find(node.text("name")))
        return self._given(node.text("name"))

    def _given(self, path: str) -> Code:
        if path not in GIVEN:
            raise Gap(f"{path or 'this'} is not translated")
        return GIVEN[path]

    def _ArrayExpression(self, node: Node) -> Code:
        return Code("[" + ", ".join(self.value(one).text for one in node.children("elements")) + "]")

    def _ObjectExpression(self, node: Node) -> Code:
        made = []
        for one in node.children("properties"):
            key = one.child("key") if one.type == "Property" else None
            if key is None or one.get("computed") or one.get("method") or one.text("kind") != "init":
                raise Gap("an object with other members is not translated")
            name = key.text("name") if key.type == "Identifier" else str(key.get("value"))
            made.append(f"{quoted(name)}: {self.value(one.child('value')).text}")
        return Code("{" + ", ".join(made) + "}")

    # -- operators ----------------------------------------------------------------------------------------------------

    def _UnaryExpression(self, node: Node) -> Code:
        operator, argument = node.text("operator"), node.child("argument")
        if operator == "!":
            return self.truth(node)
        found = self.value(argument)
        if operator == "typeof":
            return Code(f"typeof({found.text})", TEXT)
        if operator == "-" and found.kind == NUMBER:
            return Code(f"-{found.operand}", NUMBER, atom=False)
        raise Gap(f"the operator {operator} is not translated")

    def _LogicalExpression(self, node: Node) -> Code:
        left, right = self.value(node.child("left")), self.value(node.child("right"))
        if left.kind == right.kind == TRUTH:
            return self.truth(node)
        asked = {"||": f"true({left.text})", "&&": f"not true({left.text})", "??": f"not nothing({left.text})"}
        return Code(f"{left.operand} if {asked[node.text('operator')]} else {right.operand}", atom=False)

    def _ConditionalExpression(self, node: Node) -> Code:
        yes, no = self.value(node.child("consequent")), self.value(node.child("alternate"))
        kind = yes.kind if yes.kind == no.kind else ANY
        return Code(f"{yes.operand} if {self.truth(node.child('test')).operand} else {no.operand}", kind, atom=False)

    def _BinaryExpression(self, node: Node) -> Code:
        operator = node.text("operator")
        left, right = self.value(node.child("left")), self.value(node.child("right"))
        if operator in ("===", "!=="):
            same = self.identical(left, right)
            return same if operator == "===" else same.opposite
        if operator in ("==", "!="):
            same = self._equal(node, left, right)
            return same if operator == "==" else same.opposite
        if operator in ("<", ">", "<=", ">="):
            if left.kind == right.kind == NUMBER:
                return Code(f"{left.operand} {operator} {right.operand}", TRUTH, atom=False)
            return Code(f'compared({left.text}, "{operator}", {right.text})', TRUTH)
        if operator == "+" and TEXT in (left.kind, right.kind):
            return self._glued([left, right])
        if operator in ("+", "-", "*") and left.kind == right.kind == NUMBER:
            return Code(f"{left.operand} {operator} {right.operand}", NUMBER, atom=False)
        if operator == "+":
            return Code(f"plus({left.text}, {right.text})")
        raise Gap(f"the operator {operator} is not translated")

    def _equal(self, node: Node, left: Code, right: Code) -> Code:
        """`==` where it means what `===` does, or asks for null."""
        if node.child("right").text("raw") == "null" or right.text == "UNDEFINED":
            return Code(f"nothing({left.text})", TRUTH)
        if left.kind == right.kind and left.kind != ANY:
            return self.identical(left, right)
        raise Gap(f"{node.text('operator')} is not translated: it converts its values")

    def identical(self, left: Code, right: Code) -> Code:
        """`===`, and chai's `equal`, in the shortest way that means the same."""
        if right.text in ("None", "True", "False", "UNDEFINED"):
            return comparison(left.operand, "is", right.text)
        if (
            right.kind == TEXT
            or left.kind == right.kind == NUMBER
            or (right.kind == NUMBER and right.text not in ("0", "1"))
        ):
            return comparison(left.operand, "==", right.operand)
        return Code(f"identical({left.text}, {right.text})", TRUTH)

    # -- chains -------------------------------------------------------------------------------------------------------

    def _MemberExpression(self, node: Node) -> Code:
        base, steps = chain_of(node)
        path = path_of(node)
        if base.type == "Identifier" and not self.scope.owns(base.text("name")):
            if path in GIVEN:
                return GIVEN[path]
            if base.text("name") in ("environment", "globals") and len(steps) == 1 and steps[0][0] != "[]":
                return self.variable("globals_" if base.text("name") == "globals" else "environment", steps[0][0])
            if path.startswith(("pm.", "postman.")) and not path.startswith("pm.response.json()"):
                raise Gap(f"{path} is not translated")
        name, inner = steps[-1]
        if name in OF_OBJECTS:
            raise Gap(f"the member {name} is not translated")
        key = quoted(name)
        if isinstance(inner, Node):
            index = self.value(inner)
            if index.kind not in (TEXT, NUMBER):
                raise Gap("a computed member is not translated")
            key = index.text
        before = self.value(node.child("object"))
        return member(before, key, NUMBER if name == "length" and before.kind == TEXT else ANY)

    def variable(self, dictionary: str, name: str) -> Code:
        """The value of one of Postman's variables."""
        self.uses.add(name)
        return Code(f"{dictionary}.get({quoted(name)}, UNDEFINED)")

    def _CallExpression(self, node: Node) -> Code:
        path = path_of(node)
        base, _ = chain_of(node)
        own = base.type == "Identifier" and self.scope.owns(base.text("name"))
        if path in GIVEN and not own:
            return GIVEN[path]
        arguments = node.children("arguments")
        found = None if own else self._function(path, arguments)
        if found is not None:
            return found
        callee = node.child("callee")
        if callee.type != "MemberExpression" or callee.get("computed") or callee.get("optional"):
            raise Gap(f"{path or 'a call'} is not translated")
        return self._method(callee.child("object"), callee.child("property").text("name"), arguments)

    def _function(self, path: str, arguments: list[Node]) -> Code | None:
        """A call of Postman's API or of JavaScript's own functions; None for any other."""
        name = arguments[0].string if len(arguments) == 1 else None
        holder, _, method = path.removesuffix("()").rpartition(".")
        if holder in DICTIONARIES and method in ("get", "has"):
            if name is None:
                raise Gap(f"{path} of a name that is computed is not translated")
            if method == "get":
                return self.variable(DICTIONARIES[holder], name)
            self.uses.add(name)
            return comparison(quoted(name), "in", DICTIONARIES[holder])
        old = {"postman.getEnvironmentVariable()": "environment", "postman.getGlobalVariable()": "globals_"}
        if path in old and name is not None:
            return self.variable(old[path], name)
        if path in ("pm.response.headers.get()", "postman.getResponseHeader()") and name is not None:
            return Code(f"header(response, {quoted(name)})")
        if path == "pm.response.headers.has()" and name is not None:
            return comparison(quoted(name), "in", "response.headers")
        return self._of_javascript(path, arguments[0]) if len(arguments) == 1 and path in OWN_FUNCTIONS else None

    def _of_javascript(self, path: str, argument: Node) -> Code:
        """A function of JavaScript's own."""
        given = self.value(argument)
        text = given.text if given.kind == TEXT else f"string({given.text})"
        made = {
            "Array.isArray()": Code(f"isinstance({given.text}, list)", TRUTH),
            "Boolean()": given if given.kind == TRUTH else Code(f"true({given.text})", TRUTH),
            "JSON.parse()": Code(f"read_json({text})"),
            "JSON.stringify()": Code(f"json_of({given.text})", TEXT),
            "String()": Code(text, TEXT),
        }
        return made[path]

    def _method(self, holder: Node, name: str, arguments: list[Node]) -> Code:
        """A method of a text or of a list."""
        if name in TEXT_METHODS and len(arguments) == (0 if name.startswith("to") else 1):
            value = self.value(holder)
            given = ", ".join(self._text(self.value(one)) for one in arguments)
            return Code(f"{self._text(value)}.{TEXT_METHODS[name]}({given})", TEXT if name.startswith("to") else TRUTH)
        if name in ("includes", "has") and len(arguments) == 1:
            value, wanted = self.value(holder), self.value(arguments[0])
            if name == "has" and value.kind != TEXT:
                raise Gap("the method has is not translated")
            return Code(f"holds({value.text}, {wanted.text})", TRUTH)
        if name in ("some", "every", "map", "filter", "find") and len(arguments) == 1:
            return self._each(self.value(holder), name, arguments[0])
        raise Gap(f"the method {name} is not translated")

    def _text(self, code: Code) -> str:
        return code.operand if code.kind == TEXT else f"only_text({code.text})"

    def _each(self, items: Code, name: str, function: Node) -> Code:
        """A method of lists with a function of one expression."""
        params, body = function.children("params"), function.child("body")
        if body.type == "BlockStatement":
            statements = body.children("body")
            if len(statements) != 1 or statements[0].type != "ReturnStatement":
                raise Gap(f"the function of {name} is not translated")
            body = statements[0].child("argument")
        if len(params) != 1 or params[0].type != "Identifier" or function.get("async"):
            raise Gap(f"the function of {name} is not translated")
        self.scope = Scope(self.scope)
        one = self.scope.declare(params[0].text("name"))
        inner = self.value(body).text if name == "map" else self.truth(body).text
        self.scope = self.scope.outer or self.scope
        loop = f"for {one} in elements({items.text})"
        made = {
            "some": Code(f"any({inner} {loop})", TRUTH), "every": Code(f"all({inner} {loop})", TRUTH),
            "map": Code(f"[{inner} {loop}]"), "filter": Code(f"[{one} {loop} if {inner}]"),
            "find": Code(f"next(({one} {loop} if {inner}), UNDEFINED)"),
        }  # fmt: skip
        return made[name]


def _without_marks(code: str) -> str | None:
    """Code that can stand within a text of double quotation marks; None if it cannot."""
    if '"' not in code:
        return None if "\\" in code else code
    return None if "'" in code or "\\" in code else code.replace('"', "'")
