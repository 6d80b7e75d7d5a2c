"""The asymmetric keys of `crypto.subtle`: generates them, and reads and writes their formats.

Between script and runner keys are base64: secret keys their bytes, private keys PKCS #8, public keys SubjectPublicKeyInfo.
"""

from __future__ import annotations

import base64
from typing import Any, TypeAlias

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa, x25519
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
    load_der_public_key,
)

from runner.model.json import JsonObject
from runner.sandbox.services.subtle_hashes import WrongData, decoded, encoded

CURVES = {"P-256": "SECP256R1", "P-384": "SECP384R1", "P-521": "SECP521R1"}
RSA_NUMBERS = ("n", "e", "d", "p", "q", "dp", "dq", "qi")
LARGEST_MODULUS = 8192
"""The most bits of a generated RSA key: larger ones take minutes."""

LARGEST_KEY = 16384
"""The most characters of a key to read: an RSA key of 16,384 bits, the largest that OpenSSL uses, has 12,500."""

OKP = ("Ed25519", "X25519")


Key: TypeAlias = Any
"""A key of the library. Its classes have no common base with the methods that they share."""


def load_private(key: str) -> Key:
    """A private key of the script."""
    return load_der_private_key(decoded(key), None, unsafe_skip_rsa_key_validation=True)


def load_public(key: str) -> Key:
    """A public key of the script."""
    return load_der_public_key(decoded(key))


def generate(given: JsonObject) -> JsonObject:
    """A new pair. Elliptic keys are derived from the random `seed`, so they repeat in seeded runs; RSA keys do not."""
    name = given["name"]
    if name in OKP:
        return pair(okp_class(name, "Private").from_private_bytes(decoded(given["seed"])[:32]))
    if name in ("ECDSA", "ECDH"):
        return pair(elliptic_key(given["namedCurve"], int.from_bytes(decoded(given["seed"]), "big")))
    if given["modulusLength"] > LARGEST_MODULUS:
        raise WrongData("OperationError", f"RSA keys of more than {LARGEST_MODULUS} bits are not made")
    exponent = int.from_bytes(decoded(given["publicExponent"]), "big")
    return pair(generate_private_key(exponent, given["modulusLength"]))


def elliptic_key(curve: str, random: int) -> Key:
    """The key whose secret is `random`, reduced to the curve's range (FIPS 186-5, appendix A.2.1)."""
    made = getattr(ec, CURVES[curve])()
    return ec.derive_private_key(random % (made.group_order - 1) + 1, made)


def okp_class(name: str, half: str) -> Any:
    """The library's class for half of an Ed25519 or X25519 pair."""
    return getattr({"Ed25519": ed25519, "X25519": x25519}[name], f"{name}{half}Key")


def pair(key: Key) -> JsonObject:
    """Both halves as the script keeps them."""
    return {"private": private_der(key), "public": public_der(key.public_key())}


def private_der(key: Key) -> str:
    """PKCS #8."""
    return encoded(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))


