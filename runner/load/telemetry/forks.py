"""Keeps the SDK's hooks for forked processes out of a process with gevent."""

from __future__ import annotations

import os


class WithoutForkHooks:
    """Within the block nobody registers what runs in forked processes.

    gevent forks in Python before it runs another program, here a script child. A hook that starts or awaits threads, as
    those of the SDK do, runs gevent's loop in that process: it goes on with the users of its parent, and takes the
    responses out of their sockets.
    """

    def __enter__(self) -> None:
        self._kept = getattr(os, "register_at_fork", None)
        if self._kept is not None:
            setattr(os, "register_at_fork", lambda **hooks: None)  # noqa: B010  # typed as a function

    def __exit__(self, *_: object) -> None:
        if self._kept is not None:
            setattr(os, "register_at_fork", self._kept)  # noqa: B010
