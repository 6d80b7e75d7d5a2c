"""What the fixture `postman` is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import pytest

import runner
from runner.pytest_plugin.settings import changed, options_of

if TYPE_CHECKING:
    from runner.api import AnyTransport
    from runner.python.keywords import Keywords
    from runner.results.result import Result


class Postman:
    """Runs whole collections inside a test, with the options of the configuration, of the marker and of the fixtures."""

    def __init__(
        self,
        request: pytest.FixtureRequest,
        environment: Mapping[str, object],
        transport: AnyTransport | None,
    ) -> None:
        self._request = request
        self._environment = environment
        self._transport = transport

    def run(self, collection: str | Path, **options: Unpack[Keywords]) -> Result:
        """Run a collection; the path counts from the folder of the test, else from the root folder.

        Options are those of `runner.run`. They win over those of `@pytest.mark.postman(…)`, these over the hook
        `pytest_postrunner_options`, that over the command line, and that over the configuration file. The variables of all
        of these are set, and with them those of the fixture `postman_environment`.
        """
        request = self._request
        path = self._path(collection)
        made = options_of(request.config, path, self._environment)
        marks = [mark.kwargs for mark in request.node.iter_markers("postman")]
        for given in (*reversed(marks), options):
            made = changed(made, given)
        return runner.run(path, made, transport=self._transport)

    def _path(self, collection: str | Path) -> Path:
        config = self._request.config
        places = (self._request.path.parent, config.rootpath)
        return next((place / collection for place in places if (place / collection).exists()), Path(collection))
