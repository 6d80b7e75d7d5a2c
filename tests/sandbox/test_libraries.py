from __future__ import annotations

import pytest

from runner.sandbox.bundles import bundles_for

USES = {
    "ajv": ("new (require('ajv'))().validate({type: 'number'}, 5)", True),
    "assert": ("require('assert').strictEqual(1, 1)", None),
    "atob": ("require('atob')('aGk=')", "hi"),
    "btoa": ("require('btoa')('hi')", "aGk="),
    "buffer": ("require('buffer').Buffer.from('hi').toString('hex')", "6869"),
    "chai": ("require('chai').expect === pm.expect", True),
    "cheerio": ("require('cheerio').load('<b>x</b>')('b').text()", "x"),
    "crypto-js": ("require('crypto-js').SHA256('a').toString().slice(0, 8)", "ca978112"),
    "csv-parse": ("require('csv-parse/lib/sync')('a,b\\n1,2')", [["a", "b"], ["1", "2"]]),
    "fs": ("require('fs')", {}),
    "lodash": ("require('lodash').VERSION.split('.')[0]", "4"),
    "moment": ("require('moment')(0).utc().format('YYYY-MM-DD')", "1970-01-01"),
    "path": ("require('path').join('a', '..', 'b')", "b"),
    "postman-collection": ("new (require('postman-collection').Url)('http://a/b?c=d').getPathWithQuery()", "/b?c=d"),
    "querystring": ("require('querystring').stringify({a: 'b c'})", "a=b%20c"),
    "tv4": ("require('tv4').validate(1, {type: 'string'})", False),
    "url": ("require('url').parse('http://a:1/b').port", "1"),
    "util": ("require('util').format('%s', 'x')", "x"),
    "uuid": ("require('uuid').v4().length + require('uuid')().length", 72),
    "xml2js": ("typeof require('xml2js').parseString", "function"),
}


@pytest.mark.parametrize("name", USES)
def test_a_library_can_be_required(run, name):
    expression, value = USES[name]
    assert run(f"console.log({expression})").logged == [value]


def test_other_modules_are_not_found(run):
    assert run("require('http')").error == "Error: Cannot find module 'http'"


def test_only_libraries_that_the_script_names_are_loaded():
    assert bundles_for("pm.test('a', () => pm.response.to.have.status(200))") == ()
    assert bundles_for('const m = require( "moment" )') == ("moment.js",)
    assert "world/schemas.js" in bundles_for("pm.response.to.have.jsonSchema({})")
    assert "lodash3.js" in bundles_for("_.each([])")
    assert "lodash3.js" not in bundles_for("const a_ = 1, $_ = a._")


def test_a_name_that_is_made_at_run_time_finds_its_library(run):
    assert run("const name = 'lod' + 'ash'; console.log(require(name).add(1, 2))").logged == [3]
    assert run("console.log(eval(\"require('querystring').encode({a: ' '})\"))").logged == ["a=%20"]


def test_a_request_of_the_sdk_can_be_sent(run):
    from runner.effects import StartSend

    ran = run(
        "const {Request} = require('postman-collection'); "
        "await pm.sendRequest(new Request({url: 'http://a/b', method: 'PUT'}))"
    )
    (started,) = [e for e in ran.effects if isinstance(e, StartSend)]
    assert (started.request.method, started.request.url.path) == ("PUT", ("b",))
