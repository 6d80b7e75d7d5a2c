"""Small exports of version 5."""

import json

LINES = """type: collection.insomnia.rest/5.0
name: x
collection:
  - url: http://h
    name: r
    method: POST
"""
"""The beginning of one whose request has the line 4."""


def export(collection, **more):
    """An export of these items; JSON is YAML, too."""
    return json.dumps({"type": "collection.insomnia.rest/5.0", "name": "Shop", "collection": collection, **more}, indent=1)


def get(**fields):
    """A request."""
    return {"url": "URL/get", "name": "Get", "method": "GET", **fields}


def post(text, **fields):
    """A request with a text body."""
    return get(name="Post", method="POST", body={"mimeType": "text/plain", "text": text}, **fields)


def body_of(sent, template, **more):
    """The body that is sent for a template."""
    return sent(export([post(template)], **more))[-1][3]
