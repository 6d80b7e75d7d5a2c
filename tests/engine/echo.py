"""A toy protocol: an item says a text several times, and hears each one back; scripts run before, and for each message."""

from dataclasses import dataclass

from runner.effects import Effect
from runner.model.response import Response, Sizes
from runner.protocols.phases import Phase
from runner.protocols.protocol import Seen
from runner.protocols.table import Row

BEFORE = Phase(listen="beforeEcho")
MESSAGE = Phase(listen="message", sees_response=True)
BLIND = Phase(listen="blind")
ROW = Row("tests.engine.echo", (BEFORE, MESSAGE, BLIND))


@dataclass(frozen=True, slots=True)
class Shout(Effect[str]):
    """Shout a text → what comes back."""

    text: str


class Echo:
    """The protocol of one run."""

    def steps(self, item):
        heard = None

        def see(script):
            yield from ()
            body = (heard or "").encode()
            sizes = Sizes(body=len(body), header=0, decoded=len(body))
            response = Response(code=200, status="OK", body=body, sizes=sizes)
            return Seen(request=dict(item.place.item.payload), response=response)

        yield from item.run_scripts(BEFORE, see)
        for _ in range(item.place.item.payload["times"]):
            heard = yield from Shout(item.place.item.payload["say"])
            yield from item.run_scripts(MESSAGE, see)
        yield from item.run_scripts(BLIND, see)

    def add_performers(self, performers, world):
        performers.add(Shout, lambda effect: effect.text.upper())


def open_protocol(parts):
    return Echo()
