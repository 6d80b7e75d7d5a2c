"""Runs of small collections without a network."""

import httpx
import pytest

from runner import run


class Ran:
    """A run of a collection made of items, its responses given by a function of the request."""

    def __init__(self):
        self.sent, self.events = [], []
        self.answer = lambda request: httpx.Response(200, json={})

    def __call__(self, *items, **options):
        """Run the items; returns the summary."""
        collection = {"info": {"name": "c"}, "item": list(items)}
        return run(collection, transport=httpx.MockTransport(self._answer), on_event=self.events.append, **options)

    def _answer(self, request):
        self.sent.append(str(request.url))
        return self.answer(request)

    def of(self, kind):
        """The events of one kind."""
        return [event for event in self.events if type(event).__name__ == kind]


@pytest.fixture
def ran():
    return Ran()


def item(name, test="", prerequest="", url="http://h.example/", **request):
    """An item with its scripts; its id is its name."""
    events = [{"listen": k, "script": {"exec": v}} for k, v in (("test", test), ("prerequest", prerequest)) if v]
    return {"id": name, "name": name, "request": {"method": "GET", "url": url, **request}, "event": events}
