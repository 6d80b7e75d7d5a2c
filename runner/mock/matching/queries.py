"""Query parameters: what those of a call give to the score of an example, or take off (Postman's mock servers)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from urllib.parse import unquote_plus

from runner.model.quick_dataclass import dataclass

ALL, MOST_LOST = 10, 10
"""What is given if all parameters are equal, and the most that is taken off."""

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Parameters:
    """How many parameters are equal, how many have only their name in common, and how many stand on one side only."""

    equal: int
    partial: int
    missing: int

    @property
    def score(self) -> float:
        """All equal: +10; some: their share of it; not even a name in common: −1 for each, at most −10."""
        total = self.equal + self.partial + self.missing
        if self.equal:
            return ALL * self.equal / total
        return 0.0 if self.partial or not total else -float(min(self.missing, MOST_LOST))

    def __str__(self) -> str:
        parts = ((self.equal, "equal"), (self.partial, "with another value"), (self.missing, "on one side only"))
        return ", ".join(f"{count} {what}" for count, what in parts if count)


NONE = Parameters(0, 0, 0)


def compare(call: Pairs, example: Pairs) -> Parameters:
    """Compare decoded parameters; of a name that stands there several times each value counts, in any order."""
    if not call and not example:
        return NONE
    if call == example:
        return Parameters(len(call), 0, 0)
    given, wanted = Counter(call), Counter(example)
    left, lacking = _by_name(given - wanted), _by_name(wanted - given)
    names, others = {name for name, _ in call}, {name for name, _ in example}
    partial = missing = 0
    for name in left.keys() | lacking.keys():
        count = max(left[name], lacking[name])
        if name in names and name in others:
            partial += count
        else:
            missing += count
    return Parameters((given & wanted).total(), partial, missing)


def _by_name(pairs: Counter[tuple[str, str]]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for (name, _), count in pairs.items():
        counts[name] += count
    return counts


def decoded(pairs: Iterable[tuple[str | None, str | None]]) -> Pairs:
    """Parameters as a server reads them; one without a value has an empty one."""
    return tuple([(unquote_plus(name or ""), unquote_plus(value or "")) for name, value in pairs if name or value])


def parameters_of(target: str) -> Pairs:
    """The parameters of a request target."""
    query = target.partition("#")[0].partition("?")[2]
    if not query:
        return ()
    return decoded((name, value) for name, _, value in (part.partition("=") for part in query.split("&")))