def public_der(key: Key) -> str:
    """SubjectPublicKeyInfo."""
    return encoded(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


def read(given: JsonObject) -> JsonObject:
    """A key read from one of its formats: `{type, key}` and its details; raises WrongData if it is of another kind."""
    data = given["data"]
    if (
        max(
            map(len, filter(lambda part: isinstance(part, str), data.values() if isinstance(data, dict) else [data])),
            default=0,
        )
        > LARGEST_KEY
    ):
        raise WrongData("DataError", "The key is too large")
    readers = {"pkcs8": read_der, "spki": read_der, "raw": read_raw, "jwk": read_jwk}
    key = readers[given["format"]](given)
    private = hasattr(key, "private_bytes")
    details = key_details(key)
    if details["family"] != family_of(given) or details.get("namedCurve", given.get("namedCurve")) != given.get(
        "namedCurve"
    ):
        raise WrongData("DataError", "Invalid key type")
    text = private_der(key) if private else public_der(key)
    return {"type": "private" if private else "public", "key": text, **details}


def family_of(given: JsonObject) -> str:
    """The family of an algorithm's keys: RSA, EC, Ed25519 or X25519."""
    name: str = given["name"]
    return "RSA" if name.startswith("RS") else "EC" if name.startswith("EC") else name


def key_details(key: Key) -> JsonObject:
    """A key's family, with its size or curve."""
    if isinstance(key, (rsa.RSAPrivateKey, rsa.RSAPublicKey)):
        public = key.public_key() if isinstance(key, rsa.RSAPrivateKey) else key
        exponent = public.public_numbers().e
        return {"family": "RSA", "modulusLength": key.key_size, "publicExponent": encoded(number_bytes(exponent))}
    if isinstance(key, (ec.EllipticCurvePrivateKey, ec.EllipticCurvePublicKey)):
        names = {curve.lower(): name for name, curve in CURVES.items()}
        return {"family": "EC", "namedCurve": names.get(key.curve.name, "")}
    return {"family": next((name for name in OKP if name in type(key).__name__), "")}


def read_der(given: JsonObject) -> Key:
    """A key from PKCS #8 or SubjectPublicKeyInfo."""
    return load_der_private_key(decoded(given["data"]), None) if given["format"] == "pkcs8" else load_public(given["data"])


def read_raw(given: JsonObject) -> Key:
    """A public key from its point."""
    data = decoded(given["data"])
    if given["name"] in OKP:
        return okp_class(given["name"], "Public").from_public_bytes(data)
    return ec.EllipticCurvePublicKey.from_encoded_point(getattr(ec, CURVES[given["namedCurve"]])(), data)


def read_jwk(given: JsonObject) -> Key:
    """RFC 7518, section 6; RFC 8037."""
    jwk = given["data"]
    readers = {"RSA": rsa_from_jwk, "EC": ec_from_jwk, "OKP": okp_from_jwk}
    if jwk.get("kty") not in readers:
        raise WrongData("DataError", 'Invalid JWK "kty" Parameter')
    try:
        return readers[jwk["kty"]](jwk)
    except KeyError as error:
        raise WrongData("DataError", "Invalid keyData") from error


def rsa_from_jwk(jwk: JsonObject) -> Key:
    """An RSA key from its numbers."""
    public = rsa.RSAPublicNumbers(number(jwk["e"]), number(jwk["n"]))
    if "d" not in jwk:
        return public.public_key()
    p, q, d, dp, dq, qi = (number(jwk[name]) for name in ("p", "q", "d", "dp", "dq", "qi"))
    return rsa.RSAPrivateNumbers(p, q, d, dp, dq, qi, public).private_key()


def ec_from_jwk(jwk: JsonObject) -> Key:
    """An elliptic key from its coordinates."""
    if jwk["crv"] not in CURVES:
        raise WrongData("DataError", 'JWK "crv" does not match the requested algorithm')
    public = ec.EllipticCurvePublicNumbers(number(jwk["x"]), number(jwk["y"]), getattr(ec, CURVES[jwk["crv"]])())
    return ec.EllipticCurvePrivateNumbers(number(jwk["d"]), public).private_key() if "d" in jwk else public.public_key()


def okp_from_jwk(jwk: JsonObject) -> Key:
    """An Ed25519 or X25519 key."""
    if jwk["crv"] not in OKP:
        raise WrongData("DataError", 'JWK "crv" Parameter and algorithm name mismatch')
    if "d" not in jwk:
        return okp_class(jwk["crv"], "Public").from_public_bytes(web_bytes(jwk["x"]))
    key = okp_class(jwk["crv"], "Private").from_private_bytes(web_bytes(jwk["d"]))
    if key.public_key().public_bytes_raw() != web_bytes(jwk["x"]):
        raise WrongData("DataError", "Invalid keyData")
    return key


def write(given: JsonObject) -> str | JsonObject:
    """A key in the wanted format: base64, or for jwk the members of the key itself."""
    key = load_private(given["key"]) if given["type"] == "private" else load_public(given["key"])
    if given["format"] == "raw":
        return encoded(raw_point(key))
    if hasattr(key, "curve"):
        return ec_to_jwk(key)
    return rsa_to_jwk(key) if hasattr(key, "key_size") else okp_to_jwk(key)


def raw_point(key: Key) -> bytes:
    """A public key as its uncompressed point."""
    if not hasattr(key, "curve"):
        raw: bytes = key.public_bytes_raw()
        return raw
    point: bytes = key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return point


def rsa_to_jwk(key: Key) -> JsonObject:
    """RFC 7518, section 6.3."""
    if not hasattr(key, "private_numbers"):
        numbers = key.public_numbers()
        values: tuple[int, ...] = (numbers.n, numbers.e)
    else:
        p = key.private_numbers()
        values = (p.public_numbers.n, p.public_numbers.e, p.d, p.p, p.q, p.dmp1, p.dmq1, p.iqmp)
    return {"kty": "RSA", **{name: web_text(number_bytes(value)) for name, value in zip(RSA_NUMBERS, values, strict=False)}}


def ec_to_jwk(key: Key) -> JsonObject:
    """RFC 7518, section 6.2."""
    size = (key.curve.key_size + 7) // 8
    private = hasattr(key, "private_numbers")
    public = (key.public_key() if private else key).public_numbers()
    values = {"x": public.x, "y": public.y, **({"d": key.private_numbers().private_value} if private else {})}
    curve = key_details(key)["namedCurve"]
    return {"kty": "EC", "crv": curve, **{name: web_text(value.to_bytes(size, "big")) for name, value in values.items()}}


def okp_to_jwk(key: Key) -> JsonObject:
    """RFC 8037, section 2."""
    private = hasattr(key, "private_bytes_raw")
    public = (key.public_key() if private else key).public_bytes_raw()
    secret = {"d": web_text(key.private_bytes_raw())} if private else {}
    return {"kty": "OKP", "crv": key_details(key)["family"], "x": web_text(public), **secret}


def number_bytes(value: int) -> bytes:
    """A number's big-endian bytes, without leading zeros."""
    return value.to_bytes((value.bit_length() + 7) // 8 or 1, "big")


def web_bytes(text: str) -> bytes:
    """Bytes from base64url without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def web_text(content: bytes) -> str:
    """Bytes as base64url without padding."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


def number(text: str) -> int:
    """A number from a JWK member."""
    return int.from_bytes(web_bytes(text), "big")
