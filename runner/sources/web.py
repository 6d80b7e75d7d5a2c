"""Texts from the web, fetched with the proxy and TLS options of the run."""

from __future__ import annotations

from collections.abc import Mapping

from runner.errors import LoadError, RequestError
from runner.formats.reading import decode
from runner.options import RunOptions
from runner.secrets import Secrets


def fetch(url: str, options: RunOptions, environ: Mapping[str, str]) -> str:
    """The text of an address; raises `LoadError`."""
    from runner.client.apart import Apart
    from runner.postman_api.answers import reason

    shown = Secrets().mask(url)
    client = Apart(options, environ)
    try:
        response = client.send("GET", url, {})
    except RequestError as error:
        raise LoadError(f"cannot be fetched: {error.message}", where=shown, hint=error.hint) from None
    finally:
        client.close()
    text = decode(response.body)
    if response.code != 200:
        raise LoadError(f"cannot be fetched: {reason(response, text)}", where=shown)
    return text
