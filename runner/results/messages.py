"""Request and response of an execution as Python callers know them: `status_code`, `json()`, `text`, `headers`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from runner.deep_json import loads
from runner.events import RequestEvent
from runner.model.charset import known_charset
from runner.model.response import Response
from runner.rules.url import url_text


class Headers(Mapping[str, str]):
    """Headers by name, in whatever case; several of one name are joined with a comma, as HTTP has it.

    `repr()` shows the names alone.
    """

    def __init__(self, pairs: tuple[tuple[str, str], ...]) -> None:
        self.pairs = pairs
        """Each header as it was sent, in order."""

    def get_list(self, name: str) -> list[str]:
        """Each value of a name, such as `Set-Cookie`."""
        return [value for key, value in self.pairs if key.lower() == name.lower()]

    def __getitem__(self, name: str) -> str:
        found = self.get_list(name)
        if not found:
            raise KeyError(name)
        return ", ".join(found)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and bool(self.get_list(name))

    def __iter__(self) -> Iterator[str]:
        names: dict[str, str] = {}
        for name, _ in self.pairs:
            names.setdefault(name.lower(), name)
        return iter(names.values())

    def __len__(self) -> int:
        return len({name.lower() for name, _ in self.pairs})

    def __repr__(self) -> str:
        return f"Headers({', '.join(self)})"


class Message:
    """What requests and responses have in common: headers, and a body as bytes, text and JSON."""

    def __init__(self, headers: tuple[tuple[str, str], ...], content: bytes) -> None:
        self.headers = Headers(headers)
        self.content = content
        """The body; that of a response is decoded (gzip, br …)."""

    @property
    def text(self) -> str:
        """The body as text, in the charset that `Content-Type` names, else in UTF-8; what is not in it becomes `�`."""
        from email.message import EmailMessage

        kind = EmailMessage()
        kind["Content-Type"] = self.headers.get("content-type", "text/plain").replace("\n", " ").replace("\r", " ")
        name = kind.get_content_charset("utf-8")
        return self.content.decode(known_charset(name) or "utf-8", "replace").removeprefix("\ufeff")

    def json(self) -> Any:
        """The value of a JSON body; raises `json.JSONDecodeError`, a `ValueError`."""
        return loads(self.text)


class SentMessage(Message):
    """A request as it went out first, before redirects; if it could not be sent, as it would have been, without a body."""

    def __init__(self, event: RequestEvent) -> None:
        exchange, request = event.exchange, event.request
        if exchange is None:
            named = ((header.key, header.value or "") for header in request.headers if not header.disabled)
            super().__init__(tuple(named), b"")
        else:
            first = exchange.hops[0].headers if exchange.hops else exchange.request.headers
            super().__init__(first, bytes(exchange.request.body))
        self.method = event.method
        self.url = exchange.request.href if exchange else url_text(request.url)

    def __repr__(self) -> str:
        return f"<Request [{self.method}]>"


class ReceivedMessage(Message):
    """The response to a request, the last one after redirects; `url` is where it came from."""

    def __init__(self, response: Response, url: str) -> None:
        super().__init__(response.headers, bytes(response.body))
        self.status_code = response.code
        self.reason = response.status
        self.url = url
        self.elapsed = timedelta(milliseconds=response.time)
        """From the start of the request to the last byte, without time in scripts; in whole milliseconds, as Postman."""
        self.cookies = {cookie.name: cookie.value for cookie in response.cookies}
        """Cookies that the jar has for the URL then, by name."""

    def __repr__(self) -> str:
        return f"<Response [{self.status_code}]>"
