"""Random edits of YAML texts, and what has to stay when one is made: used by the tests and by scripts/yaml-edits."""

import copy
import json
import random
from pathlib import Path

from runner.deep_json import same
from runner.formats.yaml.edit import edit
from runner.formats.yaml.nodes import Document
from runner.formats.yaml.reader import read
from runner.formats.yaml.writer import flow_text, inline, quoted_as, written_key

POSTMAN = json.loads(Path(__file__).with_name("postman.json").read_text())
"""Files that Postman's `collection migrate` wrote of collections made for these tests."""

TEXTS = (
    *(
        "x",
        "",
        "two words",
        "{{v}}/x",
        "it's",
        'say "x"',
        "a: b",
        "# no",
        "yes",
        "1",
        "null",
        "- a",
        "a\nb",
        "a\nb\n",
        "\n",
    ),
    *(" a\n b", "a\r\nb", "https://h/x?y=z#w", "[a]", "{a}", "a, b", "end ", "é😀", "x" * 90, "\ta", "a\n\n\nb\n\n", "---"),
    *("*a", "&a", "!a"),
)
SCALARS = (*TEXTS, *TEXTS, 0, 17, -1.5, True, False, None)


def random_value(chance: random.Random, depth: int = 2):
    """A scalar most of the time, else a small collection."""
    if depth and chance.random() < 0.3:
        count = chance.randint(0, 3)
        if chance.random() < 0.5:
            return [random_value(chance, depth - 1) for _ in range(count)]
        return {chance.choice(TEXTS): random_value(chance, depth - 1) for _ in range(count)}
    return chance.choice(SCALARS)


# -- texts in odd styles --------------------------------------------------------------------------------------------


def styled(value, chance: random.Random) -> str:
    """A text that says the value in a style that no program would choose: comments, quotes, blank lines, indentation."""
    lines = ["# at the top", ""] if chance.random() < 0.5 else []
    lines += _block(value, 0, chance) if value and isinstance(value, dict | list) else [inline(value, 0)]
    text = "\n".join(lines) + "\n" * chance.choice([1, 1, 1, 0, 3])
    text += "# at the end\n" if text.endswith("\n") and chance.random() < 0.3 else ""
    if chance.random() < 0.2:
        text = text.replace("\n", "\r\n")
    return "\ufeff" + text if chance.random() < 0.1 else text


def _block(value, column: int, chance: random.Random) -> list[str]:
    lines: list[str] = []
    step = chance.choice([1, 2, 2, 2, 3, 4])
    for entry in value.items() if isinstance(value, dict) else value:
        if lines and not lines[-1].strip() and chance.random() < 0.15:
            lines.append(" " * column + "# about it")
        elif lines and lines[-1].strip() and chance.random() < 0.15:
            lines += chance.choice(
                [[""], [" " * column + "# about it"], ["", " " * column + "# two", " " * column + "# lines"]]
            )
        key, inner = entry if isinstance(value, dict) else (None, entry)
        lead = " " * column + ("-" if key is None else _key(key, column, chance) + ":")
        if not isinstance(inner, dict | list) or not inner or chance.random() < 0.1:
            lines += _scalar(lead, inner, column, step, chance)
        elif key is None and chance.random() < 0.8:
            space = chance.choice([1, 1, 1, 3])
            below = _block(inner, column + 1 + space, chance)
            lines += [lead + " " * space + below[0][column + 1 + space :], *below[1:]]
        else:
            own = 0 if key is not None and isinstance(inner, list) and chance.random() < 0.3 else step
            comment = "  # inside" if chance.random() < 0.2 else ""
            lines += [lead + comment, *_block(inner, column + own, chance)]
    return lines


def _key(key: str, column: int, chance: random.Random) -> str:
    return quoted_as(chance.choice(["double", "single"]), key) if chance.random() < 0.15 else written_key(key, column)


def _scalar(lead: str, value, column: int, step: int, chance: random.Random) -> list[str]:
    comment = "  # of the value" if chance.random() < 0.15 else ""
    if isinstance(value, dict | list):
        return [f"{lead} {flow_text(value)}{comment}"]
    if isinstance(value, str) and chance.random() < 0.3:
        return [f"{lead}{' ' * chance.choice([1, 1, 2])}{quoted_as(chance.choice(['double', 'single']), value)}{comment}"]
    head, *rest = inline(value, column + step).split("\n")
    if head.startswith("|2"):
        return [f"{lead} {quoted_as('double', value)}"]
    if value is None and chance.random() < 0.5:
        return [lead + comment]
    return [f"{lead} {head}{comment if not rest or head.startswith('|') else ''}", *rest]


# -- edits ----------------------------------------------------------------------------------------------------------


