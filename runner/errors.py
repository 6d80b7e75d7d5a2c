"""Every exception of postrunner, drawn as one tree.

PostrunnerError                  what any caller may catch
├── UsageError                   the command line or an option is wrong                         exit 2
├── LoadError                    a file or folder cannot be used                                exit 2
│   ├── FileUnreadable           it is missing, not allowed or not text
│   │   └── FileRefused          it is not read, whatever it contains
│   ├── InvalidDocument          it is not valid JSON, CSV or YAML (line and column are known)
│   ├── InvalidCollection        it is well-formed but not what was asked for (JSON path is known)
│   └── NotEditable              it cannot be changed without changing more than what differs
├── SelectionError               nothing can be run: an unknown folder or item name             exit 2
├── RunError                     something in the run failed                                    exit 1
│   ├── RequestError             a request got no usable response (has the Node error code)
│   ├── AuthError                a request could not be signed
│   │   └── AuthIncomplete       what the auth type needs is not filled in
│   ├── VariableError            variables have no value (strict) or values without end
│   ├── SandboxError             the script child cannot be started or broke its protocol
│   ├── RunAborted               the run ended early: time limit, loop guard, a listener that raised
│   │   ├── Bailed               a failure ended it (--bail)
│   │   └── Cancelled            another thread cancelled it
│   ├── Flaky                    a request passed only after a retry, with --fail-on-flaky
│   ├── WarningGiven             a run gave a warning, with --fail-on-warning
│   ├── NothingRun               no request was run: an empty selection is not a success
│   └── RunFailed                raised by raise_for_failures for Python callers
├── ExportError                  a report or export could not be written                        exit 1
├── RemoteError                  the Postman API refused or failed, or has other things by now   exit 1
├── InternalError                a defect of postrunner itself                                  exit 1
├── SystemFailure                the system has no more memory, open files, threads or space    exit 1
└── Interrupted                  Ctrl-C, SIGTERM or SIGHUP                                exit 130, 143
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Sequence
from typing import Any


class PostrunnerError(Exception):
    """Root of all errors: a message, the place (`where`) and what to do about it (`hint`)."""

    exit_code = 1

    def __init__(self, message: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


class UsageError(PostrunnerError):
    """The command line, a configuration file or an option value is wrong."""

    exit_code = 2


class LoadError(PostrunnerError):
    """A file that the user named cannot be used."""

    exit_code = 2


class FileUnreadable(LoadError):
    """A file is missing, may not be read, or lies outside the allowed folders."""


class FileRefused(FileUnreadable):
    """A file is not read, whatever is in it: it is outside the allowed folders, not a regular file, or too large."""


class InvalidDocument(LoadError):
    """A file's text cannot be parsed; `where` ends with line and column."""


class InvalidCollection(LoadError):
    """A document is well-formed but is not what it should be; `where` has the JSON path."""


class NotEditable(LoadError):
    """A file cannot be changed in place, and was left as it is."""


class SelectionError(PostrunnerError):
    """A folder or item that was asked for does not exist."""

    exit_code = 2


class RunError(PostrunnerError):
    """Something failed while the collection was running."""


class RequestError(RunError):
    """A request got no usable response.

    `code` is the code Node gives for it (ECONNREFUSED, ENOTFOUND, ETIMEDOUT, HPE_…, "" without one), because scripts and
    reports of Postman users look for these. `hops` are the redirects that were followed before (`model.Hop`). In a run with
    telemetry `traced` (`model.Traced`) and `asked` (method and URL) tell of the request that failed, if it was sent.
    """

    name = "Error"
    hops: Sequence[Any] = ()
    elapsed: float | None = None
    """Milliseconds until it failed, where somebody counts them."""
    traced: Any = None
    asked: tuple[str, str] = ("", "")

    def __init__(self, message: str, *, code: str = "", where: str = "", hint: str = "") -> None:
        super().__init__(message, where=where, hint=hint)
        self.code = code
        self.sent: Any = None
        """The item's request as far as it was prepared, for its test scripts."""


class AuthError(RunError):
    """A request could not be signed: a parameter is missing or a key has the wrong form."""


class AuthIncomplete(AuthError):
    """A parameter that the auth type needs is missing or empty, or holds a variable without a value."""


class VariableError(RunError):
    """The variables of a request cannot be resolved: they have no value in strict mode, or their values never end."""


class SandboxError(RunError):
    """The script child cannot be started, died, or broke its protocol."""


