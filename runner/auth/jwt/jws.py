"""Signed JSON Web Tokens (RFC 7515, RFC 7518), in the order of members that Postman writes."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from typing import Any

from runner.auth.keys import load_private_key
from runner.auth.params import Params
from runner.rules.percent import utf8
from runner.rules.text import json_text

HASHES = {"256": "sha256", "384": "sha384", "512": "sha512"}
SECRET_ALGORITHMS = tuple(f"HS{size}" for size in HASHES)
KEY_ALGORITHMS = tuple(f"{family}{size}" for family in ("RS", "PS", "ES") for size in HASHES)

CURVES = {"ES256": "secp256r1", "ES384": "secp384r1", "ES512": "secp521r1"}


def make_jws(header: dict[str, Any], payload: Any, signer: Any) -> str:
    """A token; `signer` gives the signature of bytes."""
    signed = f"{_encoded(utf8(json_text(header)))}.{_encoded(utf8(json_text(payload)))}"
    return f"{signed}.{_encoded(signer(signed.encode()))}"


def secret_signer(algorithm: str, secret: bytes) -> Any:
    """A signer with a shared secret (HS256, HS384, HS512)."""
    return lambda data: hmac.new(secret, data, HASHES[algorithm[2:]]).digest()


def key_signer(params: Params, algorithm: str, name: str, passphrase: str = "") -> Any:
    """A signer with a private key (RS…, PS…, ES…); raises `AuthError` when the key does not fit the algorithm."""
    key = load_private_key(params, name, passphrase)
    from jwt.algorithms import get_default_algorithms

    method = get_default_algorithms()[algorithm]
    try:
        if algorithm in CURVES and key.curve.name != CURVES[algorithm]:
            raise ValueError(key.curve.name)
        prepared = method.prepare_key(key)
    except Exception:  # the library has several errors for one thing: the key is of another kind
        raise params.error(name, f"does not fit the algorithm {algorithm}") from None

    def signer(data: bytes) -> bytes:
        try:
            return method.sign(data, prepared)
        except Exception as error:
            raise params.error(name, f"cannot sign with {algorithm}: {type(error).__name__}") from None

    return signer


def _encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
