"""The operations of `crypto.subtle` that need native code: one pure function each, from JSON to JSON.

Sources: Web Cryptography API (W3C), and the RFCs that it refers to.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import cryptography.hazmat.backends.openssl.backend  # noqa: F401  # the library would import it at its first use
from cryptography.exceptions import InvalidSignature, InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ec import ECDH, ECDSA
from cryptography.hazmat.primitives.asymmetric.padding import AsymmetricPadding
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC, CTR, GCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap
from cryptography.hazmat.primitives.padding import PKCS7

from runner.model.json import JsonObject
from runner.sandbox.services import subtle_keys
from runner.sandbox.services.subtle_hashes import (
    HASHES,
    Operation,
    WrongData,
    answered,
    decoded,
    encoded,
    failure,
    hashlib_name,
)
from runner.sandbox.services.subtle_keys import Key, load_private, load_public

MOST_ROUNDS = 20_000_000
"""The most hash computations of one PBKDF2: half a minute, for scripts without a time limit."""


def answer(asked: JsonObject) -> JsonObject:
    """The answer to a script's ask for an operation with its parameters (`given`)."""
    return perform(asked["operation"], asked["given"])


def perform(operation: str, given: JsonObject) -> JsonObject:
    """The result of one operation, or `{"wrong": name, "message": text}` for what WebCrypto calls an error."""
    try:
        return answered(OPERATIONS, operation, given)
    except UnsupportedAlgorithm as error:
        return {"wrong": "NotSupportedError", "message": str(error)}
    except InvalidTag as error:
        return failure("OperationError", error)


def hash_of(name: str) -> hashes.HashAlgorithm:
    """The hash algorithm of a WebCrypto name such as SHA-256."""
    made: hashes.HashAlgorithm = getattr(hashes, name.replace("-", ""))()
    return made


def cipher(given: JsonObject) -> str:
    """AES in one of its modes; `encrypts` gives the direction."""
    modes = {"AES-CBC": aes_cbc, "AES-CTR": aes_ctr, "AES-GCM": aes_gcm, "AES-KW": aes_kw}
    return encoded(modes[given["name"]](decoded(given["key"]), decoded(given["data"]), given))


def through(key: bytes, mode: CBC | CTR, data: bytes, encrypts: bool) -> bytes:
    """The data encrypted or decrypted with AES."""
    made = Cipher(AES(key), mode)
    context = made.encryptor() if encrypts else made.decryptor()
    return context.update(data) + context.finalize()


def aes_cbc(key: bytes, data: bytes, given: JsonObject) -> bytes:
    """CBC with the padding of PKCS #7."""
    mode = CBC(decoded(given["iv"]))
    if given["encrypts"]:
        padder = PKCS7(128).padder()
        return through(key, mode, padder.update(data) + padder.finalize(), True)
    unpadder = PKCS7(128).unpadder()
    return unpadder.update(through(key, mode, data, False)) + unpadder.finalize()


