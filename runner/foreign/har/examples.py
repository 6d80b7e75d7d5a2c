"""Recorded responses as saved examples: without what changes each time, cut to a size, secrets masked."""

from __future__ import annotations

from collections.abc import Sequence

from runner.foreign.har.document import Entry
from runner.foreign.har.recorded import Kept
from runner.model.json import JsonObject
from runner.secrets.mask import Secrets
from runner.secrets.names import words

LARGEST = 64 * 1024
"""Characters of a body that are kept."""

_CHANGING = words(
    "date set-cookie connection keep-alive transfer-encoding content-length content-encoding age expires etag"
    " last-modified x-request-id cf-ray server-timing report-to nel alt-svc via"
)
_LANGUAGES = {"json": "json", "html": "html", "xml": "xml", "javascript": "javascript"}


class Examples:
    """The examples of a recording: every secret of it is masked in each of them."""

    def __init__(self, entries: Sequence[Entry], kept: Kept) -> None:
        self._entries, self._kept = entries, kept
        self._secrets = Secrets()
        for entry in entries:
            for name, value in (*entry.headers, *entry.response_headers):
                self._secrets.learn_header(name, value)
            for _, value in entry.set_cookies:
                self._secrets.add_found(value)
            for text in (entry.url, entry.text, entry.posted.text if entry.posted else ""):
                self._secrets.learn_text(text)

    def of(self, at: int, item: JsonObject) -> list[JsonObject]:
        """The example of a request: the response that it got in the end; none without one."""
        entry = self._entries[self._kept.last[at]]
        if not entry.status:
            return []
        headers = [{"key": name, "value": value} for name, value in entry.response_headers if name.lower() not in _CHANGING]
        language = next((name for word, name in _LANGUAGES.items() if word in entry.type.lower()), "text")
        shown: JsonObject = self._secrets.mask_json({"header": headers, "body": entry.text})
        shown["body"] = shown["body"][:LARGEST]
        return [
            {
                "name": f"{entry.status} {entry.reason}".strip(),
                "originalRequest": item["request"],
                "status": entry.reason,
                "code": entry.status,
                "_postman_previewlanguage": language,
                **shown,
            }
        ]
