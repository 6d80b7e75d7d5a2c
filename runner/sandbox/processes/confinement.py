"""The rights that the script child gives up before it runs a script, so that code that escapes from V8 can do nothing.

Only the standard library is used: one package for this needs `libseccomp.so` on the system, the other was never released.
Sources: Linux `Documentation/userspace-api/seccomp_filter.rst`, `landlock.rst`. docs/design/004 gives the reasons.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from errno import ENOSYS, EPERM

NO_NEW_PRIVS, SET_FILTER, THREAD = 38, 1, 0x10000
"""PR_SET_NO_NEW_PRIVS, SECCOMP_SET_MODE_FILTER, CLONE_THREAD."""

FILTER_FLAGS = 1 | 4
"""TSYNC, for all threads; SPEC_ALLOW, without slowing the processor down: a child only runs scripts of one collection."""

LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
"""BPF: load a word of the call's description, three jumps, return."""

ALLOW, REFUSE, UNKNOWN, KILL = 0x7FFF0000, 0x00050000 | EPERM, 0x00050000 | ENOSYS, 0x80000000
"""Verdicts on a call. After ENOSYS for an unknown call the C library falls back to the older one."""

NUMBER, MACHINE, ARGUMENTS = 0, 4, 16
"""Offsets in `struct seccomp_data`: the call's number, the machine, and six arguments of eight bytes, low half first."""

NEWEST = 463
"""Calls from this number on are newer than the lists below, or belong to the x32 ABI."""

CLONE3 = 435
ALLOWED = """
futex 202 98
mprotect 10 226
read 0 63
write 1 64
getpid 39 172
gettid 186 178
mmap 9 222
munmap 11 215
madvise 28 233
mremap 25 216
brk 12 214
mincore 27 232
pkey_mprotect 329 288
pkey_alloc 330 289
pkey_free 331 290
membarrier 324 283
rseq 334 293
set_robust_list 273 99
get_robust_list 274 100
set_tid_address 218 96
sched_yield 24 124
sched_getaffinity 204 123
sched_getparam 143 121
sched_getscheduler 145 120
readv 19 65
writev 20 66
close 3 57
lseek 8 62
fstat 5 80
getppid 110 173
epoll_wait 232 -
epoll_pwait 281 22
rt_sigaction 13 134
rt_sigprocmask 14 135
rt_sigreturn 15 139
sigaltstack 131 132
restart_syscall 219 128
exit 60 93
exit_group 231 94
clock_gettime 228 113
clock_getres 229 114
clock_nanosleep 230 115
nanosleep 35 101
gettimeofday 96 169
time 201 -
times 100 153
getrandom 318 278
getcpu 309 168
uname 63 160
sysinfo 99 179
getrusage 98 165
getrlimit 97 163
"""
"""The calls that V8, Python and the C library need once everything is loaded, with their numbers on x86_64 and aarch64.

All others are refused. The most frequent come first, because the filter compares one after another.
"""

BOUNDED = """
clone 56 220
tgkill 234 131
prlimit64 302 261
seccomp 317 277
"""
"""Calls that are allowed only with certain arguments (`seccomp` never: its number is needed to install the filter)."""

MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
"""The machines in the order of the columns above, with the kernel's numbers for them."""

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
READ_FILE, READ_DIRECTORY = 1 << 2, 1 << 3
TIME_ZONES = ("/etc/localtime", "/usr/share/zoneinfo")
"""Files that V8 reads to find the time zone."""


def forbid_files() -> list[str]:
    """Forbid this thread, and those that it starts, to open files; returns the names of features that the system lacks."""
    if not sys.platform.startswith("linux"):
        return ["Landlock"]
    try:
        landlock()
    except (OSError, AttributeError):
        return ["Landlock"]
    return []


def forbid_everything(*, threads: bool = False) -> list[str]:
    """Leave all threads nothing but computing, memory and open descriptors; returns the features that the system lacks.

    With `threads`, new threads stay possible if the filter forbids new processes: Linux limits both with one number.
    """
    limit_resources(*("RLIMIT_CORE", "RLIMIT_FSIZE", "RLIMIT_NOFILE"), *([] if threads else ["RLIMIT_NPROC"]))
    if sys.platform.startswith("linux"):
        try:
            seccomp()
        except (OSError, AttributeError, KeyError):
            pass
        else:
            return []
    limit_resources("RLIMIT_NPROC")
    return ["seccomp"]


