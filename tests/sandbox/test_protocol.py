"""Both sides say what the table of the protocol has: all of it, and nothing else."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from runner.errors import SandboxError
from runner.model.variable import Variable
from runner.sandbox import protocol
from runner.sandbox.child import FOLDER, Child
from runner.sandbox.engine_calls import Calls
from runner.variables.scopes import Scopes
from tests.sandbox.conftest import World, exchange

PRELUDE = "\n".join(path.read_text(encoding="utf-8") for path in sorted((FOLDER / "js").rglob("*.js")))
USES = {
    "assertion": "pm.test('a', () => {}); pm.test.skip('b', () => {}); pm.test('c', () => { throw 1 })",
    "console": "for (const level of ['log', 'info', 'warn', 'error', 'debug']) console[level]({a: 1})",
    "set": "pm.environment.set('a', 1, {secret: true})",
    "unset": "pm.environment.unset('there')",
    "assign": "pm.variables.set('a', undefined); pm.variables.set('b', 1, {type: 'string', secret: true})",
    "send": "await pm.sendRequest({url: 'http://h/', headers: {}})",
    "item": "await pm.execution.runRequest('x', {variables: {a: 1}})",
    "cookies get": "await pm.cookies.jar().get('http://h/', 'a')",
    "cookies getAll": "await pm.cookies.jar().getAll('http://h/', {secure: true})",
    "cookies set": "await pm.cookies.jar().set('http://h/', {name: {}, value: [], maxAge: 'x', extensions: [{}]})",
    "cookies unset": "await pm.cookies.jar().unset('http://h/', 'a')",
    "cookies clear": "await pm.cookies.jar().clear('http://h/')",
    "vault get": "await pm.vault.get(1)",
    "vault set": "await pm.vault.set('a', {b: 1})",
    "vault unset": "await pm.vault.unset('a')",
    "datasets executeView": "await pm.datasets('a').executeView('b').catch(() => {})",
    "datasets executeQuery": "await pm.datasets('a').executeQuery('b', {}).catch(() => {})",
    "pack compress": "await new Blob(['a']).stream().pipeThrough(new CompressionStream('gzip')).getReader().read()",
    "pack decompress": "const packed = new Blob([new Uint8Array([3, 0])]).stream();"
    "await packed.pipeThrough(new DecompressionStream('deflate-raw')).getReader().read()",
    "request": "pm.request.headers.add({key: 'a', value: 'b'})",
    "skip": "pm.sendRequest('http://h/'); pm.execution.skipRequest()",
    "next": "pm.execution.setNextRequest(null)",
    "visualizer": "pm.visualizer.set('t', {a: 1}, {b: 2})",
    "error": "throw new TypeError('x')",
}
KEYS = """
const subtle = crypto.subtle, data = new Uint8Array(32), iv = new Uint8Array(16), all = [];
const quiet = (work) => all.push(Promise.resolve().then(work).catch(() => {}));
const raw = (name, more, usages) => subtle.importKey('raw', data, {name, ...more}, false, usages);
quiet(() => subtle.digest('SHA-1', data));
quiet(async () => subtle.sign('HMAC', await raw('HMAC', {hash: 'SHA-256'}, ['sign']), data));
for (const name of ['AES-CBC', 'AES-CTR', 'AES-GCM'])
  quiet(async () => subtle.encrypt({name, iv, counter: iv, length: 8}, await raw(name, {}, ['encrypt']), data));
