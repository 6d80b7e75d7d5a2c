"""A script child whose scripts are Python: what code that breaks out of V8 could try. Run as the child's worker file.

Each message is answered with what became of every attempt: `refused`, or what it got.
"""

import ctypes
import importlib.util
import json
import os
import resource
import socket
import subprocess
import sys
from pathlib import Path

PARENT = os.getppid()
SIGNAL = 0  # would only ask whether the process is there; the number of the call is what is refused
CALLS = {
    "fork": 57,
    "vfork": 58,
    "execveat": 322,
    "ptrace": 101,
    "process_vm_readv": 310,
    "process_vm_writev": 311,
    "tkill": 200,
    "rt_sigqueueinfo": 129,
    "pidfd_open": 434,
    "pidfd_send_signal": 424,
    "bpf": 321,
    "mount": 165,
    "io_uring_setup": 425,
    "userfaultfd": 323,
    "perf_event_open": 298,
    "unshare": 272,
    "setns": 308,
    "keyctl": 250,
    "shmget": 29,
    "mq_open": 240,
    "open": 2,
    "openat2": 437,
    "open_by_handle_at": 304,
    "ioctl": 16,
    "fcntl": 72,
    "personality": 135,
    "a call of the x32 machine": 0x40000000 + 39,
    "a call of the future": 600,
}
"""Calls of x86_64 that Python has no name for."""


def kernel(number, *arguments):
    """One call of the kernel."""
    library = ctypes.CDLL(None, use_errno=True)
    if library.syscall(ctypes.c_long(number), *map(ctypes.c_long, arguments)) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def clone():
    """A second process (SIGCHLD and no further flag), which ends at once, should there be one."""
    library = ctypes.CDLL(None, use_errno=True)
    number = {"x86_64": 56, "aarch64": 220}[os.uname().machine]
    made = library.syscall(ctypes.c_long(number), ctypes.c_long(17), None, None, None, None)
    if made == 0:
        os._exit(0)
    if made < 0:
        raise OSError(ctypes.get_errno(), "clone")


ATTEMPTS = {
    "fork a process": lambda: os.fork() or os._exit(0),
    "spawn a process": lambda: os.posix_spawn("/bin/true", ["true"], {}),
    "run a program": lambda: subprocess.run(["/bin/true"]),
    "become a program": lambda: os.execv("/bin/true", ["true"]),
    "read a file": Path("/etc/passwd").read_text,
    "read a file of the package": Path(__file__).read_text,
    "read the time zone": Path("/etc/localtime").read_bytes,
    "write a file": lambda: Path("/tmp/postrunner-breakout").write_text("x"),
    "list a folder": lambda: os.listdir("/"),
    "ask for a file": lambda: os.stat("/etc/passwd"),
    "delete a file": lambda: os.unlink("/tmp/postrunner-breakout"),
    "make a folder": lambda: os.mkdir("/tmp/postrunner-breakout"),
    "make a link": lambda: os.symlink("/", "/tmp/postrunner-breakout"),
    "change a mode": lambda: os.chmod("/tmp", 0o777),
    "change the folder": lambda: os.chdir("/tmp"),
    "make a socket": lambda: socket.socket(),
    "make a socket of Unix": lambda: socket.socket(socket.AF_UNIX),
    "make a pair of sockets": lambda: socket.socketpair(),
    "make a pipe": lambda: os.pipe(),
    "make a file in memory": lambda: os.memfd_create("x"),
    "double a descriptor": lambda: os.dup(0),
    "signal the parent": lambda: os.kill(PARENT, SIGNAL),
    "signal everybody": lambda: os.kill(-1, SIGNAL),
    "signal the group": lambda: os.killpg(0, SIGNAL),
    "read the parent's memory": Path(f"/proc/{PARENT}/mem").read_bytes,
    "read the parent's environment": Path(f"/proc/{PARENT}/environ").read_text,
    "read its own memory map": Path("/proc/self/maps").read_text,
    "raise its limits": lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (9, 9)),
    "change the parent's limits": lambda: resource.prlimit(PARENT, resource.RLIMIT_NOFILE, (9, 9)),
    "slow the parent": lambda: os.setpriority(os.PRIO_PROCESS, PARENT, 19),
    "become another user": lambda: os.setuid(1),
    "trace the parent": lambda: kernel({"x86_64": 101, "aarch64": 117}[os.uname().machine], 16, PARENT, 0, 0),
    "clone a process": clone,
}
if os.uname().machine == "x86_64":
    ATTEMPTS |= {name: lambda number=number: kernel(number, 0, 0, 0, 0, 0) for name, number in CALLS.items()}


def outcome(attempt):
    """What became of it."""
    try:
        return repr(attempt())
    except (OSError, ValueError):  # a limit that may not be raised is a ValueError
        return "refused"


def tell_outcomes(world, message, take):
    """In place of what the world replies."""
    while message:
        message = take(json.dumps({name: outcome(attempt) for name, attempt in ATTEMPTS.items()}).encode())


def main():
    """The worker, with other scripts."""
    place = importlib.util.spec_from_file_location("worker", sys.argv.pop(1))
    worker = importlib.util.module_from_spec(place)
    place.loader.exec_module(worker)
    worker.World.converse = tell_outcomes
    worker.run_program(worker.main)


if __name__ == "__main__":
    main()
