"""Signed JSON Web Tokens (RFC 7515, RFC 7518), their members in Postman's order."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable

from runner.auth.keys import load_private_key
from runner.auth.params import Params
from runner.model.json import Json, JsonObject
from runner.rules.percent import utf8
from runner.rules.text import json_text

HASHES = {"256": "sha256", "384": "sha384", "512": "sha512"}
SECRET_ALGORITHMS = tuple(f"HS{size}" for size in HASHES)
KEY_ALGORITHMS = tuple(f"{family}{size}" for family in ("RS", "PS", "ES") for size in HASHES)

CURVES = {"ES256": "secp256r1", "ES384": "secp384r1", "ES512": "secp521r1"}

Signer = Callable[[bytes], bytes]


def make_jws(header: JsonObject, payload: Json, signer: Signer) -> str:
    """A token; `signer` returns the signature of the bytes that it gets."""
    signed = f"{_encoded(utf8(json_text(header)))}.{_encoded(utf8(json_text(payload)))}"
    return f"{signed}.{_encoded(signer(signed.encode()))}"


def secret_signer(algorithm: str, secret: bytes) -> Signer:
    """A signer with a shared secret (HS256, HS384, HS512)."""
    return lambda data: hmac.new(secret, data, HASHES[algorithm[2:]]).digest()


def key_signer(params: Params, algorithm: str, name: str, passphrase: str = "") -> Signer:
    """A signer with a private key (RS…, PS…, ES…); raises `AuthError` if the key does not fit the algorithm."""
    key = load_private_key(params, name, passphrase)
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from jwt.algorithms import get_default_algorithms

    method = get_default_algorithms()[algorithm]
    curve = key.curve.name if isinstance(key, EllipticCurvePrivateKey) else None
    try:
        if curve != CURVES.get(algorithm):
            raise ValueError(curve)
        prepared = method.prepare_key(key)
    except Exception:  # PyJWT raises several errors for a key of another kind
        raise params.error(name, f"does not fit the algorithm {algorithm}") from None

    def signer(data: bytes) -> bytes:
        try:
            return method.sign(data, prepared)
        except Exception as error:
            raise params.error(name, f"cannot sign with {algorithm}: {type(error).__name__}") from None

    return signer


def _encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
