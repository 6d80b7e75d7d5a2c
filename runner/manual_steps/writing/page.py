"""Documents as HTML: one file that loads nothing and contains no script."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from importlib.resources import files

from runner.logs import visible
from runner.manual_steps.document import (
    Block,
    Code,
    Document,
    Heading,
    Line,
    Listing,
    Paragraph,
    Piece,
    Quote,
    Sample,
    StepLink,
    Table,
)

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def write(document: Document) -> str:
    """The HTML of a document."""
    style = files("runner.manual_steps.writing").joinpath("page.css").read_text("utf-8").strip()
    steps = [block for block in document.blocks if isinstance(block, Heading) and block.number is not None]
    contents = [f'<li><a href="#step-{one.number}">{_text(one.text)}</a></li>' for one in steps]
    lines = [
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{_text(document.title)}</title>",
        f"<style>\n{style}\n</style>",
        "</head>",
        "<body>",
        *(('<nav aria-label="Steps"><ul>', *contents, "</ul></nav>") if len(contents) > 1 else ()),
        "<main>",
        f"<h1>{_text(document.title)}</h1>",
        *(line for block in document.blocks for line in _block(block)),
        "</main>",
        "</body>",
        "</html>",
    ]
    return "\n".join(lines) + "\n"


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Heading):
        name = "" if block.number is None else f' id="step-{block.number}"'
        yield f"<h{block.level}{name}>{_text(block.text)}</h{block.level}>"
    elif isinstance(block, Paragraph):
        yield f"<p>{_line(block.line)}</p>"
    elif isinstance(block, Quote):
        yield "<blockquote>"
        for inner in block.blocks:
            yield from _block(inner)
        yield "</blockquote>"
    elif isinstance(block, Listing):
        tag = "ol" if block.ordered else "ul"
        yield f"<{tag}>"
        for entry in block.entries:
            yield f"<li>{_line(entry.line)}"
            for inner in entry.blocks:
                yield from _block(inner)
            yield "</li>"
        yield f"</{tag}>"
    elif isinstance(block, Table):
        yield '<div class="table"><table>'
        yield f"<thead><tr>{''.join(f'<th>{_text(column)}</th>' for column in block.columns)}</tr></thead>"
        yield "<tbody>"
        yield from (f"<tr>{''.join(f'<td>{_line(cell)}</td>' for cell in row)}</tr>" for row in block.rows)
        yield "</tbody></table></div>"
    else:
        yield from _sample(block)


def _sample(sample: Sample) -> Iterator[str]:
    code = f"<pre><code>{escape(visible(sample.text))}</code></pre>"
    yield f"<details><summary>{_text(sample.title)}</summary>{code}</details>" if sample.title else code


def _line(line: Line) -> str:
    return "".join(map(_piece, line))


def _piece(piece: Piece) -> str:
    if isinstance(piece, str):
        return _text(piece)
    if isinstance(piece, Code):
        return f"<code>{escape(visible(piece.text))}</code>" if piece.text else "(empty)"
    if isinstance(piece, StepLink):
        return f'<a href="#step-{piece.number}">step {piece.number}</a>'
    return f"<b>{_text(piece.text)}</b>"


def _text(text: str) -> str:
    return escape(visible(text))
