"""Assertions of chai and of Postman (`pm.expect(…).to…`, `pm.response.to…`) as conditions of Python."""

from __future__ import annotations

from runner.foreign.python_code.scripts.expressions import ANY, NUMBER, TEXT, TRUTH, Code, Expressions, comparison, member
from runner.foreign.python_code.scripts.regexes import python_pattern
from runner.foreign.python_code.scripts.tree import Gap, Node, chain_of

WORDS = frozenset(
    [
        "to",
        "be",
        "been",
        "is",
        "that",
        "which",
        "and",
        "has",
        "have",
        "with",
        "at",
        "of",
        "same",
        "but",
        "does",
        "still",
        "also",
    ]
)
"""Words that assert nothing."""

SAME = {
    **dict.fromkeys(("equal", "equals", "eq"), "equal"), **dict.fromkeys(("eql", "eqls"), "eql"),
    **dict.fromkeys(("a", "an"), "a"), **dict.fromkeys(("include", "includes", "contain", "contains"), "include"),
    **dict.fromkeys(("above", "gt", "greaterThan"), ">"), **dict.fromkeys(("least", "gte", "greaterThanOrEqual"), ">="),
    **dict.fromkeys(("below", "lt", "lessThan"), "<"), **dict.fromkeys(("most", "lte", "lessThanOrEqual"), "<="),
    **dict.fromkeys(("lengthOf", "length"), "length"), **dict.fromkeys(("match", "matches"), "match"),
    **dict.fromkeys(("closeTo", "approximately"), "closeTo"), **dict.fromkeys(("key", "keys"), "keys"),
    **dict.fromkeys(("property", "haveOwnProperty", "ownProperty"), "property"),
}  # fmt: skip
"""Names of assertions that mean the same."""

PROPERTIES = {
    "true": ("{} is True", "{} is not True"), "false": ("{} is False", "{} is not False"),
    "null": ("{} is None", "{} is not None"), "undefined": ("{} is UNDEFINED", "{} is not UNDEFINED"),
    "exist": ("not nothing({})", "nothing({})"), "exists": ("not nothing({})", "nothing({})"),
    "ok": ("true({})", "not true({})"), "empty": ("empty({})", "not empty({})"),
}  # fmt: skip

CODES = {
    "ok": "200", "accepted": "202", "withoutContent": "204", "badRequest": "400", "unauthorized": "401",
    "unauthorised": "401", "forbidden": "403", "notFound": "404", "notAcceptable": "406", "rateLimited": "429",
}  # fmt: skip

CLASSES = {"info": 1, "success": 2, "redirection": 3, "clientError": 4, "serverError": 5}


