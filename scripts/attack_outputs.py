"""Attacks the writer of files: others change the places of outputs while it writes, disks are full, writers are killed.

In each round processes write one output again and again while an attacker puts links, pipes, folders, sockets and other
files in its place, or its folder away. Afterwards no pipe, socket or folder of the attacker may be gone, each file must
hold the whole of one text, nothing unfinished may be left by a writer that lived, and where nothing but files comes to the
place, no writer may give up. The exit code is 1 when anything else is found. Works on Linux; as root also with small,
read-only and mounted disks.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LONG = 300_000
WRITER = """
import sys, time
from runner.errors import ExportError
from runner.outputs import name_outputs, streaming, write_text
path, mark, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
written = refused = 0
name_outputs([("--export", path)])
print("ready", flush=True)
end = time.monotonic() + seconds
while time.monotonic() < end:
    size = (1, 300_000)[written % 2]
    try:
        if (written + refused) % 3:
            write_text(path, mark * size)
        else:
            stream = streaming(path)
            stream.write(mark * size)
            stream.close()
        written += 1
    except ExportError as error:
        refused += 1
print(written, refused)
"""

Attacker = Callable[[Path, random.Random], None]


def exchange_with(kind: str) -> Attacker:
    """Put something of this kind at the place by one rename, and take it away again."""

    def attack(path: Path, chance: random.Random) -> None:
        own = path.parent / f"own-{kind}"
        if not os.path.lexists(own):
            make(kind, own)
        before = os.lstat(own)
        with contextlib.suppress(OSError):
            if os.path.lexists(path):
                os.rename(path, path.parent / "aside")
            os.rename(own, path)
            time.sleep(chance.choice((0, 0.0005, 0.002)))
            os.rename(path, own)
        bring_back(own, before)

    return attack


def bring_back(own: Path, before: os.stat_result) -> None:
    """Have the attacker's own thing under its name again; a writer that met it may be about to put it back to its place."""
    for _ in range(1000):
        if is_same(own, before):
            return
        for there in own.parent.iterdir():
            if is_same(there, before):
                with contextlib.suppress(OSError):
                    own.unlink(missing_ok=True)  # a text of a writer that was taken away instead
                    os.rename(there, own)
        time.sleep(0.001)
    raise AssertionError(f"{own.name} is gone")


def is_same(path: Path, before: os.stat_result) -> bool:
    with contextlib.suppress(FileNotFoundError):
        return os.path.samestat(os.lstat(path), before)
    return False


def make(kind: str, path: Path) -> None:
    """Make something that is not a regular file."""
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as own:
            own.bind(str(path))
    elif kind == "link":
        path.symlink_to("linked")
    else:
        os.mknod(path, 0o666 | stat.S_IFCHR, os.makedev(1, 3))


def remove(path: Path, chance: random.Random) -> None:
    with contextlib.suppress(OSError):
        os.unlink(path)


def second_name(path: Path, chance: random.Random) -> None:
    with contextlib.suppress(OSError):
        os.link(path, path.parent / "second")
        time.sleep(0.001)
        os.unlink(path.parent / "second")


def moved_folder(path: Path, chance: random.Random) -> None:
    with contextlib.suppress(OSError):
        os.rename(path.parent, f"{path.parent}.away")
        os.symlink(f"{path.parent}.away", path.parent)
        time.sleep(0.001)
        os.unlink(path.parent)
        os.rename(f"{path.parent}.away", path.parent)


ATTACKERS: dict[str, Attacker | None] = {
    **{kind: exchange_with(kind) for kind in ("pipe", "folder", "socket", "link", "device")},
    "removed": remove,
    "second name": second_name,
    "moved folder": moved_folder,
    "parallel": None,
}

HARMLESS = ("removed", "second name", "parallel")
"""Where nothing but files is ever at the place: no writer has a reason to give up."""


def broken(top: Path) -> Iterator[str]:
    """What is not whole, and what is left."""
    for folder, _, names in os.walk(top):
        for path in (Path(folder, name) for name in names):
            if not stat.S_ISREG(os.lstat(path).st_mode):
                continue
            text = path.read_text()
            if len(text) not in (1, LONG) or len(set(text)) != 1:
                yield f"{path.name} is broken: {len(text)} of {set(text)}"
            if ".part" in path.name:
                yield f"{path.name} is left"


