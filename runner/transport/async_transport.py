"""An asynchronous httpx transport, such as `httpx.ASGITransport`, behind the interface of synchronous ones."""

from __future__ import annotations

import asyncio
from threading import Event, Thread
from typing import cast

import httpx

from runner.transport.limits import Limits
from runner.transport.sockets.waiting import READ, ready
from runner.transport.sockets.waker import Waker


class InLoop(httpx.BaseTransport):
    """Sends through an asynchronous transport, in an event loop that runs in a thread of its own until it is closed.

    All requests share the loop, so that what an application binds to one (locks, pools, tasks) goes on to work. The request
    extension `limits` says how long a request may take and what cancels it.
    """

    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self._transport = transport
        self._ready = Event()
        self._thread = Thread(target=self._run, name="postrunner-transport", daemon=True)
        self._thread.start()
        self._ready.wait()

    def _run(self) -> None:
        with asyncio.Runner() as runner:
            self._loop = runner.get_loop()
            self._ready.set()
            self._loop.run_forever()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; raises what the transport raises, and `RequestError` when its time is over."""
        limits: Limits = request.extensions.get("limits") or Limits()
        answered = Waker()
        sent = asyncio.run_coroutine_threadsafe(self._send(request), self._loop)
        sent.add_done_callback(lambda _: answered.wake())
        try:
            if not ready({answered.fileno(): READ}, limits.patience(), limits.cancel):
                raise limits.timed_out()
            return sent.result()
        finally:
            sent.cancel()
            answered.close()

    async def _send(self, request: httpx.Request) -> httpx.Response:
        response = await self._transport.handle_async_request(request)
        stream = cast(httpx.AsyncByteStream, response.stream)
        try:
            body = b"".join([part async for part in stream])
        finally:
            await stream.aclose()
        return httpx.Response(
            response.status_code,
            headers=response.headers,
            stream=httpx.ByteStream(body),
            extensions=response.extensions,
        )

    def close(self) -> None:
        """End the loop, with all that still runs in it."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
