"""Which names of a script's own a statement may change that is not translated."""

from __future__ import annotations

from collections.abc import Iterator

from runner.foreign.python_code.scripts.tree import Node, path_of

PURE_METHODS = frozenset(
    ["json", "text", "get", "has", "toObject", "map", "filter", "find", "findIndex", "some", "every",
     "includes", "indexOf", "lastIndexOf", "join", "slice", "concat", "keys", "entries", "values", "toString",
     "toLowerCase", "toUpperCase", "trim", "split", "startsWith", "endsWith", "match", "test", "replace",
     "replaceAll", "substring", "substr", "padStart", "padEnd", "charAt", "toFixed", "forEach", "at", "flat",
     "flatMap", "reduce", "getTime", "toISOString", "format"]
)  # fmt: skip
"""Methods that change nothing; the functions that they are given are looked at themselves."""

PURE = (
    "pm.", "postman.", "console.", "JSON.", "Object.keys", "Object.values", "Object.entries", "Array.isArray",
    "Math.", "parseInt", "parseFloat", "Number", "String", "Boolean", "isNaN", "Date", "moment",
    "encodeURIComponent", "decodeURIComponent", "btoa", "atob", "CryptoJS.", "tv4.validate", "_.get", "_.has", "expect",
)  # fmt: skip
"""Functions that change nothing that they are given."""


def stays(statement: Node) -> bool:
    """Whether a statement makes a function that may change names later on."""
    made = ("FunctionDeclaration", "VariableDeclaration", "ExpressionStatement")
    functions = ("FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression")
    if statement.type == "ExpressionStatement" and statement.child("expression").type == "CallExpression":
        return False
    return statement.type in made and any(node.type in functions for node in statement.inside())


def spoiled_by(statement: Node) -> Iterator[str]:
    """Names that are assigned, whose members are, or that are given to a function which may change them."""
    for node in statement.inside():
        if node.type == "AssignmentExpression":
            yield from _roots(node.child("left"))
        elif node.type == "UpdateExpression" or (node.type == "UnaryExpression" and node.text("operator") == "delete"):
            yield from _roots(node.child("argument"))
        elif node.type in ("ForOfStatement", "ForInStatement"):
            yield from _roots(node.child("left"))
        elif node.type in ("VariableDeclarator", "FunctionDeclaration", "ClassDeclaration"):
            yield from (inner.text("name") for inner in node.child("id").inside() if inner.type == "Identifier")
        elif node.type in ("CallExpression", "NewExpression"):
            yield from _called(node)


def _called(node: Node) -> Iterator[str]:
    callee, path = node.child("callee"), path_of(node.child("callee"))
    computed = callee.get("computed")
    if callee.type == "MemberExpression" and (computed or callee.child("property").text("name") not in PURE_METHODS):
        yield from _roots(callee.child("object"))
    if not path.startswith(PURE):
        for one in node.children("arguments"):
            yield from _roots(one)


def _roots(node: Node) -> Iterator[str]:
    """The names that the expressions of a target or an argument begin with."""
    if node.type in ("FunctionExpression", "ArrowFunctionExpression"):
        return
    yield from (inner.text("name") for inner in node.inside() if inner.type == "Identifier")