def aes_ctr(key: bytes, data: bytes, given: JsonObject) -> bytes:
    """CTR in which only the last `length` bits of the counter block count, and wrap around to zero."""
    first = int.from_bytes(decoded(given["counter"]), "big")
    size = 1 << given["length"]
    if -(-len(data) // 16) > size:
        raise WrongData("OperationError", "The data is longer than the counter can count")
    fixed, start = first - first % size, first % size
    turn = min((size - start) * 16, len(data))
    parts = [(first, data[:turn]), (fixed, data[turn:])]
    return b"".join(through(key, CTR(count.to_bytes(16, "big")), part, True) for count, part in parts if part)


def aes_gcm(key: bytes, data: bytes, given: JsonObject) -> bytes:
    """GCM (NIST SP 800-38D), with the tag after the data."""
    length = given["tagLength"] // 8
    iv, extra = decoded(given["iv"]), decoded(given["additionalData"])
    if given["encrypts"]:
        sealing = Cipher(AES(key), GCM(iv)).encryptor()
        sealing.authenticate_additional_data(extra)
        return sealing.update(data) + sealing.finalize() + sealing.tag[:length]
    if len(data) < length:
        raise WrongData("OperationError", "The provided data is too small")
    opening = Cipher(AES(key), GCM(iv, data[len(data) - length :], min_tag_length=4)).decryptor()
    opening.authenticate_additional_data(extra)
    return opening.update(data[: len(data) - length]) + opening.finalize()


def aes_kw(key: bytes, data: bytes, given: JsonObject) -> bytes:
    """RFC 3394."""
    try:
        return aes_key_wrap(key, data) if given["encrypts"] else aes_key_unwrap(key, data)
    except InvalidUnwrap as error:
        raise ValueError(str(error)) from error


def derive(given: JsonObject) -> str:
    """`length` bits derived from a password, a secret or a pair of keys."""
    ways = {"PBKDF2": pbkdf2, "HKDF": hkdf, "ECDH": agree, "X25519": agree}
    return encoded(ways[given["name"]](given))


def pbkdf2(given: JsonObject) -> bytes:
    """RFC 8018, section 5.2."""
    name, length = hashlib_name(given["hash"]), given["length"] // 8
    if not length:
        return b""
    if given["iterations"] * -(-length // hashlib.new(name).digest_size) > MOST_ROUNDS:
        raise WrongData("OperationError", f"More than {MOST_ROUNDS} rounds of hashing are not allowed")
    return hashlib.pbkdf2_hmac(name, decoded(given["key"]), decoded(given["salt"]), given["iterations"], length)


def hkdf(given: JsonObject) -> bytes:
    """RFC 5869."""
    length = given["length"] // 8
    if not length:
        return b""
    made = HKDF(hash_of(given["hash"]), length, decoded(given["salt"]), decoded(given["info"]))
    return made.derive(decoded(given["key"]))


def agree(given: JsonObject) -> bytes:
    """The shared secret of a private and a public key: its first `length` bits, or all of it if `length` is null."""
    private, public = load_private(given["key"]), load_public(given["public"])
    secret: bytes = private.exchange(ECDH(), public) if given["name"] == "ECDH" else private.exchange(public)
    length = given["length"]
    if length is None:
        return secret
    if length > len(secret) * 8:
        raise WrongData("OperationError", "derived bit length is too small")
    cut = bytearray(secret[: -(-length // 8)])
    if length % 8:
        cut[-1] &= 0xFF << (8 - length % 8) & 0xFF
    return bytes(cut)


def rsa_padding(given: JsonObject) -> AsymmetricPadding:
    """The RSA padding of an algorithm."""
    algorithm = hash_of(given["hash"])
    if given["name"] == "RSA-PSS":
        return padding.PSS(padding.MGF1(algorithm), given["saltLength"])
    if given["name"] == "RSA-OAEP":
        return padding.OAEP(padding.MGF1(algorithm), algorithm, decoded(given["label"]) or None)
    return padding.PKCS1v15()


def sign(given: JsonObject) -> str:
    """A signature in WebCrypto's form; for ECDSA that is r and s, concatenated."""
    key, data = load_private(given["key"]), decoded(given["data"])
    if given["name"] == "Ed25519":
        return encoded(key.sign(data))
    if given["name"] != "ECDSA":
        return encoded(key.sign(data, rsa_padding(given), hash_of(given["hash"])))
    size = (key.curve.key_size + 7) // 8
    numbers = decode_dss_signature(key.sign(data, ECDSA(hash_of(given["hash"]))))
    return encoded(b"".join(number.to_bytes(size, "big") for number in numbers))


def verify(given: JsonObject) -> bool:
    """Whether the signature is valid for the data."""
    try:
        check(load_public(given["key"]), decoded(given["signature"]), decoded(given["data"]), given)
    except InvalidSignature:
        return False
    return True


def check(key: Key, signature: bytes, data: bytes, given: JsonObject) -> None:
    """Raise InvalidSignature if the signature is not valid for the data."""
    if given["name"] != "ECDSA":
        more = () if given["name"] == "Ed25519" else (rsa_padding(given), hash_of(given["hash"]))
        key.verify(signature, data, *more)
        return
    size = (key.curve.key_size + 7) // 8
    if len(signature) != 2 * size:
        raise InvalidSignature
    numbers = (int.from_bytes(part, "big") for part in (signature[:size], signature[size:]))
    key.verify(encode_dss_signature(*numbers), data, ECDSA(hash_of(given["hash"])))


def rsa_encrypt(given: JsonObject) -> str:
    """RSA-OAEP (RFC 8017, section 7.1)."""
    return encoded(load_public(given["key"]).encrypt(decoded(given["data"]), rsa_padding(given)))


def rsa_decrypt(given: JsonObject) -> str:
    """RSA-OAEP (RFC 8017, section 7.1)."""
    return encoded(load_private(given["key"]).decrypt(decoded(given["data"]), rsa_padding(given)))


OPERATIONS: Mapping[str, Operation] = {
    **HASHES,
    "cipher": cipher,
    "derive": derive,
    "sign": sign,
    "verify": verify,
    "encrypt": rsa_encrypt,
    "decrypt": rsa_decrypt,
    "generate": subtle_keys.generate,
    "read": subtle_keys.read,
    "write": subtle_keys.write,
}