class RunAborted(RunError):
    """The run was ended early by bail, a time limit, a loop guard or a listener that raised."""


class Flaky(RunError):
    """A request passed only after a retry, which `--fail-on-flaky` makes a failure."""


class WarningGiven(RunError):
    """A run gave a warning, which `--fail-on-warning` makes a failure."""


class Bailed(RunAborted):
    """A failure, which is already reported, ended the run (`--bail`)."""


class Cancelled(RunAborted):
    """Another thread cancelled the run (`Cancel.set`)."""


class NotCovered(RunError):
    """A run got checked responses of too few operations of its contract."""


class NothingRun(RunError):
    """A run without a single request, which would be green by mistake."""


class RunFailed(RunError):
    """A run had these `failures` (`results.Failure`), which the message names."""

    def __init__(self, message: str, failures: Sequence[Any] = ()) -> None:
        super().__init__(message)
        self.failures = failures


class ExportError(PostrunnerError):
    """A report or an export could not be written; the run's result stands."""


class RemoteError(PostrunnerError):
    """The Postman API refused or failed (`status` is that of its answer, 0 without one), or has other things by now."""

    def __init__(self, message: str, *, status: int = 0, where: str = "", hint: str = "") -> None:
        super().__init__(message, where=where, hint=hint)
        self.status = status


class InternalError(PostrunnerError):
    """A defect of postrunner. The reports so far are still written."""

    def __init__(self, cause: Exception) -> None:
        hint = "this is a defect of postrunner: please report it; POSTRUNNER_DEBUG=1 shows where it happened"
        super().__init__(f"internal error: {type(cause).__name__}: {cause}", hint=hint)


class SystemFailure(PostrunnerError):
    """The system ran out of memory, open files, threads or disk space. The reports so far are still written."""


_LIMITS = {
    "EMFILE": "a higher limit of open files helps (ulimit -n)",
    "ENFILE": "the whole system has too many open files",
    "ENOMEM": "a higher limit of memory helps (ulimit -v), or a smaller file",
    "EAGAIN": "a higher limit of processes and threads helps (ulimit -u)",
    "ENOSPC": "make room on the disk, or set TMPDIR to a folder that has some",
    "EDQUOT": "the quota of the disk is used up",
    "EFBIG": "a higher limit of the size of files helps (ulimit -f)",
}


def unforeseen(cause: Exception) -> PostrunnerError:
    """The error for an unexpected exception: a limit of the system, or else a defect of postrunner."""
    name = errno.errorcode.get(cause.errno or 0, "") if isinstance(cause, OSError) else ""
    if isinstance(cause, MemoryError):
        name = "ENOMEM"
    elif isinstance(cause, RuntimeError) and "start new thread" in str(cause):
        name = "EAGAIN"
    if name not in _LIMITS:
        return InternalError(cause)
    reason = os.strerror(getattr(errno, name))
    return SystemFailure(f"the system refused to go on: {reason[:1].lower()}{reason[1:]}", hint=_LIMITS[name])


class Interrupted(PostrunnerError):
    """The user or the system asked the run to stop; reports so far are still written."""

    exit_code = 130

    def __init__(self, message: str = "interrupted", *, exit_code: int = 130) -> None:
        super().__init__(message)
        self.exit_code = exit_code


_SYSTEM_ERROR = re.compile(
    r"(?P<syscall>[a-z]+) (?P<code>[A-Z_]+)"
    r"(?: (?:(?P<address>\S+?)(?::(?P<port>[0-9]{1,5}))?(?: \(the proxy \S+\))?|(?=.* ).*))?"
)
_RESOLVER_NUMBERS = {"EAI_AGAIN": -3001, "ENOTFOUND": -3008}


def node_fields(code: str, message: str) -> dict[str, Any]:
    """The fields of Node's errors: code, and for system errors the parts of `connect ECONNREFUSED 127.0.0.1:1`."""
    match = _SYSTEM_ERROR.fullmatch(message)
    if match is None or match["code"] != code:
        return {"code": code} if code else {}
    number = _RESOLVER_NUMBERS.get(code) or -getattr(errno, code, 0)
    found: dict[str, Any] = {**({"errno": number} if number else {}), "code": code, "syscall": match["syscall"]}
    if match["port"]:
        return found | {"address": match["address"], "port": int(match["port"])}
    return found | {"hostname": match["address"]} if match["address"] else found
