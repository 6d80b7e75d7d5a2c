"""Scripts: each has a type, which says when it runs; in definitions also for items of which kind."""

from __future__ import annotations

from collections.abc import Callable

from runner.formats.v3.fields.rule import Place
from runner.model.json import Json, JsonObject

HTTP = {"beforeRequest": "prerequest", "afterResponse": "test"}
GRAPHQL = {"beforeQuery": "prerequest", "afterResponse": "test"}
"""The types of scripts in files of requests: when they run in the words of v2.1."""

SHARED = {f"http:{type}": listen for type, listen in HTTP.items()}
"""The types of scripts in definitions that v2.1 can say; those for other kinds keep their names."""

OTHER_SHARED = (
    *(f"graphql:{type}" for type in GRAPHQL),
    *(f"grpc:{type}" for type in ("beforeInvoke", "onMessage", "onIncomingMessage", "afterResponse")),
)


def script_writer(types: dict[str, str]) -> Callable[[JsonObject, Place], Json]:
    """What writes the events of v2.1 as scripts of these types; one that is disabled or has no text is left out."""
    names = {listen: type for type, listen in types.items()} | {type: type for type in types if ":" in type}

    def write(owner: JsonObject, place: Place) -> Json:
        scripts: list[Json] = []
        events = owner.get("event")
        for event in events if isinstance(events, list) else ():
            script = event.get("script") if isinstance(event, dict) else None
            type = names.get(event.get("listen")) if isinstance(script, dict) else None
            code = script_text(script) if isinstance(script, dict) else ""
            if isinstance(script, dict) and type and code and not event.get("disabled"):
                language = {"language": script["type"]} if script.get("type") == "text/javascript" else {}
                more = {key: script[key] for key in ("packages", "requests") if script.get(key)}
                scripts.append({"type": type, "code": code, **language, **more})
        return scripts or None

    return write


def script_text(script: JsonObject) -> str:
    """The text of a script of v2.1."""
    lines = script.get("exec")
    if isinstance(lines, list):
        return "\n".join([line if isinstance(line, str) else "" for line in lines])
    return lines if isinstance(lines, str) else ""


def script_reader(types: dict[str, str]) -> Callable[[JsonObject, JsonObject], None]:
    """What reads scripts of these types as events of v2.1; any other type is the event of its own name."""

    def read(data: JsonObject, owner: JsonObject) -> None:
        scripts = data["scripts"]
        events: list[JsonObject] = []
        for entry in scripts if isinstance(scripts, list) else ():
            script: JsonObject = {"exec": entry["code"].split("\n")}
            if "language" in entry:
                script["type"] = entry["language"]
            script |= {key: entry[key] for key in ("packages", "requests") if key in entry}
            events.append({"listen": types.get(entry["type"], entry["type"]), "script": script})
        if events:
            owner["event"] = events

    return read
