"""Stretches in other encodings: read together, they say whatever one of them says when it is read alone."""

import base64
import gzip
import random
import zlib

import pytest

from runner.secrets.writings.runs import all_readings, lists, runs

VALUE = b"Zk3XwVb-Gr\xc3\xbc\xc3\x9fe"
NOISE = 'abcXYZ0189 "\n,:-=/+_%\\'
WRITINGS = {
    "base64": base64.b64encode,
    "base64 for URLs": lambda data: base64.urlsafe_b64encode(data).rstrip(b"="),
    "base64 in lines": base64.encodebytes,
    "base32": base64.b32encode,
    "small hexadecimal": lambda data: data.hex().encode(),
    "capital hexadecimal": lambda data: data.hex().upper().encode(),
    "a list": lambda data: str(list(data)).encode(),
    "bytes in hexadecimal": lambda data: data.hex(" ").encode(),
    "gzip in base64": lambda data: base64.b64encode(gzip.compress(data, mtime=0)),
    "zlib in base64, cut off": lambda data: base64.b64encode(zlib.compress(data))[:-1],
    "zlib in hexadecimal": lambda data: zlib.compress(data).hex().encode(),
}


@pytest.mark.parametrize("writing", WRITINGS)
def test_all_readings_say_what_one_of_them_says(writing):
    chance, said = random.Random(writing), 0
    for _ in range(300):
        before, after = ("".join(chance.choices(NOISE, k=chance.randrange(20))) for _ in range(2))
        around = [chance.randbytes(chance.randrange(6)) for _ in range(2)]
        written = WRITINGS[writing](VALUE.join(around)).decode()
        text = before + written + after + chance.choice(("", "…"))
        found = [*runs(text), *lists(text)]
        tells = any(sign in read for sign in telling() for run in found for read in run.readings())
        said += tells
        together = all_readings(found, utf8=True) if found else ""
        assert any(sign in together for sign in telling()) or not tells, text
    assert said > 100


def telling():
    """The value as UTF-8 and as one character for each byte."""
    return VALUE.decode(), VALUE.decode("latin-1")
