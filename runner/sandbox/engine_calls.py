"""Calls of the prelude's functions, at a third of what the binding takes for one; only the script child needs them.

For each call the binding makes an array of arguments and has the world's own `push` fill it, which scripts may replace; and
each result makes a state of the engine's thread for Python, hands over a lock and wakes the caller. Here the text is
`this`, the array is empty and kept, the state is kept too, and the last of several results wakes the caller.
"""

from __future__ import annotations

import ctypes
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from py_mini_racer import MiniRacer


class Results:
    """What calls gave, in order: the engine's thread puts it here. It takes the place of a queue of the binding."""

    def __init__(self) -> None:
        self._given: list[Any] = []
        self._wanted = 1
        self._complete = threading.Lock()
        self._complete.acquire()
        self._kept_state = False

    def put(self, result: object) -> None:
        """Called by the engine's thread."""
        if not self._kept_state:  # the binding would end the thread's state after each result
            self._kept_state = True
            ctypes.pythonapi.PyGILState_Ensure()
        self._given.append(result)
        if len(self._given) == self._wanted:
            self._complete.release()

    def want(self, count: int) -> None:
        """So many results are waited for next, instead of one."""
        self._wanted = count

    def take(self) -> list[Any]:
        """Wait for them."""
        self._complete.acquire()
        given, self._given, self._wanted = self._given, [], 1
        return given

    def get(self) -> object:
        """Wait for the result of a call that the binding makes."""
        return self.take()[0]


def calls_into(engine: MiniRacer, functions: dict[str, str]) -> Callable[..., list[bytes]]:
    """A function that makes calls one after the other, each of a name in `functions` with a text, and gives their results.

    It raises what the first of them raised that failed; the others are made all the same.
    """
    wrapper = "((called) => function () {{ 'use strict'; return called(this); }})({})"
    made: dict[str, Any] = {name: engine.eval(wrapper.format(place)) for name, place in functions.items()}
    try:
        return _direct_calls(engine, made)
    except AttributeError:  # another version of the binding has other inner parts
        return lambda *calls: [made[name](this=text.decode()).encode() for name, text in calls]


def _direct_calls(engine: MiniRacer, made: dict[str, Any]) -> Callable[..., list[bytes]]:
    no_arguments: Any = engine.eval("[]")
    context = no_arguments._ctx
    number, library, value_of = context._ctx, context._dll, context._value_handle_to_python
    allocate, call, free = library.mr_alloc_string_val, library.mr_call_function, library.mr_free_value
    arguments = no_arguments.raw_handle
    handles = {name: function.raw_handle for name, function in made.items()}
    text_type = context._python_to_value_handle("").raw.contents.type
    results = Results()
    context._non_cancelable_mr_task_results_queue  # noqa: B018  # must be there to be replaced
    object.__setattr__(context, "_non_cancelable_mr_task_results_queue", results)

    def make(*calls: tuple[str, bytes]) -> list[bytes]:
        results.want(len(calls))
        texts = [allocate(number, text, len(text), text_type) for _, text in calls]
        for (name, _), text in zip(calls, texts, strict=True):
            call(number, handles[name].raw, text, arguments.raw, 0)
        given = results.take()
        for text in texts:
            free(number, text)
        return [
            found.value.bytes_val[: found.len] if found.type == text_type else value_of(handle)
            for handle in given
            for found in (handle.raw.contents,)
        ]

    return make
