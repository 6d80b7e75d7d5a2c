"""docs/auth.md has every auth type and every parameter that the code reads, and no other."""

import ast
import re

from runner.auth import AUTHS
from runner.auth.oauth.grants import GRANTS
from tests.house.code import PACKAGE, ROOT

PAGE = (ROOT / "docs" / "auth.md").read_text()
ROW = re.compile(r"^\| `(\w+)` \| (.*) \|$", re.MULTILINE)
TYPES = PAGE.partition("## Types and parameters")[2].partition("\n## ")[0]
DOCUMENTED = {type: set(re.findall(r"`(\w+)`", text)) for type, text in ROW.findall(TYPES)}

METHODS = {"text": 0, "required": 0, "flag": 0, "choice": 0, "json": 0, "prefix": 0, "raw": 0}
FUNCTIONS = {"usable": 1, "_usable": 1, "pem_text": 1, "extra_params": 1, "key_signer": 2}
FURTHER = {"oauth2": ("oauth.grants", "oauth.token_request", "jwt.jwt")}
VALUES = {"header", "query", "queryParams", "body"}  # what parameters may hold, on the page beside their names


def source_of(module):
    """The text of a module of `runner/auth`, named with dots as in the table."""
    return PACKAGE.joinpath("auth", *module.split(".")).with_suffix(".py").read_text()


def read_parameters(module):
    """The names that a module reads from its `params`, and those in loops over names."""
    for node in ast.walk(ast.parse(source_of(module))):
        if isinstance(node, ast.Call):
            yield from _name_in_call(node)


def _name_in_call(call):
    if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name) and call.func.value.id == "params":
        position = METHODS.get(call.func.attr)
    else:
        position = FUNCTIONS.get(getattr(call.func, "id", ""))
    if position is not None and position < len(call.args) and isinstance(call.args[position], ast.Constant):
        yield call.args[position].value


def read_by(type):
    modules = (AUTHS[type], *FURTHER.get(type, ()))
    return {name for module in modules for name in read_parameters(module)}


def test_every_type_has_a_row():
    assert set(DOCUMENTED) == set(AUTHS)


def test_every_parameter_that_is_read_is_documented():
    only_as_jwt = {("oauth2", "queryParamKey")}
    read = {(type, name) for type in AUTHS for name in read_by(type) - DOCUMENTED[type]}
    assert read - only_as_jwt == set()


def test_every_documented_parameter_is_read():
    files = {type: (AUTHS[type], *FURTHER.get(type, ())) for type in AUTHS}
    texts = {type: "".join(map(source_of, names)) for type, names in files.items()}
    named = {(type, name) for type in AUTHS for name in DOCUMENTED[type] - VALUES}
    assert {(type, name) for type, name in named if not re.search(rf"[\"']{name}[\"']", texts[type])} == set()


def test_every_grant_is_documented():
    assert {grant for grant in GRANTS if f"`{grant}`" not in PAGE} == set()
