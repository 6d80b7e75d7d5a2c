"""The tab Body: how to enter each mode of a body, with the app's labels."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from runner.manual_steps.descriptions import line_of
from runner.manual_steps.document import Code, Control, Entry, Line, Sample, Table, joined
from runner.manual_steps.rows import described
from runner.manual_steps.values import Values
from runner.model.json import Json
from runner.model.request import Body, FormParam
from runner.rules.text import text_of

LANGUAGES = {"json": "JSON", "xml": "XML", "html": "HTML", "javascript": "JavaScript", "text": "Text"}


def body(given: Body, source: Json, values: Values) -> Iterator[Entry]:
    """The entry about a body; `source` is its JSON."""
    mode = given.mode
    rows = source.get(mode) if isinstance(source, dict) and mode else None
    if mode == "raw" and given.raw not in (None, ""):
        language = str(given.language or "text")
        title = LANGUAGES.get(language, language)
        line: Line = ("In ", Control("Body"), " choose ", Control("raw"), " and ", Control(title), ", and enter:")
        yield Entry(line, (Sample(values.text(text_of(given.raw)), language),))
    elif mode == "urlencoded" and given.urlencoded:
        table = _form(given.urlencoded, described(rows), values, types=False)
        yield Entry(("In ", Control("Body"), " choose ", Control("x-www-form-urlencoded"), ", and enter:"), (table,))
    elif mode == "formdata" and given.formdata:
        table = _form(given.formdata, described(rows), values, types=True)
        yield Entry(("In ", Control("Body"), " choose ", Control("form-data"), ", and enter:"), (table,))
    elif mode == "file":
        yield Entry(("In ", Control("Body"), " choose ", Control("binary"), ", ", *_file(given, values), "."))
    elif mode == "graphql":
        yield from _graphql(given.graphql, values)


def _file(given: Body, values: Values) -> Line:
    src = (given.file or {}).get("src")
    if isinstance(src, str) and src:
        return ("click ", Control("Select file"), " and choose the file ", values.code(src))
    content = (given.file or {}).get("content")
    if isinstance(content, str) and content:
        return ("click ", Control("Select file"), " and choose a file with the content ", values.code(content))
    return ("click ", Control("Select file"), " and choose your file")


def _form(rows: Sequence[FormParam], about: dict[str, str], values: Values, *, types: bool) -> Table:
    ticks = any(row.disabled for row in rows)
    content_types = any(row.content_type for row in rows)
    columns = [
        *(["Ticked"] if ticks else []),
        "Key",
        *(["Type"] if types else []),
        "Value",
        *(["Content-Type"] if content_types else []),
        *(["Description"] if about else []),
    ]
    lines = []
    for row in rows:
        lines.append(
            (
                *((("no" if row.disabled else "yes",),) if ticks else ()),
                (values.code(row.key),),
                *((("File" if row.type == "file" else "Text",),) if types else ()),
                _files(row, values) if row.type == "file" else values.cell(row.key, row.value),
                *(((values.code(row.content_type),) if row.content_type else (),) if content_types else ()),
                *((line_of(values.text(about.get(row.key, ""))),) if about else ()),
            )
        )
    return Table(tuple(columns), tuple(lines))


def _files(row: FormParam, values: Values) -> Line:
    sources = row.src if isinstance(row.src, tuple) else (row.src,) if row.src else ()
    if not sources:
        return ("click ", Control("Select Files"), " and choose your file")
    chosen: list[Line] = [(values.code(one),) for one in sources]
    return ("click ", Control("Select Files"), " and choose ", *joined(chosen, ", ", " and "))


def _graphql(given: Json, values: Values) -> Iterator[Entry]:
    fields = given if isinstance(given, dict) else {"query": given}
    query = fields.get("query")
    line: Line = ("In ", Control("Body"), " choose ", Control("GraphQL"), ", and enter in ", Control("Query"), ":")
    yield Entry(line, (Sample(values.text(text_of(query) if query is not None else ""), "graphql"),))
    variables = fields.get("variables")
    if variables not in (None, "", {}):
        text = variables if isinstance(variables, str) else json.dumps(variables, indent=4, ensure_ascii=False)
        yield Entry(("Enter in ", Control("GraphQL Variables"), ":"), (Sample(values.text(text), "json"),))
    operation = fields.get("operationName")
    if isinstance(operation, str) and operation:
        yield Entry(("If there are several operations, choose ", Code(values.text(operation)), "."))
