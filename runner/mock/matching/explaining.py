"""Which example answered and why, in words: for the log of a mock server and its journal."""

from __future__ import annotations

from collections.abc import Iterator

from runner.mock.matching.matcher import Candidate, Match


def number(score: float) -> str:
    """A score with at most one decimal."""
    return f"{score:.1f}".removesuffix(".0")


def signed(score: float) -> str:
    """A score with its sign, the minus as it stands in sums."""
    return f"{'−' if score < 0 else '+'}{number(abs(score))}"


def summary(match: Match) -> str:
    """The winner and its score in a few words."""
    if not match.ranked:
        return "no example"
    winner = match.ranked[0]
    by = f", by {match.chosen_by}" if match.chosen_by else f", score {number(winner.score)}"
    return winner.example.title + by


def details(match: Match) -> Iterator[str]:
    """A line about the winner, the next one, and each that was left out."""
    if not match.ranked:
        yield f"none: {match.reason}"
    for place, one in zip(("won", "next"), match.ranked, strict=False):
        yield f"{place}: {one.example.title}, score {number(one.score)}: {reasons(one)}"
    if len(match.ranked) > 1:
        yield f"because {why(match.ranked[0], match.ranked[1])}"
    for example, reason in match.dropped:
        yield f"left out: {example.title}: {reason}"


def reasons(one: Candidate) -> str:
    """What made the score of a candidate."""
    parts = ["100", *one.fit.rules]
    if str(one.parameters):
        parts.append(f"parameters {signed(one.parameters.score)} ({one.parameters})")
    if one.example.lost:
        parts.append(f"by the request that it is saved at −{one.example.lost}")
    if one.body:
        parts.append("same body +5")
    return ", ".join(parts)


def why(winner: Candidate, other: Candidate) -> str:
    """Why one candidate is before another."""
    if winner.score != other.score:
        return f"{number(winner.score)} is more than {number(other.score)}"
    names = ("fewer wildcards", "the body of the call", "a 2xx status", "the first id")
    pairs = zip(winner.rank[1:], other.rank[1:], names, strict=False)
    return next(
        (f"of equal scores it has {what}" for mine, its, what in pairs if mine != its), "it comes first in the file"
    )
