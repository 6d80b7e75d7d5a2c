"""The proxies of a run: options replace the environment variables."""

from __future__ import annotations

from collections.abc import Mapping

from runner.errors import RequestError, UsageError
from runner.options import RunOptions


def environ_of(options: RunOptions, environ: Mapping[str, str]) -> Mapping[str, str]:
    """The environment variables, those of proxies replaced by the options; raises `UsageError` for a bad proxy."""
    if options.proxy is None and options.no_proxy is None:
        return environ
    changed: dict[str, str] = {}
    if options.proxy is not None:
        from runner.transport.sockets.proxy import parse_proxy

        try:
            parse_proxy(options.proxy)
        except RequestError as error:
            raise UsageError(error.message, where="--proxy", hint="write for example http://proxy:3128") from None
        changed |= dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY"), options.proxy)
    if options.no_proxy is not None:
        changed["NO_PROXY"] = options.no_proxy
    kept = {name: value for name, value in environ.items() if name.upper() not in changed}
    return kept | changed
