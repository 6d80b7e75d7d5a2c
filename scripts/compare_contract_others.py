"""What schemathesis and openapi-core say of responses: `compare_contract.py` runs this where both are installed."""

from __future__ import annotations

import json
import re
import sys
import warnings

import requests
import schemathesis
from openapi_core import OpenAPI
from openapi_core.testing import MockRequest, MockResponse
from schemathesis.core.transport import Response
from schemathesis.specs.openapi import checks

_NAMES = re.compile(r"\{([^{}]*)\}")

CHECKS = [
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]


def of_schemathesis(path: str, cases: list[dict]) -> list[str]:
    """What it finds of each response, empty if nothing."""
    schema = schemathesis.openapi.from_path(path)
    found = []
    for case in cases:
        request = requests.Request(case["method"], "http://api.example" + case["path"]).prepare()
        headers = {name.lower(): [value] for name, value in case["headers"].items()}
        response = Response(case["status"], headers, case["body"].encode(), request, 0.1, False)
        try:
            operation = schema[case["path"]][case["method"]]
            operation.Case(path_parameters=dict.fromkeys(_NAMES.findall(case["path"]), "1")).validate_response(
                response, checks=CHECKS
            )
            found.append("")
        except BaseException as error:  # a group of failures is no Exception
            inner = getattr(error, "exceptions", [error])
            found.append("; ".join(f"{type(one).__name__}: {one}" for one in inner))
    return found


def of_openapi_core(path: str, cases: list[dict]) -> list[str]:
    """What it finds of each response, empty if nothing."""
    try:
        openapi = OpenAPI.from_file_path(path)
    except Exception as error:
        return [f"?{type(error).__name__}: {error}"] * len(cases)
    server = (openapi.spec.get("servers") or [{"url": "/"}])[0]["url"] if "swagger" not in openapi.spec else ""
    found = []
    for case in cases:
        scheme, _, rest = server.rpartition("://") if "://" in server else ("http", "", f"api.example/{server.strip('/')}")
        host, _, base = rest.partition("/")
        concrete = ("/" + base.strip("/") if base.strip("/") else "") + case["path"].replace("{", "").replace("}", "")
        request = MockRequest(f"{scheme}://{host}", case["method"].lower(), concrete)
        content_type = case["headers"].get("Content-Type", "")
        response = MockResponse(case["body"].encode(), case["status"], case["headers"], content_type)
        try:
            openapi.validate_response(request, response)
            found.append("")
        except Exception as error:
            cause = error.__cause__ or error
            details = getattr(cause, "schema_errors", "")
            found.append(f"{type(error).__name__}: {error} {list(details)[:1]}")
    return found


def main() -> None:
    """Read the cases, write what both find."""
    warnings.simplefilter("ignore")
    asked = json.load(sys.stdin)
    path, cases = asked["document"], asked["cases"]
    print(json.dumps({"schemathesis": of_schemathesis(path, cases), "openapi-core": of_openapi_core(path, cases)}))


if __name__ == "__main__":
    main()
