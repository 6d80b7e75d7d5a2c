"""Loads what the command line names: files, pipes, URLs, and UIDs of the Postman API."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property

from runner.descriptors import once_only
from runner.errors import FileUnreadable, LoadError, RemoteError
from runner.formats.load import load_collection, load_data, load_environment
from runner.formats.reading import read_text
from runner.model.collection import Collection
from runner.model.json import JsonObject
from runner.model.variable import Environment
from runner.options import RunOptions


class Sources:
    """Loads inputs with the settings of the options and the environment variables."""

    def __init__(self, options: RunOptions, environ: Mapping[str, str] | None = None) -> None:
        self._options = options
        self._environ = os.environ if environ is None else environ

    def collection(self, name: str) -> Collection:
        """The collection of this path, URL or UID; raises `LoadError`."""
        return load_collection(name, self.fetched(name, "collections"))

    def environment(self, name: str, scope: str = "environment") -> Environment:
        """The environment or globals of this path, URL or UID; raises `LoadError`."""
        return load_environment(name, scope, self.fetched(name, "environments"))

    def data(self, name: str) -> tuple[JsonObject, ...]:
        """The rows of this path or URL; raises `LoadError`."""
        return load_data(name, self.fetched(name, ""))

    def fetched(self, name: str, kind: str) -> str | None:
        """The text of an address, a UID or a pipe; None for a file."""
        if once_only(name):
            return read_text(name)
        if name.lower().startswith(("http://", "https://")):
            return self._fetch(name)
        if not kind or os.path.exists(name):
            return None
        from runner.postman_api.address import base_url, is_uid
        from runner.postman_api.key import HINT

        if not is_uid(name):
            return None
        if not self._key:
            raise FileUnreadable("is not a file", where=name, hint=f"to load it by its UID {HINT}")
        return self._ask(base_url("us", self._environ), f"/{kind}/{name}", self._key)

    @cached_property
    def _key(self) -> str:
        from runner.postman_api.key import find_key

        return find_key(self._options.postman_api_key, self._environ)

    def _fetch(self, url: str) -> str:
        """The text of an address; the Postman API gets its key as a header."""
        from runner.postman_api.address import base_url, own_path, take_key

        own = own_path(url, base_url("us", self._environ))
        path, key = take_key(own[1]) if own else ("", "")
        if own and (key := key or self._key):
            return self._ask(own[0], path, key)
        from runner.sources.web import fetch

        return fetch(url, self._options, self._environ)

    def _ask(self, base: str, path: str, key: str) -> str:
        """The text of a path of the Postman API."""
        from runner.postman_api.client import PostmanClient

        with PostmanClient(base, key, self._options, self._environ) as client:
            try:
                return client.text(path)
            except RemoteError as error:
                raise LoadError(f"cannot be fetched: {error.message}", where=error.where, hint=error.hint) from None


def load_rows(options: RunOptions) -> tuple[JsonObject, ...]:
    """The rows of data; empty without a data file, and for one without rows, which gives one iteration (Newman)."""
    data = options.iteration_data or ()
    return Sources(options).data(data) if isinstance(data, str) else data