def limit_memory(size: int) -> None:
    """Limit what the process may allocate, in bytes (Unix only)."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (size, size))
    except (ImportError, ValueError, OSError):
        pass


def limit_resources(*names: str) -> None:
    """Set these limits to zero (Unix only)."""
    try:
        import resource
    except ImportError:
        return
    for name in names:
        try:
            resource.setrlimit(getattr(resource, name), (0, 0))
        except (AttributeError, ValueError, OSError):
            continue


def landlock() -> None:
    """Deny this thread all files but those of the time zone, and TCP; raises OSError if the kernel cannot."""
    version = call(CREATE_RULESET, None, 0, 1)
    files = (1 << (13, 14, 15, 15, 16)[min(version, 5) - 1]) - 1  # all rights on files that this ABI version knows
    # TCP rights (bind, connect) came with version 4, scopes (abstract sockets, signals) with version 6.
    rules = struct.pack("=QQQ", files, 3, 3)[: 8 if version < 4 else 16 if version < 6 else 24]
    ruleset = call(CREATE_RULESET, rules, len(rules), 0)
    try:
        for path in filter(os.path.exists, TIME_ZONES):
            allow_reading(ruleset, path)
        no_new_privileges()
        call(RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def allow_reading(ruleset: int, path: str) -> None:
    """Allow a file or folder to be read."""
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rights = READ_FILE | READ_DIRECTORY if os.path.isdir(path) else READ_FILE
        call(ADD_RULE, ruleset, 1, struct.pack("=Qi", rights, place), 0)
    finally:
        os.close(place)


def seccomp() -> None:
    """Install the filter on all threads; raises OSError if the kernel cannot, KeyError on an unknown machine."""
    machine = os.uname().machine
    program = b"".join(struct.pack("=HBBI", *step) for step in rules(machine, os.getpid()))
    held = ctypes.create_string_buffer(program, len(program))
    no_new_privileges()
    described = struct.pack("@HP", len(program) // 8, ctypes.addressof(held))
    if call(numbers(BOUNDED, machine)["seccomp"], SET_FILTER, FILTER_FLAGS, described):
        raise OSError("a thread has a filter of its own")  # TSYNC returns the id of that thread


def numbers(table: str, machine: str) -> dict[str, int]:
    """Name → number on this machine."""
    column = 1 + list(MACHINES).index(machine)
    rows = (line.split() for line in table.strip().split("\n"))
    return {row[0]: int(row[column]) for row in rows if row[column] != "-"}


def rules(machine: str, pid: int) -> list[tuple[int, int, int, int]]:
    """The filter as BPF: operation, jump if true, jump if false, number; raises KeyError on an unknown machine."""
    program = [
        (LOAD, 0, 0, MACHINE),
        (EQUAL, 1, 0, MACHINES[machine]),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER),
        (AT_LEAST, 1, 0, NEWEST),
        (EQUAL, 0, 1, CLONE3),
        (RETURN, 0, 0, UNKNOWN),
    ]
    for number in numbers(ALLOWED, machine).values():
        program += [(EQUAL, 0, 1, number), (RETURN, 0, 0, ALLOW)]
    bounded, first, third = numbers(BOUNDED, machine), (LOAD, ARGUMENTS), ARGUMENTS + 16
    program += only(bounded["clone"], first, (ANY_BIT, THREAD))
    program += only(bounded["tgkill"], first, (EQUAL, pid))
    program += only(bounded["prlimit64"], first, (EQUAL, 0), (LOAD, third), (EQUAL, 0), (LOAD, third + 4), (EQUAL, 0))
    return [*program, (RETURN, 0, 0, REFUSE)]


def only(number: int, *checks: tuple[int, int]) -> list[tuple[int, int, int, int]]:
    """Instructions that allow this call if all checks pass, and refuse it otherwise; `LOAD` serves the next check."""
    steps = [
        (operation, 0, 0 if operation == LOAD else len(checks) - place, value)
        for place, (operation, value) in enumerate(checks)
    ]
    return [(EQUAL, 0, len(steps) + 2, number), *steps, (RETURN, 0, 0, ALLOW), (RETURN, 0, 0, REFUSE)]


def no_new_privileges() -> None:
    """Forbid gaining privileges by `execve`: Landlock and seccomp both require it."""
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(NO_NEW_PRIVS, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")


def call(number: int, *arguments: int | bytes | None) -> int:
    """Make a system call; raises OSError."""
    library = ctypes.CDLL(None, use_errno=True)
    library.syscall.restype = ctypes.c_long
    given = [ctypes.c_long(argument) if isinstance(argument, int) else argument for argument in arguments]
    result: int = library.syscall(ctypes.c_long(number), *given)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result
