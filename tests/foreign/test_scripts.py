"""Scripts in Bruno's API and in Postman's: what is rewritten, what stays, and that the way back leads home."""

import pytest

from runner.foreign.scripts.joining import joined
from runner.foreign.scripts.table import NO_QUERY
from runner.foreign.scripts.translation import FROM_INSOMNIA, TO_BRUNO, TO_POSTMAN, Translated, translate
from runner.sandbox.analysis import Analysis


@pytest.fixture(scope="module")
def analysis():
    with Analysis() as found:
        yield found


@pytest.fixture
def to_bruno(analysis):
    return lambda text: translate([text], TO_BRUNO, analysis.chains)[0]


@pytest.fixture
def to_postman(analysis):
    return lambda text: translate([text], TO_POSTMAN, analysis.chains)[0]


BOTH = [
    ('pm.environment.set("a", 1);', 'bru.setEnvVar("a", 1);'),
    ('pm.globals.unset("a");', 'bru.deleteGlobalEnvVar("a");'),
    ('pm.collectionVariables.get(`a${b}`);', 'bru.getCollectionVar(`a${b}`);'),
    ('pm.variables.replaceIn("{{a}}");', 'bru.interpolate("{{a}}");'),
    ("pm.environment.name;", "bru.getEnvName();"),
    (
        'pm.test("a", () => pm.expect(pm.response.code).to.equal(200));',
        'test("a", () => expect(res.getStatus()).to.equal(200));',
    ),
    ("pm.response.json().a[0].b;", "res.getBody().a[0].b;"),
    ("pm.response.headers.has('a');", "res.headerList.has('a');"),
    ('pm.request.headers.upsert({ key: "A", value: x });', 'req.setHeader("A", x);'),
    ("pm.request.method = 'PUT';", "req.setMethod('PUT');"),
    ("pm.execution.setNextRequest(null);", "bru.runner.stopExecution();"),
    ('pm.execution.setNextRequest("B");', 'bru.runner.setNextRequest("B");'),
    ("pm.visualizer.set(t, { a: 1 });", 'bru.visualize("html", { template: t, data: { a: 1 } });'),
    ("pm.cookies.jar().get(u, n, f);", "bru.cookies.jar().getCookie(u, n, f);"),
    ("pm.response.to.have.jsonBody('a', 1);", "expect(res.getBody()).to.have.jsonBody('a', 1);"),
    ("`${pm.info.requestName} pm.info`;", "`${req.getName()} pm.info`;"),
    ("const { a } = pm.response.json();", "const { a } = res.getBody();"),
    (
        "if (pm.response.code) x(); else y(pm.response.responseTime);",
        "if (res.getStatus()) x(); else y(res.getResponseTime());",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("postman", "bruno"), BOTH)
def test_a_line_goes_both_ways(to_bruno, to_postman, postman, bruno):
    assert to_bruno(postman) == Translated(bruno, (), to_bruno(postman).top)
    assert to_postman(bruno).text == postman


@pytest.mark.parametrize(
    ("postman", "bruno"),
    [
        (
            'tests["a"] = responseCode.code === 200;',
            'test("a", function () { expect(Boolean(res.getStatus() === 200)).to.be.true; });',
        ),
        ("JSON.parse(responseBody).id;", "res.getBody().id;"),
        ('postman.setEnvironmentVariable("a", responseHeaders["X-Id"]);', 'bru.setEnvVar("a", res.getHeader("x-id"));'),
        ("pm.response.to.have.status(201);", "expect(res.getStatus()).to.equal(201);"),
        ('pm.response.to.have.status("Created");', 'expect(res.statusText).to.equal("Created");'),
        ('pm.response.to.have.header("Content-Type");', 'expect(res.getHeaders()).to.have.property("content-type");'),
        ("pm.response.to.be.success;", "expect(res.getStatus()).to.be.within(200, 299);"),
        ("pm.response.to.be.withBody;", "expect(res.getSize().body).to.be.above(0);"),
        ("f(request.headers, responseHeaders);", "f(req.getHeaders(), res.getHeaders());"),
        ("pm.response.headers.get(name);", "res.getHeader(name.toLowerCase());"),
        ("pm.response.headers.get(a + b);", "res.getHeader((a + b).toLowerCase());"),
        ("const env = pm.environment;\nenv.get('a');", "\nbru.getEnvVar('a');"),
        ("const { response: r } = pm;\nr.json();", "\nres.getBody();"),
        ("const it = pm.test;\neval(x);\nit('a', f);", "const it = test;\neval(x);\ntest('a', f);"),
        ('CryptoJS.MD5("a");', 'const CryptoJS = require("crypto-js");\nCryptoJS.MD5("a");'),
    ],
)
def test_what_bruno_calls_it(to_bruno, postman, bruno):
    assert to_bruno(postman).text == bruno


@pytest.mark.parametrize(
    ("bruno", "postman"),
    [
        ("res.status + res.body.a;", "pm.response.code + pm.response.json().a;"),
        ('res.headers["x-id"];', 'pm.response.headers.get("x-id");'),
        ("res.getHeaders().etag;", 'pm.response.headers.get("etag");'),
        ("Object.keys(res.headers);", "Object.keys(pm.response.headers.toObject());"),
        (
            "res('a.b');",
            f"// postrunner: {NO_QUERY}\n_.get(pm.response.json(), 'a.b');",
        ),
        ('bru.getProcessEnv("A");', 'pm.variables.get("process.env." + "A");'),
        ("req.setBody({ a: 1 });", 'pm.request.body.update({ mode: "raw", raw: JSON.stringify({ a: 1 }) });'),
        ("req.setBody('a');", "pm.request.body.update({ mode: \"raw\", raw: 'a' });"),
        ("req.setUrl(u);", "pm.request.url.update(u);"),
        ("req.getUrl();", "pm.request.url.toString();"),
        ("await bru.sleep(5);", "await new Promise((resolve) => setTimeout(resolve, 5));"),
        ("const id = res.body.user.id;\nf(id, id.trim());", "const id = pm.response.json().user.id;\nf(id, id.trim());"),
        ("assert.equal(1, 1);", 'require("chai").assert.equal(1, 1);'),
    ],
)
def test_what_postman_calls_it(to_postman, bruno, postman):
    assert to_postman(bruno).text == postman


@pytest.mark.parametrize(
    "text",
    [
        "// pm.response.json()",
        "/* pm.test */ 'pm.test(\"a\")';",
        "/pm.test/.test(x);",
        "`pm.test`;",
        "x.pm.test();",
        "({ pm: 1, test: 2 });",
        "pm: for (;;) { break pm; }",
    ],
)
def test_texts_comments_patterns_and_members_stay(to_bruno, text):
    assert to_bruno(text) == Translated(text)


def test_a_name_for_a_value_stays_so_that_changes_of_the_value_do(to_postman):
    script = "const body = res.body;\nbody.a = 1;\nf(body.a);"
    assert to_postman(script).text == "const body = pm.response.json();\nbody.a = 1;\nf(body.a);"


def test_a_parameter_of_the_apis_name_is_the_scripts_own(to_postman):
    assert to_postman("a.map((res) => JSON.stringify(res.body));").text == "a.map((res) => JSON.stringify(res.body));"


def test_a_name_of_the_scripts_own_stays_its_own(to_postman):
    text = "axios.get(u).then(function (res) { return res.status; }); [1].map((req) => req.url);"
    assert to_postman(text).text == text


def test_a_name_of_the_scripts_own_that_the_other_program_uses_gets_another(to_bruno):
    text = "const res = pm.response.json();\nf({ res });\nfunction test(bru = res) { return bru; }"
    assert (
        to_bruno(text).text
        == "const res_ = res.getBody();\nf({ res: res_ });\nfunction test_(bru_ = res_) { return bru_; }"
    )


def test_a_request_of_a_script_is_described_as_the_other_program_does(to_bruno, to_postman):
    header, raw, data = '{ A: "b" }', 'body: { mode: "raw", raw: JSON.stringify(x) }', "data: JSON.stringify(x)"
    postman = f'pm.sendRequest({{ url: "u", header: {header}, {raw} }}, (err, r) => f(r.json().id, r.code));'
    bruno = f'bru.sendRequest({{ url: "u", headers: {header}, {data} }}, (err, r) => f(r.data.id, r.status));'
    assert to_bruno(postman).text == bruno
    back = to_postman(bruno).text
    assert "".join(back.split()) == "".join(postman.split())


def test_headers_of_a_request_of_a_script_may_be_a_list_or_a_text(to_bruno):
    listed = to_bruno('pm.sendRequest({ url: "u", header: [{ key: "A", value: b }, { key: c, value: "d" }] });').text
    assert listed == 'bru.sendRequest({ url: "u", headers: { "A": b, [c]: "d" } });'
    assert (
        to_bruno('pm.sendRequest({ url: "u", header: "A: b" });').text
        == 'bru.sendRequest({ url: "u", headers: { "A": "b" } });'
    )
    assert to_bruno('pm.sendRequest("u");').text == 'bru.sendRequest({ url: "u", method: "GET" });'


def test_what_the_other_program_has_not_stays_under_a_comment_and_comes_back(to_bruno, to_postman):
    text = "if (a) {\n  b(pm.vault.get('x'));\n}"
    made = to_bruno(text)
    assert made.text == "if (a) {\n  // postrunner: pm.vault.get has no counterpart in Bruno\n  b(pm.vault.get('x'));\n}"
    assert [(gap.message, gap.line) for gap in made.gaps] == [("pm.vault.get has no counterpart in Bruno", 2)]
    assert to_postman(made.text).text == text


def test_a_package_that_the_other_program_has_not_is_told(to_postman):
    assert [gap.message for gap in to_postman('const a = require("axios");').gaps] == [
        "require('axios') has no counterpart in Postman"
    ]
    assert to_postman('const a = require("lodash");').gaps == ()


def test_what_is_no_script_stays_as_it_is_and_is_told(to_bruno, to_postman):
    made = to_bruno("pm.test(")
    assert made.text.endswith("\npm.test(")
    assert "not JavaScript" in made.gaps[0].message
    assert to_postman(made.text).text.endswith("pm.test(")


def test_characters_outside_of_the_basic_plane_move_no_place(to_bruno):
    assert to_bruno("const a = '😀'; pm.test('😀', f);").text == "const a = '😀'; test('😀', f);"


def test_insomnias_scripts_are_postmans_under_another_name(analysis):
    (made,) = translate(["insomnia.baseEnvironment.get('a'); insomnia.test('b', f);"], FROM_INSOMNIA, analysis.chains)
    assert made.text == "pm.collectionVariables.get('a'); pm.test('b', f);"


def test_scripts_that_declare_the_same_name_are_kept_apart(to_postman):
    first, second = to_postman("const a = 1;"), to_postman("const a = 2;")
    assert joined([first, second]) == "const a = 1;\n\n{\nconst a = 2;\n}"
