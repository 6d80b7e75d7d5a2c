"""Compares two runs, execution by execution."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice
from statistics import median

from runner.comparison import Difference, body_differences, header_differences
from runner.comparison.difference import Place
from runner.diff.answers import Answer, Path, Side, Test
from runner.diff.choice import Choice
from runner.diff.outcome import CHANGED, LOST, NEW, RENAMED, Change, Compared, Entry, Outcome, Times, change_of
from runner.diff.pairing import Pair, pairs
from runner.errors import UsageError
from runner.reporters.text import plural, time_text
from runner.secrets import MASK

CHANGES = 200
"""Differences of one execution that are kept; the others are counted."""

ENTRIES = 5_000
"""Entries that are kept; the others are counted."""


_MASK = MASK.encode()


def compare(left: Side, right: Side, choice: Choice) -> Outcome:
    """Everything that differs between two runs; raises `UsageError` if they cannot be compared."""
    return _Comparison(left, right, choice).outcome()


class _Comparison:
    def __init__(self, left: Side, right: Side, choice: Choice) -> None:
        self._left, self._right, self._choice = left, right, choice
        self._answered, self._hidden = False, 0
        self._times: dict[tuple[int, str, Path], list[tuple[float, float]]] = defaultdict(list)
        self._outcome = Outcome(left=_side(left), right=_side(right), areas=choice.areas)

    def outcome(self) -> Outcome:
        found, outcome = pairs(self._left, self._right, other_collection=self._choice.other_collection), self._outcome
        outcome.iterations = max(pair.key.iteration for pair in found) + 1
        several = len(self._left.collections) > 1
        for pair in found:
            entry = self._entry(pair)
            if entry is None:
                outcome.same += 1
                continue
            if several and pair.key.collection < len(self._left.collections):
                entry.collection = self._left.collections[pair.key.collection].name
            outcome.counts.update(
                {change.area for change in entry.changes} if entry.outcome == CHANGED else [entry.outcome]
            )
            if len(outcome.entries) < ENTRIES:
                outcome.entries.append(entry)
            else:
                outcome.left_out += 1
        outcome.compared = sum(pair.left is not None and pair.right is not None for pair in found)
        if not self._answered:
            raise UsageError(
                "got no response to any request that both ran", where=f"{outcome.left.label} and {outcome.right.label}"
            )
        self._tell_notes()
        self._tell_times()
        self._judge()
        return outcome

    def _entry(self, pair: Pair) -> Entry | None:
        """What differs in a pair; None if nothing does."""
        entry = Entry(
            path=pair.key.path,
            outcome=CHANGED,
            stage=pair.key.stage,
            iteration=pair.key.iteration,
            occurrence=pair.occurrence,
            was=pair.was,
        )
        if pair.left is None or pair.right is None:
            entry.outcome = NEW if pair.left is None else LOST
            return entry
        left, right = self._left.read(pair.left), self._right.read(pair.right)
        self._answered |= left.status is not None or right.status is not None
        if left.time is not None and right.time is not None:
            self._times[pair.key.collection, pair.key.stage, pair.key.path].append((left.time, right.time))
        found = self._changes(left, right)
        entry.changes = [*islice(found, CHANGES)]
        areas = {change.area for change in entry.changes}
        for change in found:
            entry.more += 1
            if change.area not in areas:
                areas.add(change.area)
                entry.changes.append(change)
        if entry.was and not entry.changes:
            entry.outcome = RENAMED
        return entry if entry.changes or entry.was else None

    def _changes(self, left: Answer, right: Answer) -> Iterator[Change]:
        choice = self._choice
        if "status" in choice.areas and _outcome(left) != _outcome(right):
            yield Change(area="status", kind="value", path="status", left=left.said, right=right.said)
        if left.status is not None and right.status is not None:
            if "headers" in choice.areas:
                one, other = self._needed(left.header, self._left, left), self._needed(right.header, self._right, right)
                for found in header_differences(one, other, choice.headers_left_out):
                    yield change_of("headers", found)
            if "body" in choice.areas:
                bodies = self._bodies(left, right)
                self._hidden += all(_MASK in body for body in bodies)
                for found in body_differences(*bodies, choice.rules):
                    yield change_of("body", found)
        if "assertions" in choice.areas:
            yield from (change_of("assertions", found) for found in _tests(left.tests, right.tests))

    def _needed(self, header: Sequence[tuple[str, str]] | None, side: Side, answer: Answer) -> Sequence[tuple[str, str]]:
        if header is None:
            raise self._lacking(side, answer, "headers")
        return header

    def _bodies(self, left: Answer, right: Answer) -> tuple[bytes, bytes]:
        if left.body is None or right.body is None:
            raise self._lacking(*((self._left, left) if left.body is None else (self._right, right)), "body")
        return left.body, right.body

    def _lacking(self, side: Side, answer: Answer, area: str) -> UsageError:
        rest = ",".join(one for one in self._choice.areas if one != area)
        what = "bodies" if area == "body" else area
        return UsageError(
            f"has no {what} of responses, so nothing says whether they differ: that of {' / '.join(answer.key.path)!r}"
            " was left out",
            where=side.label,
            hint=f"make the report without --reporter-json-omit-…, or compare the rest: --only {rest}",
        )

    # -- notes, times and the verdict --------------------------------------------------------------------------------------

    def _tell_notes(self) -> None:
        """What both runs warned of, and that what is hidden has not been compared."""
        notes = dict.fromkeys(f"{side.label}: {note}" for side in (self._left, self._right) for note in side.notes)
        self._outcome.notes += notes
        if self._hidden:
            count = plural(self._hidden, "request")
            self._outcome.notes.append(
                f"secrets are masked in the bodies of {count}: what is masked on both sides counts as the same"
            )

    def _tell_times(self) -> None:
        if "times" not in self._choice.areas:
            return
        limit = self._choice.slower
        for (_, _, path), both in self._times.items():
            left, right = median(one for one, _ in both), median(other for _, other in both)
            times = Times(path=path, left=left, right=right)
            slower = limit is not None and times.ratio >= limit.ratio and right - left >= limit.floor
            self._outcome.times.append(Times(path=path, left=left, right=right, slower=slower))
        self._outcome.times.sort(key=lambda times: -abs(_rate(times)))

    def _judge(self) -> None:
        outcome, failed = self._outcome, self._outcome.failed
        for side in (outcome.left, outcome.right):
            if side.error:
                failed.append(f"{side.label} did not come to its end: {side.error}")
        failed += reasons(outcome.counts, self._choice.causes)
        for times in outcome.times:
            if times.slower:
                took = f"{time_text(times.left)} → {time_text(times.right)}"
                failed.append(f"slower: {' / '.join(times.path)} took {times.ratio:.1f} times as long ({took})")


def reasons(counts: Counter[str], causes: frozenset[str] | None, noun: str = "request") -> Iterator[str]:
    """Why a comparison fails: the causes that were found, each with the number of those that have it."""
    found = [f"{cause} ({plural(count, noun)})" for cause, count in sorted(counts.items()) if cause in (causes or ())]
    yield from [", ".join(found)] if found else []


def _rate(times: Times) -> float:
    """How far two times are apart, the same for twice and for half as long."""
    return times.ratio if times.ratio >= 1 else 1 / times.ratio


def _side(side: Side) -> Compared:
    names = ", ".join(one.name for one in side.collections)
    return Compared(label=side.label, collection=names, environment=side.environment, requests=len(side), error=side.error)


def _outcome(answer: Answer) -> object:
    """What of a status counts: the number, not the words behind it, which HTTP/2 does not have."""
    return answer.said if answer.status is None else answer.status


def _tests(left: Sequence[Test], right: Sequence[Test]) -> Iterator[Difference]:
    """Tests with another outcome, and those that only one side has; several of one name by their order."""
    here, there = _by_name(left), _by_name(right)
    for key, one in here.items():
        place = Place(None, key[0])
        if key not in there:
            yield Difference("missing", place, left=_told(one))
        elif one.outcome != (other := there[key]).outcome:
            yield Difference("value", place, _told(one), _told(other))
    for key, one in there.items():
        if key not in here:
            yield Difference("new", Place(None, key[0]), right=_told(one))


def _by_name(tests: Sequence[Test]) -> dict[tuple[str, int], Test]:
    found: dict[tuple[str, int], Test] = {}
    counts: Counter[str] = Counter()
    for test in tests:
        found[test.name, counts[test.name]] = test
        counts[test.name] += 1
    return found


def _told(test: Test) -> str:
    return f"{test.outcome}: {test.message}" if test.outcome == "failed" and test.message else test.outcome