class Assertions:
    """The conditions of one chain of assertions."""

    def __init__(self, expressions: Expressions) -> None:
        self._expressions = expressions
        self._made: list[str] = []
        self._flags: set[str] = set()
        self._subject = Code("response")

    def conditions(self, node: Node) -> list[str] | None:
        """What a chain asserts, in its order, with the message behind a comma; None if it is not a chain of assertions."""
        base, steps = chain_of(node)
        if base.type != "Identifier" or base.text("name") != "pm" or self._expressions.scope.owns("pm"):
            return None
        message, at = "", 1
        if [name for name, _ in steps[:2]] == ["expect", "()"]:
            message, at = self._expected(steps[1][1]), 2
        elif [name for name, _ in steps[:2]] != ["response", "to"]:
            return None
        while at < len(steps):
            name, inner = steps[at]
            called = at + 1 < len(steps) and steps[at + 1][0] == "()"
            arguments = steps[at + 1][1] if called else None
            if inner is not None or name in ("[]", "()"):
                raise Gap("a computed assertion is not translated")
            self._step(name, arguments if isinstance(arguments, list) else None, message)
            at += 2 if called else 1
        if not self._made:
            raise Gap("an assertion that is not finished asserts nothing")
        return self._made

    def _expected(self, given: list[Node] | Node | None) -> str:
        """Take what `pm.expect` is given as the subject; returns the message."""
        if not isinstance(given, list) or len(given) not in (1, 2):
            raise Gap("pm.expect without a value is not translated")
        self._subject = Code("response") if _is_response(given[0]) else self._expressions.value(given[0])
        return self._message(given[1:])

    def _message(self, given: list[Node]) -> str:
        return f", {self._expressions.value(given[0]).text}" if given else ""

    def _step(self, name: str, given: list[Node] | None, message: str) -> None:
        if given is None and name in WORDS:
            return
        if given is None and name in ("not", "deep", "any", "all", "own"):
            self._flags.add(name)
            return
        kind = SAME.get(name, name)
        if self._subject.text == "response":
            self._add(self._of_response(kind, given), message)
        elif given is None and kind == "include":
            self._flags.add(kind)
        elif given is None and kind == "length":
            self._subject = Code(f"length({self._subject.text})")
        elif given is None and kind in PROPERTIES:
            plain, negated = PROPERTIES[kind]
            text, no = plain.format(self._subject.operand), negated.format(self._subject.operand)
            self._add(Code(text, TRUTH, atom=not text.startswith("not "), negated=no), message)
        elif given is None:
            raise Gap(f"the assertion {name} is not translated")
        else:
            most = {"property": 2, "closeTo": 2, "within": 2, "keys": 99}.get(kind, 1)
            self._add(self._compared(kind, given[:most]), self._message(given[most : most + 1]) or message)
            if kind == "property" and "not" not in self._flags:
                self._subject = member(self._subject, self._expressions.value(given[0]).text)

    def _add(self, condition: Code, message: str) -> None:
        self._made.append((condition.opposite if "not" in self._flags else condition).text + message)

    # -- values -------------------------------------------------------------------------------------------------------

    def _compared(self, kind: str, given: list[Node]) -> Code:
        subject, flags = self._subject, self._flags
        if "own" in flags or ("deep" in flags and kind not in ("equal", "eql", "property", "keys")):
            raise Gap(f"the assertion {kind} of this kind is not translated")
        if kind == "oneOf" and "include" not in flags and len(given) == 1 and given[0].type == "ArrayExpression":
            return self._one_of(given[0])
        if kind == "match" and len(given) == 1 and given[0].get("regex") is not None:
            return self._matched(given[0])
        if kind == "keys":
            return self._keys(given)
        values = [self._expressions.value(one) for one in given]
        if not values or "include" in flags:
            raise Gap(f"the assertion {kind} is not translated")
        first = values[0]
        if kind == "eql" or (kind == "equal" and "deep" in flags):
            plain = first.kind != ANY or first.text in ("None", "UNDEFINED")
            return self._expressions.identical(subject, first) if plain else Code(
                f"same({subject.text}, {first.text})", TRUTH)  # fmt: skip
        if kind == "equal":
            return self._expressions.identical(subject, first)
        if kind == "a" and given[0].string is not None:
            return comparison(f"type_of({subject.text})", "==", first.text.lower())
        if kind == "include":
            both = subject.kind == first.kind == TEXT
            return comparison(first.operand, "in", subject.operand) if both else Code(
                f"includes({subject.text}, {first.text})", TRUTH)  # fmt: skip
        if kind == "property" and given[0].string is not None:
            return self._property(first, values[1:])
        return self._measured(kind, [_number(value) for value in values])

    def _measured(self, kind: str, numbers: list[str]) -> Code:
        """An assertion about a number."""
        subject, first = _number(self._subject), numbers[0]
        if kind in (">", "<", ">=", "<="):
            return Code(f"{subject} {kind} {first}", TRUTH, atom=False)
        if kind == "within" and len(numbers) == 2:
            return Code(f"{first} <= {subject} <= {numbers[1]}", TRUTH, atom=False)
        if kind == "closeTo" and len(numbers) == 2:
            return Code(f"abs({subject} - {first}) <= {numbers[1]}", TRUTH, atom=False)
        if kind == "length":
            return comparison(f"length({self._subject.text})", "==", first)
        raise Gap(f"the assertion {kind} is not translated")

    def _one_of(self, listed: Node) -> Code:
        values = [self._expressions.value(one) for one in listed.children("elements")]
        subject = self._subject
        plain = all(
            one.kind == TEXT or (one.kind == NUMBER and (subject.kind == NUMBER or one.text not in ("0", "1")))
            for one in values
        )
        if plain and values:
            listed_text = ", ".join(one.text for one in values)
            return comparison(subject.operand, "in", f"({listed_text}{',' * (len(values) == 1)})")
        return Code(f"any(identical({subject.text}, one) for one in {self._expressions.value(listed).text})", TRUTH)

    def _matched(self, pattern: Node) -> Code:
        regex = pattern.get("regex")
        assert isinstance(regex, dict)
        text, flags = python_pattern(str(regex["pattern"]), str(regex["flags"]))
        subject = self._subject.text if self._subject.kind == TEXT else f"string({self._subject.text})"
        return Code(f"re.search({text}, {subject}, {flags})", TRUTH)

    def _keys(self, given: list[Node]) -> Code:
        nodes = given[0].children("elements") if len(given) == 1 and given[0].type == "ArrayExpression" else given
        names = [self._expressions.value(one) for one in nodes]
        if not names or any(name.kind != TEXT for name in names):
            raise Gap("the assertion keys is not translated")
        wanted, subject = "{" + ", ".join(name.text for name in names) + "}", f"keys({self._subject.text})"
        if "any" in self._flags:
            return Code(f"{subject} & {wanted}", TRUTH, atom=False)
        if "include" in self._flags:
            return Code(f"{subject} >= {wanted}", TRUTH, atom=False)
        return comparison(subject, "==", wanted)

    def _property(self, name: Code, values: list[Code]) -> Code:
        there = f"has({self._subject.text}, {name.text})"
        if not values:
            return Code(there, TRUTH)
        found = member(self._subject, name.text)
        deep = Code(f"same({found.text}, {values[0].text})")
        equal = deep if "deep" in self._flags else self._expressions.identical(found, values[0])
        return Code(f"{there} and {equal.text}", TRUTH, atom=False)

    # -- the response -------------------------------------------------------------------------------------------------

    def _of_response(self, kind: str, given: list[Node] | None) -> Code:
        status = "response.status_code"
        values = [self._expressions.value(one) for one in given or ()]
        if given is None and kind in CODES:
            return comparison(status, "==", CODES[kind])
        if given is None and kind in CLASSES:
            return comparison(f"{status} // 100", "==", str(CLASSES[kind]))
        if given is None and kind == "error":
            return Code(f"400 <= {status} < 600", TRUTH, atom=False)
        if (given is None and kind == "json") or (kind == "jsonBody" and given == []):
            return Code("is_json(response.text)", TRUTH)
        if (given is None and kind == "withBody") or (kind == "body" and given == []):
            return comparison("response.text", "==", '""').opposite
        if kind in ("status", "statusCode") and len(values) == 1 and values[0].kind == NUMBER:
            return comparison(status, "==", values[0].text)
        if kind in ("status", "statusReason") and len(values) == 1 and values[0].kind == TEXT:
            return comparison("response.reason_phrase", "==", values[0].text)
        if kind == "header" and values and values[0].kind == TEXT:
            if len(values) == 1:
                return comparison(values[0].text, "in", "response.headers")
            if values[1].kind == TEXT and "not" not in self._flags:
                return Code(f"header(response, {values[0].text}) == {values[1].text}", TRUTH, atom=False)
        if kind == "body" and len(values) == 1 and values[0].kind == TEXT:
            return comparison("response.text", "==", values[0].text)
        raise Gap(f"the assertion {kind} of a response is not translated")


def _is_response(node: Node) -> bool:
    base, steps = chain_of(node)
    return base.type == "Identifier" and base.text("name") == "pm" and [name for name, _ in steps] == ["response"]


def _number(code: Code) -> str:
    return code.operand if code.kind == NUMBER else f"number({code.text})"
