"""The client of one user, which knows what is under way."""

from __future__ import annotations

from time import perf_counter
from typing import Any

from runner.client.http import Client
from runner.cookies.jar import CookieJar
from runner.errors import RequestError
from runner.model.request import PreparedRequest
from runner.model.response import Exchange


class UserClient(Client):
    """Says how long a request took that got no response, and what was under way when its user ended."""

    _under_way: dict[object, tuple[str, float]]

    def for_other_user(self, jar: CookieJar) -> Client:
        """As `Client` does it, with nothing under way."""
        other = super().for_other_user(jar)
        assert isinstance(other, UserClient)
        other._under_way = {}
        return other

    def send(self, prepared: PreparedRequest, **more: Any) -> Exchange:
        """Send as `Client` does; what ends the user itself leaves its request among those under way."""
        key, started = object(), perf_counter()
        self._under_way[key] = prepared.method, started
        try:
            exchange = super().send(prepared, **more)
        except RequestError as error:
            error.elapsed = (perf_counter() - started) * 1000
            del self._under_way[key]
            raise
        except Exception:
            del self._under_way[key]
            raise
        del self._under_way[key]
        return exchange

    def under_way(self) -> list[tuple[str, float]]:
        """Method and milliseconds of each request that has not ended, each once."""
        now, waiting = perf_counter(), list(self._under_way.values())
        self._under_way.clear()
        return [(method, (now - started) * 1000) for method, started in waiting]
