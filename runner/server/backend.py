"""What the connections of a server share: its API, its journal, and its control path."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol

from runner.model.quick_dataclass import dataclass
from runner.server.faults import Fault
from runner.server.journal import Journal, JournalEntry, Record
from runner.server.messages import Answer, Call, Later, Refused

CONTROL = "/__postrunner/"
"""The control path of every server."""

Log = Callable[[Record, Answer], None]
"""Is told of each answer before it is sent."""


class Api(Protocol):
    """The API that a server serves; it gets one call at a time."""

    def answer(self, call: Call) -> Answer | Later:
        """Answer one call; may raise `Refused`. What is to be called later does not hold up other calls."""
        ...

    def refuse(self, call: Call, refused: Refused) -> Answer:
        """The error answer, in the format of this API at this path."""
        ...

    def key_name(self, call: Call) -> str:
        """The name of the key that the call carries, for the journal; never the key itself."""
        ...

    def reset(self) -> None:
        """Return to the initial state."""
        ...


@dataclass(frozen=True, slots=True)
class ServerNames:
    """The words of a server: its `noun` in errors, its `Server` header, and the header for faults.

    `control` are the prefixes of its control path.
    """

    noun: str
    software: str
    fault_header: str
    control: tuple[str, ...] = (CONTROL,)


class Backend:
    """One API with its journal; may be called from any thread and asks the API for one answer at a time.

    `closing` is set when the server ends, so that no fault waits any longer.
    """

    def __init__(self, api: Api, names: ServerNames, log: Log | None = None) -> None:
        self.api = api
        self.names = names
        self.log = log
        self.closing = threading.Event()
        self._journal = Journal()
        self._turn = threading.Lock()

    def note(self, call: Call) -> Record:
        """Add a call to the journal."""
        with self._turn:
            return self._journal.add(call, key=self.api.key_name(call), fault=call.header(self.names.fault_header.lower()))

    def answered(self, record: Record, answer: Answer) -> None:
        """Take down what a call is answered with."""
        record.status = answer.status
        record.answer = answer.told[0] if answer.told else ""
        if self.log is not None:
            self.log(record, answer)

    def records(self) -> list[Record]:
        """All calls since the start or the last reset."""
        with self._turn:
            return list(self._journal.records)

    def entries(self) -> list[JournalEntry]:
        """The same, as the journal shows them."""
        return [record.shown() for record in self.records()]

    def reset(self) -> None:
        """Return the API to its initial state and empty the journal."""
        with self._turn:
            self.api.reset()
            self._journal = Journal()

    def answer(self, call: Call, fault: Fault) -> Answer:
        """The answer of the API, or its error answer if it refuses the call or the fault asks for an error."""
        try:
            with self._turn:
                if fault.status:
                    headers = (("Retry-After", "1"),) if fault.status == 429 else ()
                    raise Refused(fault.status, f"{self.names.fault_header} asked for {fault.status}", headers=headers)
                found = self.api.answer(call)
            return found if isinstance(found, Answer) else found()
        except Refused as caught:
            refused = caught
        except Exception as error:
            # A bug in the API: show it to the client and keep serving.
            refused = Refused(500, f"The {self.names.noun} failed: {error!r}")
        with self._turn:
            return self.api.refuse(call, refused)
