"""Collections for these tests."""

import pytest

import runner

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"


def request(name, url="http://127.0.0.1/x", method="GET", before="", after="", **more):
    """One request of a collection: `before` and `after` are its scripts, what else is given is of the request."""
    scripts = [("prerequest", before), ("test", after)]
    return {
        "name": name,
        "request": {"method": method, "url": url, "header": [], **more},
        "event": [{"listen": when, "script": {"exec": text.split("\n")}} for when, text in scripts if text],
    }


def collection(*items, **more):
    """A collection of v2.1."""
    return {"info": {"name": "Things", "schema": SCHEMA}, "item": list(items), **more}


def bearer(token):
    """An auth of the type Bearer Token."""
    return {"type": "bearer", "bearer": [{"key": "token", "value": token, "type": "string"}]}


@pytest.fixture
def steps():
    """The steps of items as Markdown."""

    def write(*items, top=None, **keywords):
        return runner.steps(collection(*items, **(top or {})), **keywords)

    return write
