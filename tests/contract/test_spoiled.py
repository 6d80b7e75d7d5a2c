"""Responses that are spoiled in one known way each: every one is found, and no good one is blamed."""

import json

import pytest

from runner.contract.contract import Contract, Contracts
from runner.foreign.openapi.documents import Document
from runner.formats.format import Given
from runner.model.response import Hop, Response
from scripts.spoiling import Case, spoiled_responses
from tests.contract.conftest import URL, document

PET = {
    "type": "object",
    "required": ["id", "kind", "password"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "integer", "minimum": 1, "maximum": 99},
        "kind": {"type": "string", "enum": ["cat", "dog"]},
        "name": {"type": "string", "minLength": 1, "maxLength": 5, "pattern": "^[a-z]+$"},
        "note": {"type": "string", "nullable": True},
        "tags": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 2, "uniqueItems": True},
        "owner": {"$ref": "#/components/schemas/Owner"},
        "password": {"type": "string", "writeOnly": True},
    },
}
OWNER = {
    "allOf": [
        {"type": "object", "required": ["since"], "properties": {"since": {"type": "number"}, "vip": {"type": "boolean"}}}
    ]
}
VALUE = {"id": 1, "kind": "cat", "name": "ab", "note": None, "tags": ["a"], "owner": {"since": 1.5, "vip": True}}
KINDS = {
    *("wrong status", "wrong content type", "no content type", "missing header", "wrong header", "broken JSON"),
    *("missing required", "extra property", "out of enum", "below minimum", "above maximum", "too short", "too long"),
    *("against pattern", "too few items", "too many items", "items twice"),
    *(f"wrong type for {kind}" for kind in ("integer", "string", "array", "object", "number", "boolean")),
    *(f"null for {kind}" for kind in ("integer", "string", "array", "object", "number", "boolean")),
}


def cases(version):
    pet = json.loads(json.dumps(PET))
    if version > "3.1":
        pet["properties"]["note"] = {"type": ["string", "null"]}
    headers = {"X-Count": {"required": True, "schema": {"type": "integer"}}}
    media = {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}}
    get = {"responses": {"200": {"description": "", "headers": headers, "content": media}}}
    root = document({"/p": {"get": get}}, version, components={"schemas": {"Pet": pet, "Owner": OWNER}})
    good = Case("GET", "/p", 200, {"Content-Type": "application/json", "X-Count": "3"}, json.dumps(VALUE), "")
    return root, [good, *spoiled_responses(root, "GET", "/p", good, get["responses"]["200"], old=version < "3.1")]


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_every_spoiled_response_is_found_and_no_good_one_blamed(version):
    root, given = cases(version)
    contract = Contract(Document(Given(json.dumps(root), "api.json")), (), old=version < "3.1", formats=False)
    found = Contracts([contract]).find("GET", f"{URL}/p")[1]
    assert {case.spoiled for case in given} == {"", *KINDS}
    for case in given:
        response = Response(code=case.status, headers=tuple(case.headers.items()), body=case.body.encode())
        hop = Hop(method="GET", href=f"{URL}/p", headers=(), response=response)
        told = [str(one) for check in contract.checks(found, hop, b"") for one in check.violations]
        assert (len(told) > 0) == bool(case.spoiled), (case, told)
        assert not any("can be validated" in one for one in told), told
