"""Fast calls into the prelude's functions, used only by the script child.

The binding's own calls are slow. For each one it builds an array of arguments, filled by the world's own `push`, which
scripts may replace; for each result it creates a Python thread state on the engine's thread, puts the result into a queue
and wakes the calling thread. Here the text is passed as `this`, with one empty array for all calls, and the thread state is
kept. The engine's thread itself takes each result and posts the next calls, so most scripts wake no other thread.
"""

from __future__ import annotations

import ctypes
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from py_mini_racer import MiniRacer

    Call = tuple[str, bytes]
    GoOn = Callable[[list[bytes]], "tuple[Call, ...]"]


def calls_into(engine: MiniRacer, functions: dict[str, str]) -> Calls:
    """Calls to these functions of the engine (name → expression), each of which takes one text."""
    wrapper = "((called) => function () {{ 'use strict'; return called(this); }})({})"
    made: dict[str, Any] = {name: engine.eval(wrapper.format(place)) for name, place in functions.items()}
    try:
        return DirectCalls(engine, made)
    except AttributeError:  # another version of the binding, with other internals
        return Calls(made)


class Calls:
    """Calls through the public interface of the binding."""

    def __init__(self, functions: dict[str, Any]) -> None:
        self._functions = functions

    def make(self, *calls: Call) -> list[bytes]:
        """Make all calls, in order; raises the first failure after the last call."""
        return [self._functions[name](this=text.decode()).encode() for name, text in calls]

    def converse(self, calls: tuple[Call, ...], go_on: GoOn) -> list[bytes]:
        """Make calls, then those that `go_on` returns for their results, until it returns none; returns the last results.

        `go_on` may be called on another thread.
        """
        while True:
            results = self.make(*calls)
            calls = go_on(results)
            if not calls:
                return results


class DirectCalls(Calls):
    """Calls that bypass the binding's Python code and use its library directly."""

    def __init__(self, engine: MiniRacer, functions: dict[str, Any]) -> None:
        super().__init__(functions)
        empty: Any = engine.eval("[]")
        self._arguments, context = empty.raw_handle, empty._ctx
        library = context._dll
        self._number, self._value_of = context._ctx, context._value_handle_to_python
        self._allocate, self._call, self._free = (
            library.mr_alloc_string_val,
            library.mr_call_function,
            library.mr_free_value,
        )
        self._text_type = context._python_to_value_handle("").raw.contents.type
        self._handles = {name: function.raw_handle for name, function in functions.items()}
        self._texts: list[Any] = []
        self._given: list[Any] = []
        self._wanted = 1
        self._complete = threading.Lock()
        self._complete.acquire()
        self._go_on: GoOn | None = None
        self._failure: BaseException | None = None
        self._state_kept = False
        context._non_cancelable_mr_task_results_queue.put  # noqa: B018  # raises AttributeError if there is none to replace
        object.__setattr__(context, "_non_cancelable_mr_task_results_queue", self)

    def make(self, *calls: Call) -> list[bytes]:
        """Make all calls, in order; raises the first failure after the last call."""
        self._post(calls)
        self._complete.acquire()
        return self._results()

    def converse(self, calls: tuple[Call, ...], go_on: GoOn) -> list[bytes]:
        """Make calls, then those that `go_on` returns for their results, until none are left; returns the last results."""
        self._go_on = go_on
        self._post(calls)
        self._complete.acquire()
        failure, self._failure, self._go_on = self._failure, None, None
        if failure is not None:
            self._forget()
            raise failure
        return self._results()

    def put(self, handle: object) -> None:
        """Take a result, on the engine's thread. `put` and `get` stand in for the methods of the binding's queue."""
        if not self._state_kept:  # otherwise the binding destroys the thread's state after each result
            self._state_kept = True
            ctypes.pythonapi.PyGILState_Ensure()
        self._given.append(handle)
        if len(self._given) < self._wanted:
            return
        if self._go_on is not None:
            try:
                calls = self._go_on(self._read())
            except BaseException as error:  # an exception on this thread would be lost
                calls, self._failure = (), error
            if calls:
                self._forget()
                self._post(calls)
                return
        self._complete.release()

    def get(self) -> object:
        """Wait for the result of a call that the binding itself made."""
        self._complete.acquire()
        return self._given.pop()

    def _post(self, calls: tuple[Call, ...]) -> None:
        self._wanted = len(calls)
        self._texts = [self._allocate(self._number, text, len(text), self._text_type) for _, text in calls]
        for (name, _), text in zip(calls, self._texts, strict=True):
            self._call(self._number, self._handles[name].raw, text, self._arguments.raw, 0)

    def _read(self) -> list[bytes]:
        """The results so far; raises JSEvalException for a call that failed."""
        text_type = self._text_type
        found = [(handle, handle.raw.contents) for handle in self._given]
        return [
            value.value.bytes_val[: value.len] if value.type == text_type else self._value_of(handle)
            for handle, value in found
        ]

    def _results(self) -> list[bytes]:
        """The results; frees everything that these calls hold."""
        try:
            return self._read()
        finally:
            self._forget()

    def _forget(self) -> None:
        for text in self._texts:
            self._free(self._number, text)
        self._given, self._texts, self._wanted = [], [], 1
