"""The options of the import."""

from __future__ import annotations

from runner.foreign.imported import FormatOption

OPTIONS: dict[str, FormatOption] = {
    "folders": FormatOption("auto", "folders by page or by host, or none", ("auto", "page", "host", "none")),
    "host": FormatOption("", "only requests to these hosts and those below them, separated by commas"),
    "noise": FormatOption(False, "also files of pages, preflights and analytics"),
    "repeats": FormatOption(False, "also requests that were sent before"),
    "headers": FormatOption(False, "also the headers that a browser adds by itself"),
    "secrets": FormatOption(False, "keep the values of secrets in the collection"),
    "examples": FormatOption(False, "save the responses as examples, secrets masked"),
}
