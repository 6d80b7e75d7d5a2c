"""Small breaks of a module: each replaces one piece of its text by another."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.In: "not in",
    ast.NotIn: "in",
    ast.Is: "is not",
    ast.IsNot: "is",
}
ARITHMETIC: dict[type[ast.operator], str] = {
    ast.Add: "-",
    ast.Sub: "+",
    ast.Mult: "//",
    ast.Div: "*",
    ast.FloorDiv: "*",
    ast.Mod: "*",
    ast.LShift: ">>",
    ast.RShift: "<<",
    ast.BitAnd: "|",
}

ELSEWHERE = ("TYPE_CHECKING", "attr='platform'", "value='nt'", "version_info")
"""What a test for types, another system or another version of Python has in its syntax tree."""
LOOSE = (ast.BoolOp, ast.BinOp, ast.IfExp, ast.Compare, ast.NamedExpr, ast.Lambda, ast.Yield, ast.YieldFrom)
SIZE = 512
"""Numbers from here on are sizes of blocks and limits, whose neighbours are as good."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One break: the characters from `start` to `end` of a file become `new`."""

    path: str
    line: int
    start: int
    end: int
    new: str

    def applied(self, text: str) -> str:
        """The text of the broken file."""
        return text[: self.start] + self.new + text[self.end :]

    def compiles(self, text: str) -> bool:
        """Whether the broken file still is a module."""
        try:
            compile(self.applied(text), self.path, "exec")
        except SyntaxError:
            return False
        return True

    def diff(self, text: str) -> str:
        """The lines that differ."""
        pair = text.splitlines(), self.applied(text).splitlines()
        return "\n".join(
            line for line in difflib.unified_diff(*pair, lineterm="", n=0) if line[:2] not in ("--", "++", "@@")
        )


def mutants(path: str, text: str) -> Iterator[Mutant]:
    """Every break of a file: those in its functions, since only they have tests of their own."""
    places = Places(text)
    seen: set[tuple[int, int, str]] = set()
    for node, new in _breaks(ast.parse(text), places):
        start, end = places.of(node)
        key = start, end, new
        if key in seen or text[start:end] == new:
            continue
        seen.add(key)
        yield Mutant(path, node.lineno, start, end, new)


class Places:
    """Where nodes stand in a text, in characters: the syntax tree counts the bytes of a line."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = text.splitlines(keepends=True)
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line))

    def of(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """The first character of a node and the one after its last."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._at(node.lineno, node.col_offset), self._at(node.end_lineno, node.end_col_offset)

    def part(self, node: ast.expr) -> str:
        """The text of a node, which stands as it is where another operator is put beside it."""
        start, end = self.of(node)
        found = self._text[start:end]
        return f"({found})" if isinstance(node, LOOSE) else found

    def _at(self, line: int, column: int) -> int:
        return self._starts[line - 1] + len(self._lines[line - 1].encode()[:column].decode())


def _breaks(tree: ast.Module, places: Places) -> Iterator[tuple[ast.expr | ast.stmt, str]]:
    """The nodes of all functions, each with a text that breaks it."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for statement in function.body:
                for node in _inside(statement):
                    yield from _breaks_of(node, places.part)


def _inside(node: ast.AST) -> Iterator[ast.AST]:
    """A node and what is below it, but annotations, texts of messages, and what never runs here or only holds for types."""
    if isinstance(node, ast.Assert | ast.FunctionDef | ast.AsyncFunctionDef):  # a function has a turn of its own
        return
    if isinstance(node, ast.If) and any(word in ast.dump(node.test) for word in ELSEWHERE):
        return
    if isinstance(node, ast.Raise | ast.JoinedStr):
        yield node
        return
    yield node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _inside(child)


def _breaks_of(node: ast.AST, part: Callable[[ast.expr], str]) -> Iterator[tuple[ast.expr | ast.stmt, str]]:
    match node:
        case ast.Compare(ops=[op], left=left, comparators=[right]):
            yield node, f"{part(left)} {COMPARISONS[type(op)]} {part(right)}"
        case ast.BoolOp(op=op, values=values):
            for at in range(len(values)):  # without one of the conditions
                rest = [part(value) for n, value in enumerate(values) if n != at]
                yield node, "(" + f" {'and' if isinstance(op, ast.And) else 'or'} ".join(rest) + ")"
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield node, part(operand)
        case ast.BinOp(op=op, left=left, right=right) if type(op) in ARITHMETIC:
            yield node, f"{part(left)} {ARITHMETIC[type(op)]} {part(right)}"
        case ast.Constant(value=bool(value)):
            yield node, str(not value)
        case ast.Constant(value=int(value)) if value < SIZE:
            yield node, str(value + 1)
        case ast.IfExp(body=body, orelse=orelse):
            yield node, part(body)
            yield node, part(orelse)
        case ast.If(test=test) | ast.While(test=test):
            yield test, f"not ({part(test)})"
        case ast.Return(value=ast.expr() as value) if part(value) not in ("None", "False"):
            yield node, "return None"
        case ast.Expr(value=ast.Call()) | ast.AugAssign() | ast.Raise():
            yield node, "pass"
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield node, "pass"
        case ast.Continue():
            yield node, "break"
        case ast.Break():
            yield node, "continue"