def one_round(name: str, attacker: Attacker | None, seconds: float, chance: random.Random, kill: bool) -> list[str]:
    """Some writers and one attacker; what they found."""
    with tempfile.TemporaryDirectory(prefix="attack-outputs-") as temporary:
        path = Path(temporary, "folder", "out")
        path.parent.mkdir()
        path.write_text("o")
        words = [sys.executable, "-c", WRITER, str(path)]
        writers = [subprocess.Popen([*words, mark, str(seconds)], cwd=ROOT, stdout=subprocess.PIPE) for mark in "abc"]
        for writer in writers:
            assert writer.stdout is not None
            writer.stdout.readline()
        found, end = [], time.monotonic() + seconds
        while any(writer.poll() is None for writer in writers) and time.monotonic() < end + 30:
            try:
                if attacker is not None and time.monotonic() < end:
                    attacker(path, chance)
                else:
                    time.sleep(0.01)
            except AssertionError as error:
                found.append(str(error))
            if kill and chance.random() < 0.02:
                writers[0].send_signal(signal.SIGKILL)
        for writer in writers:
            if writer.poll() is None:
                writer.kill()
                found.append("a writer does not end")
            out = writer.communicate()[0].decode()
            if writer.returncode and not (kill and writer.returncode == -signal.SIGKILL):
                found.append(f"a writer ended with {writer.returncode} {out!r}")
            elif name in HARMLESS and not writer.returncode and out.split()[1] != "0":
                found.append(f"a writer gave up {out.split()[1]} times")
        for folder in Path(temporary).iterdir() if kill else ():  # a later run that replaces a file removes what was left
            (folder / "later").write_text("o")
            later = [*words[:3], str(folder / "later"), "l", "0.01"]
            subprocess.run(later, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
        found += broken(Path(temporary))
        return found


DISKS = {
    "full disk": "mount -t tmpfs -o size=400k none d; printf o > d/out; head -c 200000 /dev/zero > d/rest",
    "full disk, two names": "mount -t tmpfs -o size=400k none d; printf o > d/out; ln d/out d/b;"
    " head -c 200000 /dev/zero > d/rest",
    "no more files": "mount -t tmpfs -o nr_inodes=2 none d; printf o > d/out",
    "read-only disk": "mount -t tmpfs none d; printf o > d/out; mount -o remount,ro d",
    "read-only file": "mount -t tmpfs none d; printf o > d/out; mount --bind d/out d/out; mount -o remount,ro,bind d/out",
    "file that is a mount": "mount -t tmpfs none d; printf o > d/out; printf o > d/b; mount --bind d/b d/out",
    "sticky folder": "mount -t tmpfs none d; chmod 1777 d; printf o > d/out; chown 1234 d/out",
    "file that cannot be changed": "printf o > d/out; chattr +i d/out; trap 'chattr -i d/out' EXIT",
}


def one_disk(script: str) -> list[str]:
    """A writer on a disk that is not good, in a mount namespace of its own."""
    with tempfile.TemporaryDirectory(prefix="attack-outputs-") as name:
        folder = Path(name)
        (folder / "d").mkdir()
        (folder / "kept").mkdir()
        writer = f"PYTHONPATH={ROOT} {sys.executable} -c '{WRITER}' d/out a 0.5"
        after = "for file in $(ls -A d); do [ $file = rest ] || cp d/$file kept/; done"
        command = ["unshare", "-m", "bash", "-c", f"set -e; {script} || true; {writer}; {after}"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        found = list(broken(folder / "kept"))
        if done.returncode or "Traceback" in done.stderr or not (folder / "kept" / "out").exists():
            found.append(f"exit code {done.returncode}: {done.stderr}")
        return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10, help="of each round (default: 10)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance, faults = random.Random(options.seed), Counter[str]()
    rounds: dict[str, Callable[[], list[str]]] = {}
    for name, attacker in ATTACKERS.items():
        if name == "device" and os.geteuid() != 0:
            continue
        for kill in (False, True):
            label = f"{name}, a writer killed" if kill else name
            rounds[label] = lambda n=name, a=attacker, k=kill: one_round(n, a, options.seconds, chance, k)  # type: ignore[misc]
    if os.geteuid() == 0 and shutil.which("unshare"):
        rounds |= {name: lambda script=script: one_disk(script) for name, script in DISKS.items()}  # type: ignore[misc]
    for label, attack in rounds.items():
        found = attack()
        faults[label] += len(found)
        print(f"{label:<32} {'; '.join(sorted(set(found))) or 'whole'}", flush=True)
    print(f"{len(rounds)} rounds, {sum(faults.values())} faults")
    return int(any(faults.values()))


if __name__ == "__main__":
    sys.exit(main())
