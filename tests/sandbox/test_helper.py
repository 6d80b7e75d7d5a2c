"""What scripts have computed by a helper process: it ends at the script's deadline, is confined, and dies alone."""

from __future__ import annotations

import base64
import gzip
import os
import sys
import threading
from pathlib import Path

import pytest

from runner.errors import SandboxError
from runner.sandbox.sandbox import Sandbox
from runner.sandbox.services.helper import SMALL, Helpers
from tests.patience import growing
from tests.sandbox.conftest import World

ENDLESS = """
pm.environment.set('before', 1);
pm.test('before', () => {});
const key = await crypto.subtle.importKey('raw', new Uint8Array(8), 'PBKDF2', false, ['deriveBits']);
await crypto.subtle.deriveBits({name: 'PBKDF2', hash: 'SHA-512', salt: new Uint8Array(8), iterations: 2e7}, key, 512);
pm.test('after', () => {});
"""
SIGNED = """
const pair = await crypto.subtle.generateKey({name: 'ECDSA', namedCurve: 'P-256'}, true, ['sign', 'verify']);
console.log((await crypto.subtle.sign({name: 'ECDSA', hash: 'SHA-256'}, pair.privateKey, new Uint8Array(3))).byteLength);
"""
EMPTY_DIGEST = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="


@pytest.fixture
def helpers():
    made = Helpers()
    yield made
    made.close()


def digest(size: int) -> dict:
    return {"kind": "subtle", "operation": "digest", "given": {"hash": "SHA-256", "data": "A" * size}}


def process_of(helpers: Helpers):
    """The one process that was started."""
    ((helper,),) = helpers._idle.values()
    return helper._process


def test_what_takes_longer_than_the_script_may_ends_with_it_and_what_it_did_before_is_kept():
    for ms in growing(700):
        sandbox = Sandbox(timeout_ms=ms)
        ran = World(sandbox).run(ENDLESS)
        if ran.tests:
            break
        sandbox.close()
    assert ran.error == "Error: sandbox: asynchronous script execution timeout"
    assert ran.tests == {"before": True}
    assert ran.values("environment") == {"before": 1}
    assert not any(sandbox.helpers._idle.values())
    sandbox.close()


def test_after_it_the_next_script_has_a_helper_again(run):
    assert run(SIGNED).logged == [64]


def test_many_that_take_too_long_start_one_process_and_no_more():
    made = []
    derive = "Array.from({length: 50}, () => crypto.subtle.deriveBits({name: 'PBKDF2', hash: 'SHA-512', iterations: 2e7,"
    for ms in growing(700):
        sandbox = Sandbox(timeout_ms=ms)
        compute = sandbox.helpers.compute
        sandbox.helpers.compute = lambda *given, compute=compute: made.append(given) or compute(*given)
        World(sandbox).run(
            "const key = await crypto.subtle.importKey('raw', new Uint8Array(8), 'PBKDF2', false, ['deriveBits']);"
            f"await Promise.all({derive} salt: new Uint8Array(8)}}, key, 512)))"
        )
        sandbox.close()
        if made:
            break
    assert len(made) == 1


def test_small_hashes_start_no_process(helpers):
    assert helpers.compute(digest(0), None) == {"value": EMPTY_DIGEST}
    assert not any(helpers._idle.values())


def test_large_hashes_are_left_to_the_process(helpers):
    assert len(helpers.compute(digest(SMALL), None)["value"]) == 44
    assert process_of(helpers).poll() is None


def test_an_interrupted_wait_ends_the_process_and_the_next_ask_gets_its_own_answer(helpers, monkeypatch):
    helpers.compute(digest(SMALL), None)
    first = process_of(helpers)
    with monkeypatch.context() as patch:
        patch.setattr(
            "runner.sandbox.services.helper.Helper._read", lambda helper: (_ for _ in ()).throw(KeyboardInterrupt)
        )
        with pytest.raises(KeyboardInterrupt):
            helpers.compute(digest(2 * SMALL), None)
    assert first.poll() is not None
    assert helpers.compute(digest(SMALL), None) == helpers.compute(digest(SMALL), None)


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "subtle", "operation": "nothing", "given": {}},
        {"kind": "pack", "operation": "compress", "format": "rar", "data": ""},
        {"kind": "pack"},
    ],
)
def test_an_ask_that_it_does_not_understand_is_an_error_of_the_script(helpers, asked):
    with pytest.raises(SandboxError, match=r"the process that computes for .* ended: (Key|Type)Error"):
        helpers.compute(asked, None)
    assert helpers.compute(digest(SMALL), None)["value"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc")
def test_it_is_confined_as_the_script_child_is(helpers):
    helpers.compute(digest(SMALL), None)
    proc = Path(f"/proc/{process_of(helpers).pid}")
    assert "Seccomp:\t2" in (proc / "status").read_text()
    (files,) = (line for line in (proc / "limits").read_text().splitlines() if line.startswith("Max open files"))
    assert files.split()[3:5] == ["0", "0"]
    assert b"PATH=" not in (proc / "environ").read_bytes()
    assert os.readlink(proc / "cwd") == "/"


def test_a_bomb_is_refused_before_it_fills_the_memory(run):
    bomb = base64.b64encode(gzip.compress(bytes(65 << 20))).decode()
    ran = run(
        f"""const packed = new Blob([Uint8Array.from(atob('{bomb}'), (letter) => letter.charCodeAt(0))]).stream();
        const reader = packed.pipeThrough(new DecompressionStream('gzip')).getReader();
        try {{ await reader.read(); console.log('unpacked') }} catch (error) {{ console.log(error.message) }}"""
    )
    assert ran.logged == ["the content is too large"]


@pytest.mark.parametrize(
    "key",
    [
        "'pkcs8', new Uint8Array(20000), {name: 'RSA-PSS', hash: 'SHA-1'}, true, ['sign']",
        "'jwk', {kty: 'RSA', e: 'AQAB', n: 'A'.repeat(20000)}, {name: 'RSA-PSS', hash: 'SHA-1'}, true, ['verify']",
    ],
)
def test_a_key_that_no_one_can_use_is_not_read(run, key):
    ran = run(f"try {{ await crypto.subtle.importKey({key}) }} catch (error) {{ console.log(error.name, error.message) }}")
    assert ran.logged == [["DataError", "The key is too large"]]


def test_several_that_compute_at_once_have_a_process_each_and_not_more_than_allowed():
    shared = Helpers(2)
    wish = digest(2 * SMALL)
    threads = [threading.Thread(target=shared.compute, args=(wish, None)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (idle,) = shared._idle.values()
    assert 1 <= len(idle) <= 2
    assert all(helper.alive for helper in idle)
    shared.close()
    assert not any(helper.alive for helper in idle)
