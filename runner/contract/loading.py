"""Loads the documents that `--contract` names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from runner.contract.contract import Contract, Contracts
from runner.contract.remote import Remote, check_allowed
from runner.errors import InvalidCollection, UsageError
from runner.foreign.openapi.documents import Document
from runner.foreign.openapi.swagger import as_openapi
from runner.formats.format import Given
from runner.formats.reading import read_text
from runner.options import RunOptions
from runner.sources.web import fetch

EXAMPLES = "examples"
"""What `--contract` calls the saved examples of the collections that are run."""


def load_contracts(options: RunOptions, environ: Mapping[str, str]) -> Contracts:
    """The contracts of a run; raises `LoadError` and `UsageError`."""
    for url in options.contract_server:
        if not url.startswith(("http://", "https://", "/")):
            raise UsageError(f"{url!r} is no URL", where="--contract-server", hint="it begins with http:// or https://")
    if options.contract_drift and EXAMPLES not in options.contract:
        raise UsageError("does nothing without --contract examples", where="--contract-drift")
    check_allowed(options.contract_allow_ref)
    if (options.contract_coverage or 0) > 100:
        raise UsageError("is more than all", where="--contract-coverage", hint="it is a percentage, up to 100")
    return Contracts(
        [load_contract(name, options, environ, options.contract_server) for name in options.contract if name != EXAMPLES]
    )


def load_contract(name: str, options: RunOptions, environ: Mapping[str, str], servers: Sequence[str]) -> Contract:
    """The contract of one file or URL; `servers` replace its own. Raises `LoadError`."""
    text = fetch(name, options, environ) if name.startswith(("http://", "https://")) else read_text(name)
    remote = Remote(name, options.contract_allow_ref, options, environ)
    document = Document(Given(text, name), remote.fetch)
    version = document.version
    if version == (2, 0):
        as_openapi(document)
    elif version[0] != 3:
        found = document.root.get("openapi", document.root.get("swagger"))
        hint = "3.0 to 3.2 can, and Swagger 2.0"
        raise InvalidCollection(f"is no contract: its version of OpenAPI is {found}", where=name, hint=hint)
    return Contract(document, servers, old=version < (3, 1), formats=options.contract_formats)
