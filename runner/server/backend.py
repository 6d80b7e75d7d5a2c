"""What the connections of a server share: its API, its journal, and its control path."""

from __future__ import annotations

import threading
from typing import Protocol

from runner.model.quick_dataclass import dataclass
from runner.server.faults import Fault
from runner.server.journal import Journal, JournalEntry
from runner.server.messages import Answer, Call, Refused, error_answer, json_answer


class Api(Protocol):
    """The API that a server serves; it gets one call at a time."""

    def answer(self, call: Call) -> Answer:
        """Answer one call; may raise `Refused`."""
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
    """The words of a server: its `noun` in errors, its `Server` header, its control path, and the header for faults."""

    noun: str
    software: str
    control: str
    fault_header: str


class Backend:
    """One API with its journal; may be called from any thread and answers one call at a time.

    `closing` is set when the server ends, so that no fault waits any longer.
    """

    def __init__(self, api: Api, names: ServerNames) -> None:
        self.api = api
        self.names = names
        self.closing = threading.Event()
        self._journal = Journal()
        self._turn = threading.Lock()

    def note(self, call: Call) -> JournalEntry:
        """Add a call to the journal."""
        with self._turn:
            return self._journal.add(call, key=self.api.key_name(call), fault=call.header(self.names.fault_header.lower()))

    def entries(self) -> list[JournalEntry]:
        """A copy of the journal."""
        with self._turn:
            return [entry.copy() for entry in self._journal.entries]

    def reset(self) -> None:
        """Return the API to its initial state and empty the journal."""
        with self._turn:
            self.api.reset()
            self._journal = Journal()

    def answer(self, call: Call, fault: Fault) -> Answer:
        """The answer of the API, or its error answer if it refuses the call or the fault asks for an error."""
        with self._turn:
            try:
                if fault.status:
                    headers = (("Retry-After", "1"),) if fault.status == 429 else ()
                    raise Refused(fault.status, f"{self.names.fault_header} asked for {fault.status}", headers=headers)
                return self.api.answer(call)
            except Refused as refused:
                return self.api.refuse(call, refused)
            except Exception as error:
                # A bug in the API: show it to the client and keep serving.
                return self.api.refuse(call, Refused(500, f"The {self.names.noun} failed: {error!r}"))

    def control(self, call: Call) -> Answer | None:
        """The answer of the server's own routes (journal and reset), None for a call to the API."""
        if not call.path.startswith(self.names.control):
            return None
        route = call.method, call.path.removeprefix(self.names.control)
        if route == ("GET", "requests"):
            return json_answer({"requests": self.entries()})
        if route == ("POST", "reset"):
            self.reset()
            return json_answer({"success": True})
        return error_answer(Refused(404, "Not Found"))