for (const name of ['PBKDF2', 'HKDF']) quiet(async () => {
  const algorithm = {name, salt: iv, info: iv, iterations: 1, hash: 'SHA-512'};
  await subtle.deriveBits(algorithm, await raw(name, {}, ['deriveBits']), 64);
});
quiet(async () => {
  const {privateKey, publicKey} = await subtle.generateKey({name: 'ECDSA', namedCurve: 'P-256'}, true, ['sign', 'verify']);
  const signature = await subtle.sign({name: 'ECDSA', hash: 'SHA-256'}, privateKey, data);
  await subtle.verify({name: 'ECDSA', hash: 'SHA-256'}, publicKey, signature, data);
  for (const format of ['jwk', 'raw', 'spki']) {
    const written = await subtle.exportKey(format, publicKey);
    await subtle.importKey(format, written, {name: 'ECDSA', namedCurve: 'P-256'}, true, ['verify']);
  }
});
quiet(async () => {
  const {privateKey} = await subtle.generateKey('Ed25519', true, ['sign', 'verify']);
  await subtle.sign('Ed25519', privateKey, data);
});
quiet(async () => {
  const algorithm = {name: 'RSA-OAEP', hash: 'SHA-256', modulusLength: 1024, publicExponent: new Uint8Array([1, 0, 1])};
  const {privateKey, publicKey} = await subtle.generateKey(algorithm, true, ['encrypt', 'decrypt']);
  await subtle.decrypt('RSA-OAEP', privateKey, await subtle.encrypt({name: 'RSA-OAEP', label: iv}, publicKey, data));
});
await Promise.all(all);
"""


def test_the_prelude_asks_for_and_tells_only_what_the_table_has():
    asked = set(re.findall(r"\bask(?:Host)?\('(\w+)'", PRELUDE))
    told = set(re.findall(r"\baddEvent\(\{\s*kind: '(\w+)'", PRELUDE))
    changed = set(re.findall(r"\boperation: '(\w+)'", PRELUDE))
    assert asked == set(protocol.ASKS)
    assert (told, changed) == (set(protocol.EVENTS), set(protocol.CHANGES))
    assert set(re.findall(r"\bhost\('(\w+)'", PRELUDE)) | {"encrypt", "decrypt", "sign", "hmac"} == set(protocol.SUBTLE)


def test_the_prelude_handles_each_operation_and_no_other():
    listed = re.search(r"const HANDLERS = \{\n(.*?)\n\};", PRELUDE, re.DOTALL)
    handled = set(re.findall(r"^  (\w+)[:(]", listed[1], re.MULTILINE))
    assert handled == set(protocol.MESSAGES)


def test_the_worker_knows_the_frames_of_the_table():
    worker = Path(FOLDER / "worker.py").read_text(encoding="utf-8")
    assert set(re.findall(r'write_frame\(\S+ b"(\w)"', worker)) == {kind.decode() for kind in protocol.FROM_CHILD}
    assert set(re.findall(r'kind == b"(\w)"', worker)) == {kind.decode() for kind in protocol.TO_CHILD}


def test_the_child_is_sent_the_frames_of_the_table():
    child = Path(FOLDER / "child.py").read_text(encoding="utf-8")
    sent = re.findall(r'self\._(?:tell|write)\(b"(\w)"', child)
    assert set(sent) == {kind.decode() for kind in protocol.TO_CHILD}


class Listener:
    """Keeps the replies that a sandbox gets."""

    def __init__(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        self.replies: list[dict[str, Any]] = []
        ask = world.sandbox.ask

        def listening(*args: Any) -> Any:
            self.replies.append(ask(*args))
            return self.replies[-1]

        monkeypatch.setattr(world.sandbox, "ask", listening)

    def rows(self) -> set[str]:
        """The rows of the table that they had."""
        found: set[str] = set()
        for reply in self.replies:
            found |= {key for key in reply if reply[key] and key in ("error", "next", "skip", "request", "visualizer")}
            found |= {event["kind"] for event in reply["events"]} | {change["operation"] for change in reply["changes"]}
            found |= {f"{one['kind']} {one.get('operation', '')}".strip() for one in reply["asks"]}
        return found


@pytest.fixture
def listener(world: World, monkeypatch: pytest.MonkeyPatch) -> Listener:
    world.items = lambda id, variables: exchange()
    world.cookies = lambda operation, arguments: [] if operation == "getAll" else None
    return Listener(world, monkeypatch)


@pytest.mark.parametrize("row", USES)
def test_a_script_uses_each_row_of_the_table(world, listener, row):
    scopes = Scopes(environment=[Variable("there", 1)])
    ran = world.run(USES[row], listen="prerequest", scopes=scopes)
    assert row in listener.rows()
    assert (ran.result.error is None) == (row != "error")


def test_a_script_uses_each_operation_of_crypto_subtle(world, listener):
    assert world.run(KEYS).error is None
    assert listener.rows() >= {f"subtle {name}" for name in protocol.SUBTLE}


STACK = "const e = new Error('x'); e.stack = `Error: x\\n    at a.js:${'9'.repeat(%d)}:1`; throw e"
HOSTILE = {
    "marks of a variable": "pm.variables.set('a', 1); Object.assign(pm.variables.values.one('a'), {type: {}, secret: 'x'})",
    "a mutation": "pm.environment.mutations.track('set', 'a', 1, {scope: 'x', operation: 'assign', secret: 5})",
    "a mutation of another kind": "pm.environment.mutations.compacted.a = 5",
    "a request that is a text": "pm.request.toJSON = () => 'x'",
    "a request that is nothing": "pm.request.toJSON = () => undefined",
    "a stack": STACK % 400,
    "a stack of large numbers": STACK % 30,
    "a date": "const d = new Date(); d.toISOString = () => ({}); console.log(d)",
    "variables that are a list": "await pm.execution.runRequest('x', {variables: [1]})",
    "variables that are a text": "await pm.execution.runRequest('x', {variables: 'a'})",
    "a name of a test": "pm.test({toString() { return 5 }}, () => {}); pm.test(Symbol('a'), () => {})",
    "half of a character": "pm.test('\\ud800', () => { throw new Error('\\udc00') }); console.log('\\ud83d')",
    "half of a character as a name": "pm.environment.set('\\ud800', 1)",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_a_script_does_to_its_own_objects_breaks_no_reply(world, listener, name):
    ran = world.run(HOSTILE[name], listen="prerequest")
    assert listener.replies[-1]["done"]
    assert "SandboxError" not in (ran.error or "")
    assert json.dumps(listener.replies, ensure_ascii=False).encode()
    assert world.run("pm.test('next', () => {})").tests == {"next": True}


def test_an_error_of_the_engine_leaves_it_ready_for_the_next_message():
    child = Child()
    with pytest.raises(SandboxError, match="the script engine failed: "):
        child.ask({"op": "unheard of"}, 60_000)
    assert child.ask({"op": "dynamic", "names": {"$guid": 0}}, 60_000)["values"] == {"$guid": []}
    child.close()


def test_calls_that_the_binding_makes_itself_go_on_until_there_is_nothing_to_call():
    calls = Calls({"double": lambda this: 2 * this})
    assert calls.make(("double", b"a"), ("double", b"b")) == [b"aa", b"bb"]
    assert calls.converse((("double", b"a"),), lambda found: (("double", found[0]),) if len(found[0]) < 8 else ()) == [
        b"a" * 8
    ]
