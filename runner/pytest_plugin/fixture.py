"""What the fixture `postman` is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import runner
from runner.pytest_plugin.settings import options_of

if TYPE_CHECKING:
    import httpx

    from runner.results.summary import Summary


class Postman:
    """Runs whole collections inside a test, with the options of the configuration, of the marker and of the fixtures."""

    def __init__(
        self,
        request: pytest.FixtureRequest,
        environment: Mapping[str, object],
        transport: httpx.BaseTransport | None,
    ) -> None:
        self._request = request
        self._environment = environment
        self._transport = transport

    def run(self, collection: str | Path, **options: Any) -> Summary:
        """Run a collection; the path counts from the folder of the test, else from the root folder.

        Options are those of `runner.run`. They win over those of `@pytest.mark.postman(…)`, these over the hook
        `pytest_postrunner_options`, that over the command line, and that over the configuration file; variables of all of
        these are set, those of the fixture `postman_environment` among them.
        """
        request = self._request
        path = self._path(collection)
        given: dict[str, Any] = {}
        pairs: list[tuple[str, str]] = []
        for more in (*(mark.kwargs for mark in reversed([*request.node.iter_markers("postman")])), options):
            pairs += _pairs(more.get("env_var", ()))
            given.update(more)
        base = options_of(request.config, path, self._environment)
        fields = {name: value for name, value in vars(base).items() if name != "env_var"}
        env_var = (*base.env_var, *pairs)
        return runner.run(str(path), transport=self._transport, **{**fields, **given, "env_var": env_var})

    def _path(self, collection: str | Path) -> Path:
        config = self._request.config
        places = (self._request.path.parent, config.rootpath)
        return next((place / collection for place in places if (place / collection).exists()), Path(collection))


def _pairs(env_var: Mapping[str, str] | Sequence[tuple[str, str]]) -> Sequence[tuple[str, str]]:
    return [*env_var.items()] if isinstance(env_var, Mapping) else env_var
