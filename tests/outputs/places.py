"""The kinds of places at which an output is written, and what must be true of each afterwards."""

import os
import stat

OLD = "old text\n" * 10_000
NEW = "new text, which is longer\n" * 5_000
SHORT = "short"


def nothing(folder):
    return folder / "out"


def deep(folder):
    return folder / "a" / "b" / "out"


def file(folder):
    (folder / "out").write_text(OLD)
    return folder / "out"


def link(folder):
    file(folder)
    (folder / "link").symlink_to("out")
    return folder / "link"


def dangling(folder):
    (folder / "link").symlink_to("out")
    return folder / "link"


def two_names(folder):
    os.link(file(folder), folder / "other")
    return folder / "out"


PLACES = {make.__name__: make for make in (nothing, deep, file, link, dangling, two_names)}


def parts(folder):
    """The unfinished files that are left anywhere below."""
    return [name for _, _, names in os.walk(folder) for name in names if ".part" in name]


def state(folder):
    """Path, kind and number of everything below that is not a regular file and no folder."""
    found = {}
    for top, _, names in os.walk(folder):
        for name in names:
            there = os.lstat(os.path.join(top, name))
            if not stat.S_ISREG(there.st_mode):
                found[os.path.relpath(os.path.join(top, name), folder)] = (stat.S_IFMT(there.st_mode), there.st_ino)
    return found


def whole(path):
    """Whether a file is all old, all new, or not there at all."""
    return not os.path.exists(path) or path.read_text() in (OLD, NEW, SHORT)
