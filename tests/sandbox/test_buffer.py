"""Buffer is Node 20's, answer by answer; what Postman's sandbox leaves out of it (`of`, `copyBytesFrom` …) works, too."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

NODE = json.loads(Path(__file__).with_name("node_buffer.json").read_text("utf-8"))
EXPRESSIONS = list(NODE["answers"])
SLICE = 40

SHOW = r"""
const show = (v, d = 0) => {
  if (v === undefined) return 'undefined';
  if (v === null) return 'null';
  if (typeof v === 'string') return JSON.stringify(v);
  if (typeof v === 'bigint') return v + 'n';
  if (typeof v === 'function') return 'function ' + v.name + '/' + v.length;
  if (typeof v !== 'object') return Object.is(v, -0) ? '-0' : String(v);
  if (v instanceof Error) return v.name + ': ' + v.message + (v.code ? ' [' + v.code + ']' : '');
  if (Array.isArray(v)) return '[' + v.map((x) => show(x, d + 1)).join(', ') + ']';
  if (ArrayBuffer.isView(v)) return v.constructor.name + '<' + Array.from(v).join(',') + '>';
  const n = v.constructor ? v.constructor.name : '-';
  return (n === 'Object' ? '' : n) + '{' + Object.keys(v).map((k) => k + ': ' + show(v[k], d + 1)).join(', ') + '}';
};
const probe = (f) => {
  let shown;
  try { shown = show(f()); } catch (error) { shown = 'THROWS ' + show(error); }
  console.log(shown);
};
"""


@pytest.mark.parametrize("start", range(0, len(EXPRESSIONS), SLICE))
def test_what_node_says_is_said_here(run, start):
    asked = EXPRESSIONS[start : start + SLICE]
    ran = run(SHOW + "\n".join(f"probe(() => ({expression}));" for expression in asked) + " // Buffer")
    assert ran.error is None
    assert dict(zip(asked, ran.logged, strict=True)) == {expression: NODE["answers"][expression] for expression in asked}


@pytest.mark.parametrize(("owner", "names"), [("Buffer", "statics"), ("Buffer.prototype", "members")])
def test_the_members_are_those_of_node(run, owner, names):
    (found,) = run(f"console.log(Reflect.ownKeys({owner}).map(String).sort())").logged
    assert set(NODE[names]) - set(found) - {"Symbol(kIsEncodingSymbol)"} == set()
    assert set(found) - set(NODE[names]) == set()


def test_the_module_has_blob_and_file_of_the_sandbox(run):
    ran = run("const own = require('buffer'); console.log(own.Blob === Blob, own.File === File, own.Buffer === Buffer)")
    assert ran.logged == [[True, True, True]]


def test_a_token_is_taken_apart_and_put_together(run):
    source = """
    const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const token = [part({alg: 'none'}), part({sub: 'ž?>'}), ''].join('.');
    console.log(token, JSON.parse(Buffer.from(token.split('.')[1], 'base64url')));
    """
    assert run(source).logged == [["eyJhbGciOiJub25lIn0.eyJzdWIiOiLFvj8-In0.", {"sub": "ž?>"}]]


def test_the_body_of_a_response_is_a_buffer(run):
    source = (
        "const { stream } = pm.response; console.log(Buffer.isBuffer(stream), stream.subarray(2, 4).toString(), stream)"
    )
    assert run(source).shown[0].startswith("true 'id' <Buffer 7b 22 69 64 22")
