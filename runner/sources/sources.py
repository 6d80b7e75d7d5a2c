"""Loads what the command line names: files, pipes, URLs, and UIDs of the Postman API."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from runner.descriptors import once_only
from runner.errors import FileUnreadable
from runner.formats.load import load_collection, load_data, load_environment
from runner.formats.reading import read_text
from runner.model.collection import Collection
from runner.model.json import JsonObject
from runner.model.variable import Environment
from runner.options import RunOptions

if TYPE_CHECKING:
    from runner.postman_api.address import PostmanApi


class Sources:
    """Loads inputs with the settings of the options and the environment variables."""

    def __init__(self, options: RunOptions, environ: Mapping[str, str] | None = None) -> None:
        self._options = options
        self._environ = os.environ if environ is None else environ

    def collection(self, name: str) -> Collection:
        """The collection of this path, URL or UID; raises `LoadError`."""
        return load_collection(name, self._fetched(name, "collections"))

    def environment(self, name: str, scope: str = "environment") -> Environment:
        """The environment or globals of this path, URL or UID; raises `LoadError`."""
        return load_environment(name, scope, self._fetched(name, "environments"))

    def data(self, name: str) -> tuple[JsonObject, ...]:
        """The rows of this path or URL; raises `LoadError`."""
        return load_data(name, self._fetched(name, ""))

    def _fetched(self, name: str, kind: str) -> str | None:
        """The text of an address, a UID or a pipe; None for a file."""
        if once_only(name):
            return read_text(name)
        if name.lower().startswith(("http://", "https://")):
            return self._fetch(name)
        if not kind or os.path.exists(name):
            return None
        from runner.postman_api.address import is_uid

        if not is_uid(name):
            return None
        if not self._api.key:
            raise FileUnreadable("is not a file", where=name, hint="to load it by its UID give --postman-api-key")
        return self._fetch(self._api.address(kind, name))

    @cached_property
    def _api(self) -> PostmanApi:
        from runner.postman_api.address import API_URL_VARIABLE, PostmanApi

        return PostmanApi(self._environ.get(API_URL_VARIABLE), self._options.postman_api_key)

    def _fetch(self, url: str) -> str:
        from runner.sources.web import fetch

        bare, key = self._api.take_key(url)
        return fetch(bare, key, self._options, self._environ, shown=url)


def load_rows(options: RunOptions) -> tuple[JsonObject, ...]:
    """The rows of data; empty without a data file, and for one without rows, which gives one iteration (Newman)."""
    data = options.iteration_data or ()
    return Sources(options).data(data) if isinstance(data, str) else data
