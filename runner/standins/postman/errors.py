"""The error bodies of the Postman API: `{"error": {"name", "message", "details"?}}`, and the flat one of a 429."""

from __future__ import annotations

from runner.model.json import Json, JsonObject
from runner.server.messages import Answer, Refused, json_answer

NAMES = {
    400: "malformedRequestError",
    401: "AuthenticationError",
    403: "forbiddenError",
    404: "instanceNotFoundError",
    405: "methodNotAllowedError",
    411: "lengthRequiredError",
    413: "payloadTooLargeError",
    415: "unsupportedMediaTypeError",
}
"""The name of an error that brings none, by its status."""


class ApiError(Refused):
    """A refusal with the name and the details that this API puts into its body."""

    def __init__(self, status: int, name: str, message: str, details: Json = None) -> None:
        super().__init__(status, message)
        self.name = name
        self.details = details


def malformed(kind: str, problems: list[str]) -> ApiError:
    """400 for a collection or an environment that breaks its schema; one line of details a problem."""
    message = f"Found {len(problems)} errors with the supplied {kind}."
    return ApiError(400, NAMES[400], message, [*problems])


def missing_parameter(name: str) -> ApiError:
    """400 for a body without its wrapper."""
    return ApiError(400, "paramMissingError", "Parameter is missing in the request.", {"param": name})


def not_found(kind: str, identity: str) -> ApiError:
    """404 for a write to what does not exist."""
    details: JsonObject = {"item": kind, "id": identity}
    return ApiError(404, NAMES[404], "The specified item does not exist.", details)


def already_exists(kind: str, identity: str) -> ApiError:
    """400 for an id that something else has already."""
    details: JsonObject = {"item": kind, "id": identity}
    return ApiError(400, "instanceFoundError", "The specified item already exists.", details)


def error_body(refused: Refused) -> Answer:
    """The error answer."""
    if refused.status == 429:
        body: JsonObject = {"error": "rateLimited", "message": refused.message}
        return json_answer(body, 429, refused.headers)
    error: JsonObject = {"name": NAMES.get(refused.status, "serverError"), "message": refused.message}
    if isinstance(refused, ApiError):
        error["name"] = refused.name
        if refused.details is not None:
            error["details"] = refused.details
    return json_answer({"error": error}, refused.status, refused.headers)
