"""What makes a run weaker and was not typed: told in one line before the run, from wherever the configuration comes.

Weaker is a run that checks, masks or fails less than by default, may read more, goes another way, writes over files, or
starts programs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from runner.cli.config import TELLING, Config
from runner.options import RunOptions

LONGEST = 80
"""Characters of a value that are shown."""


def _more_than_a_body(size: int) -> bool:
    from runner.transport.limits import MAX_BODY

    return size > MAX_BODY


def _more_than_a_heap(size: int) -> bool:
    from runner.sandbox.child import DEFAULT_MEMORY_MB

    return size > DEFAULT_MEMORY_MB * 1024**2


WEAKENS: dict[str, Callable[[Any], bool]] = {
    **dict.fromkeys(("allow_empty", "cookie_jar", "working_dir"), bool),
    "no_insecure_file_read": lambda value: value is False,
    "allow_read": bool,
    "max_response_size": _more_than_a_body,
    **dict.fromkeys(("proxy", "no_proxy"), bool),
    "script_memory": _more_than_a_heap,
    **dict.fromkeys(("insecure", "ssl_extra_ca_certs", "record", "replay", "suppress_exit_code"), bool),
    "max_requests": lambda value: value > 100_000,
    "retry_unsafe": bool,
    **dict.fromkeys(("dry_run", "list_items", "export_environment", "export_globals", "export_collection"), bool),
    **dict.fromkeys(("export_collection_values", "export_variable", "export_secrets", "export_cookie_jar"), bool),
    **dict.fromkeys(("show_secrets", "token_cache", "on_fail", "on_recover"), bool),
}
"""Options by their fields, and whether a value of them weakens a run; in the order in which they are told."""

USUAL = ("SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS")
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
"""What many machines have: told with --verbose."""


def weakened(config: Config, options: RunOptions, typed: Collection[str], environ: Mapping[str, str]) -> str | None:
    """The line, None where nothing is to be told; `typed` has the fields and reporter options of the command line."""
    places: dict[str, list[str]] = {}
    for place, text in (*_settings(config, options, typed), *_variables(options, environ)):
        places.setdefault(place, []).append(text)
    if not places:
        return None
    from runner.loading import make_secrets

    told = "; ".join(f"{place} sets {', '.join(texts)}" for place, texts in places.items())
    secrets = make_secrets(replace(options, show_secrets=False))
    return secrets.mask(f"this run is weaker than by default: {told}")


def _settings(config: Config, options: RunOptions, typed: Collection[str]) -> Iterator[tuple[str, str]]:
    """Place and text of each setting that weakens."""
    for name, weakens in WEAKENS.items():
        if name in config.values and name not in typed and weakens(config.values[name]):
            yield _place(config.places[name]), _setting(name.replace("_", "-"), config.values[name])
    for full, value in options.reporter_options:  # of the reporters of this run
        if full not in typed and full.rpartition("-")[2] == "export":
            yield _place(config.places[f"reporter-{full}"]), f"reporter-{full}={_short(value)}"


def _place(place: str) -> str:
    return f"the environment ({place})" if place.isupper() else place


def _setting(flag: str, value: Any) -> str:
    if isinstance(value, bool):
        return flag if value else "insecure-file-read"
    if isinstance(value, tuple):
        value = " ".join("=".join(one) if isinstance(one, tuple) else one for one in value)
    return f"{flag}={_short(value)}"


def _variables(options: RunOptions, environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The variables of the machine that change whom a run trusts and where it goes."""
    proxies = () if options.proxy is not None else PROXIES
    for name in (*sorted(TELLING), *((*USUAL, *proxies) if options.verbose else ())):
        value = environ.get(name) or (environ.get(name.lower()) if name in PROXIES else None)
        if value:
            yield "the environment", f"{name}={_short(value)}"


def _short(value: Any) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
