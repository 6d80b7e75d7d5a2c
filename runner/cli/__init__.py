"""The command line: options in, exit code out."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

    from runner.interruption import SignalPolicy


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code: 0 passed, 1 failed, 2 a mistake in usage or files."""
    from runner import interruption

    if arguments is not None:
        with interruption.listen(*interruption.ENDINGS):
            return _main(arguments, interruption.waiting())
    # The command line is the whole process: nothing comes after it that a signal could end.
    interruption.listen_for_good()
    sys.unraisablehook = interruption.quiet_hook(sys.unraisablehook)
    code = _main(sys.argv[1:], interruption.preparing())
    code = _flush(code)
    return interruption.end_listening() or code


def _main(arguments: list[str], policy: SignalPolicy) -> int:
    import gc

    from runner.cli.early import EarlyChild

    before, early = (sys.stdout, sys.stderr), EarlyChild()
    gc.disable()  # until the run begins: imports make no garbage, and looking for it takes 15 ms
    try:
        with policy:
            sys.stdout, sys.stderr = _safe(before, always="--ci-safe" in arguments)
            early.guess(arguments)
            from runner.cli.app import run_app

            return run_app(arguments, early)
    except KeyboardInterrupt:
        from runner.interruption import asked

        _tell("interrupted")
        return asked() or 130
    finally:
        early.close()
        gc.enable()
        sys.stdout, sys.stderr = before


def _safe(streams: tuple[TextIO, TextIO], *, always: bool) -> tuple[TextIO, TextIO]:
    """These streams, so that everything that is printed passes through `Log`."""
    import os
    from typing import cast

    from runner.logs import Log, Markers

    markers = Markers(os.environ, always=always)
    out, err = (cast("TextIO", stream and Log(stream, markers)) for stream in streams)
    return out, err


def _tell(text: str) -> None:
    try:
        print(text, file=sys.stderr)
    except OSError:  # the terminal is gone
        return


def _flush(code: int) -> int:
    """Write what is left of standard output; returns the exit code, which is never 0 if that fails.

    A signal ends the wait for whoever reads it.
    """
    from runner.interruption import Interrupt, writing_out

    try:
        with writing_out():
            sys.stdout.flush()
    except (Interrupt, OSError) as error:
        from runner.cli.app import report
        from runner.errors import unforeseen
        from runner.outputs import let_go

        let_go(sys.stdout)
        if isinstance(error, Interrupt):
            return code
        if not code and not isinstance(error, BrokenPipeError):  # a reader that has left, such as `head`, is not an error
            report(unforeseen(error))
        return code or 1
    except (ValueError, AttributeError):  # standard output is closed or missing
        return code
    return code
