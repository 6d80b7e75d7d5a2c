"""The cookies that each collection of a run starts with."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from runner.errors import LoadError
from runner.formats.reading import read_text
from runner.options import RunOptions

if TYPE_CHECKING:
    from runner.cookies.jar import CookieJar


def jar_maker(options: RunOptions) -> Callable[[], CookieJar]:
    """A function that makes the jar of a collection, with the cookies to start with; raises `LoadError`."""
    from runner.cookies.jar import CookieJar

    path = options.cookie_jar
    if not path:
        return CookieJar
    from runner.cookies.jar_file import load_jar
    from runner.formats.json_text import parse_json

    text = read_text(path)
    try:
        document = parse_json(text, path)
        load_jar(document, CookieJar(), path)
    except LoadError as error:  # say what the file is instead, if that is known
        from runner.formats.explain import explain_text

        raise explain_text(text, path, "cookies", error) from None

    def make() -> CookieJar:
        jar = CookieJar()
        load_jar(document, jar, path)
        return jar

    return make
