"""What stands behind the connections of a server: its API, its journal, and its control path."""

from __future__ import annotations

import threading
from typing import Any, Protocol

from runner.model.quick_dataclass import dataclass
from runner.server.faults import Fault
from runner.server.journal import Journal
from runner.server.messages import Answer, Call, Refused, error_answer, json_answer


class Api(Protocol):
    """What stands behind the server: one object that answers calls one after the other."""

    def answer(self, call: Call) -> Answer:
        """Answer one call; may raise Refused."""
        ...

    def refuse(self, call: Call, refused: Refused) -> Answer:
        """Write an error the way this API does at that place."""
        ...

    def key_name(self, call: Call) -> str:
        """Which known key the call carries: a name for the journal, never the key."""
        ...

    def reset(self) -> None:
        """Return to the state of the start."""
        ...


@dataclass(frozen=True, slots=True)
class Names:
    """What a server is called in errors (`noun`) and in its `Server` header; its control path, and the header of faults."""

    noun: str
    software: str
    control: str
    fault_header: str


class Backend:
    """One API with its journal; calls are answered one after the other, from any thread.

    `closing` is set when the server ends: no fault waits any longer.
    """

    def __init__(self, api: Api, names: Names) -> None:
        self.api = api
        self.names = names
        self.closing = threading.Event()
        self._journal = Journal()
        self._turn = threading.Lock()

    def note(self, call: Call) -> dict[str, Any]:
        """The journal's entry for a call that came in."""
        with self._turn:
            return self._journal.add(call, key=self.api.key_name(call), fault=call.header(self.names.fault_header.lower()))

    def entries(self) -> list[dict[str, Any]]:
        """All calls since the start or the last reset."""
        with self._turn:
            return [dict(entry) for entry in self._journal.entries]

    def reset(self) -> None:
        """Return the API to its first state and empty the journal."""
        with self._turn:
            self.api.reset()
            self._journal = Journal()

    def answer(self, call: Call, fault: Fault) -> Answer:
        """The API's answer, its error for a refused call, or the error that a fault asks for."""
        with self._turn:
            try:
                if fault.status:
                    headers = (("Retry-After", "1"),) if fault.status == 429 else ()
                    raise Refused(fault.status, f"{self.names.fault_header} asked for {fault.status}", headers=headers)
                return self.api.answer(call)
            except Refused as refused:
                return self.api.refuse(call, refused)
            except Exception as error:
                # A defect of the API: the client has to see it, and the next call has to work.
                return self.api.refuse(call, Refused(500, f"The {self.names.noun} failed: {error!r}"))

    def control(self, call: Call) -> Answer | None:
        """The answer to a call of the server's own routes, the journal and the reset; None for the API's."""
        if not call.path.startswith(self.names.control):
            return None
        route = call.method, call.path.removeprefix(self.names.control)
        if route == ("GET", "requests"):
            return json_answer({"requests": self.entries()})
        if route == ("POST", "reset"):
            self.reset()
            return json_answer({"success": True})
        return error_answer(Refused(404, "Not Found"))
