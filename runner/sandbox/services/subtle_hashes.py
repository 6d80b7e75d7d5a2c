"""The operations of `crypto.subtle` that need only hashes, and the form of all answers."""

from __future__ import annotations

import base64
import hashlib
import hmac as hmacs
from collections.abc import Callable, Mapping

from runner.model.json import JsonObject

Operation = Callable[[JsonObject], object]


class WrongData(Exception):
    """A failure that the script sees as a DOMException of this name."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


def perform(operation: str, given: JsonObject) -> JsonObject:
    """The result of `digest` or `hmac`."""
    return answered(HASHES, operation, given)


def answered(operations: Mapping[str, Operation], operation: str, given: JsonObject) -> JsonObject:
    """The result of one operation, or `{"wrong": name, "message": text}` if WebCrypto reports an error."""
    try:
        return {"value": operations[operation](given)}
    except WrongData as error:
        return {"wrong": error.name, "message": str(error)}
    except (ValueError, TypeError, OverflowError) as error:
        return failure("DataError" if operation == "read" else "OperationError", error)


def failure(name: str, error: Exception) -> JsonObject:
    """The error for the script, with the library's message in brackets."""
    text = str(error).split("\n")[0]
    reason = f" ({text})" if text else ""
    return {"wrong": name, "message": "The operation failed for an operation-specific reason" + reason}


def decoded(text: str) -> bytes:
    """The bytes of base64 from a script."""
    return base64.b64decode(text)


def encoded(content: bytes) -> str:
    """Bytes as base64 for a script."""
    return base64.b64encode(content).decode("ascii")


def hashlib_name(name: str) -> str:
    """Python's name for a hash such as SHA-256."""
    return name.replace("-", "").lower()


def digest(given: JsonObject) -> str:
    """The hash of `data`."""
    return encoded(hashlib.new(hashlib_name(given["hash"]), decoded(given["data"])).digest())


def hmac(given: JsonObject) -> str:
    """RFC 2104."""
    return encoded(hmacs.digest(decoded(given["key"]), decoded(given["data"]), hashlib_name(given["hash"])))


HASHES: Mapping[str, Operation] = {"digest": digest, "hmac": hmac}