def random_edit(value, chance: random.Random):
    """The value with one change; the change as its kind, the keys of the collection and what in it was changed."""
    value = copy.deepcopy(value)
    collections = list(_collections(value, ()))
    if not collections:
        return random_value(chance), ("root", (), None)
    keys, inside = chance.choice(collections)
    kinds = ["add", "value", "value", "value", "remove", "order"] + ["key"] * isinstance(inside, dict)
    kind = chance.choice(kinds if len(inside) > 1 else [one for one in kinds if one != "order"]) if inside else "add"
    place = chance.randrange(len(inside)) if inside else 0
    entries = list(inside.items()) if isinstance(inside, dict) else list(inside)
    if kind == "add":
        place = chance.randint(0, len(entries))
        fresh = random_value(chance)
        entries.insert(place, (f"new {chance.randint(0, 9**6)}", fresh) if isinstance(inside, dict) else fresh)
    elif kind == "remove":
        del entries[place]
    elif kind == "order":
        moved = entries.pop(place)
        entries.insert(chance.choice([one for one in range(len(entries) + 1) if one != place]), moved)
    elif kind == "key":
        entries[place] = (f"new {chance.choice(TEXTS)}{chance.randint(0, 9)}", entries[place][1])
    else:
        fresh = random_value(chance)
        entries[place] = (entries[place][0], fresh) if isinstance(inside, dict) else fresh
    if isinstance(inside, dict):
        inside.clear()
        inside.update(entries)
    else:
        inside[:] = entries
    return value, (kind, keys, place)


def _collections(value, keys):
    if isinstance(value, dict | list):
        yield keys, value
        for key, entry in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _collections(entry, (*keys, key))


def check_edit(text: str, value, change) -> str:
    """Make the edit; raises `AssertionError` if anything else in the text changed. Returns the new text."""
    result = edit(text, value, "f")
    assert same(read(result, "f").value, value), "another value"
    if change[0] in ("order", "remove") and "|+" in text:  # blank lines near it may have to go
        return result
    before, after = _lines(text), _lines(result)
    kind, keys, place = change
    first, last = _touched(read(text, "f"), kind, keys, place)
    assert after[:first] == before[:first], "what stands before it has changed"
    behind = before[last + 1 :]
    assert not behind or after[-len(behind) :] == behind, "what stands behind it has changed"
    assert text.startswith("\ufeff") == result.startswith("\ufeff")
    if "\r\n" in text:
        assert "\n" not in result.replace("\r\n", ""), "other line ends"
    if kind == "order" and not read(text, "f").node(keys).kind.startswith("flow"):
        assert _without_dashes(before) == _without_dashes(after), "lines have changed that only move"
    return result


def _without_dashes(lines: list[str]) -> list[str]:
    return sorted(line.lstrip(" -") for line in lines if line.strip(" -"))


def _lines(text: str) -> list[str]:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")


def _touched(document: Document, kind: str, keys, place) -> tuple[int, int]:
    """The first and the last line, from 0, that an edit may change."""
    node = document.node(keys)
    entries = [(key.lead, inside.end) for key, inside in node.pairs] or [(item.lead, item.end) for item in node.items]
    text = document.text
    texts = [json.dumps(item.value) for item in node.items]
    if kind in ("root", "order") or not entries or len(entries) == 1 or len(set(texts)) < len(texts):
        start, end = node.begin, node.end
        start = text.rfind("\n", 0, start) if not text[text.rfind("\n", 0, start) + 1 : start].strip() else start
        start = _line_of_key(text, start) if kind != "order" else node.begin
    elif kind == "add":
        start, end = entries[max(place - 1, 0)][0], entries[min(place, len(entries) - 1)][1]
        start = entries[place - 1][1] if place else entries[0][0]
        end = entries[0][0] if not place else entries[place - 1][1]
    else:
        start, end = entries[place]
        if kind == "remove" and place == 0 and len(entries) > 1:  # the next one may come up behind a dash
            end = entries[1][0]
    return text.count("\n", 0, start), text.count("\n", 0, end)


def _line_of_key(text: str, at: int) -> int:
    """An offset in the line above that has the key or dash of what begins below it, over comments."""
    while at > 0:
        line = text[text.rfind("\n", 0, at) + 1 : at].strip()
        if line and not line.startswith("#"):
            return at
        at = text.rfind("\n", 0, at)
    return max(at, 0)


def random_edits(seed: int, count: int) -> None:
    """Make and check edits: of Postman's files as they are, and of the same values and others in odd styles."""
    chance = random.Random(seed)
    number = 0
    while number < count:
        text = chance.choice(POSTMAN)
        if chance.random() < 0.6:
            original = read(text, "").value
            if chance.random() < 0.4 or max(map(len, text.split("\n"))) > 900:  # a key as long as keys may be
                original = {"a": random_value(chance, 4), "b": random_value(chance, 3)}
            text = styled(original, chance)
            if not same(read(text, "f").value, original):  # a blank line behind a block that keeps its line ends
                continue
        number += 1
        value, change = random_edit(read(text, "").value, chance)
        try:
            check_edit(text, value, change)
        except Exception as error:
            raise AssertionError(f"edit {number} of seed {seed}: {change}\n{text}\n---- wanted: {value!r}") from error
