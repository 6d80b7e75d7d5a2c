"""What an answer of an API says when it is not a success."""

from __future__ import annotations

from runner.model.response import Response


def reason(response: Response, text: str) -> str:
    """The status of an answer, with the message in it if it is JSON: `404 Not Found: we could not find it`."""
    from runner.deep_json import loads

    status = f"{response.code} {response.status}".strip()
    try:
        document = loads(text)
    except ValueError:
        return status
    error = document.get("error", document) if isinstance(document, dict) else None
    holder = error if isinstance(error, dict) else document if isinstance(document, dict) else {}
    message = holder.get("message")
    message = message if isinstance(message, str) else error
    details = holder.get("details")
    more = [one for one in details if isinstance(one, str)] if isinstance(details, list) else []
    said = "; ".join([message, *more] if isinstance(message, str) else more)
    return f"{status}: {said}" if said else status
