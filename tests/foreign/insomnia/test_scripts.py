"""Scripts and unit tests of Insomnia."""

from tests.foreign.insomnia.exports import LINES, export, get, post


def test_scripts_are_those_of_postman(sent):
    scripts = {
        "preRequest": "const value = insomnia.variables.get('a');\ninsomnia.request.headers.add({ key: 'X-Set', value });\n"
        "insomnia.baseEnvironment.set('b', '2');",
        "afterResponse": "const pm = 1;\ninsomnia.test('fine', () => {\n"
        "  insomnia.expect(insomnia.response.code).to.eql(200);\n"
        "  insomnia.response.to.have.status(200);\n  insomnia.expect(insomnia.response.json().body).to.eql('2');\n});",
    }
    ((_, _, headers, body),) = sent(export([post("{{ _.b }}", scripts=scripts)], environments={"data": {"a": "1"}}))
    assert (headers["X-Set"], body) == ("1", "2")


def test_what_scripts_set_does_not_overwrite_a_folder(sent):
    scripts = {"preRequest": "insomnia.baseEnvironment.set('a', 'script');"}
    folder = {"name": "f", "environment": {"a": "folder"}, "children": [post("{{ _.a }}", scripts=scripts)]}
    assert [body for *_, body in sent(export([folder, post("{{ _.a }}")]))] == ["folder", "script"]


def test_packages_and_answers_have_the_names_of_postman(sent):
    script = (
        "const { Header } = require('insomnia-collection');\n"
        "insomnia.sendRequest('URL/own', (error, answer) => {\n"
        "  insomnia.request.headers.add(new Header({ key: 'X-Own', value: JSON.parse(answer.body).path }));\n});"
    )
    seen = sent(export([post("x", scripts={"preRequest": script})]))
    assert seen[1][2]["X-Own"] == "/own"


def test_the_environment_of_scripts_is_the_chosen_one_or_the_base(imported):
    scripts = {"preRequest": "insomnia.environment.get('a');"}
    environments = {"data": {"a": "1"}}
    collection, _ = imported(export([get(scripts=scripts)], environments=environments))
    assert collection["item"][0]["event"][0]["script"]["exec"] == ["pm.collectionVariables.get('a');"]
    environments["subEnvironments"] = [{"name": "dev", "data": {}}]
    collection, _ = imported(export([get(scripts=scripts)], environments=environments))
    assert collection["item"][0]["event"][0]["script"]["exec"] == ["pm.environment.get('a');"]


def test_what_scripts_cannot_do_in_postman_is_told_with_its_line(imported):
    script = "        const a = 1;\n        insomnia.vault.get('x');\n"
    text = f"{LINES}    scripts:\n      preRequest: |-\n{script}"
    collection, told = imported(text)
    assert "export.yaml:10: insomnia.vault.get has no counterpart in Postman" in told
    assert (
        "// postrunner: insomnia.vault.get has no counterpart in Postman"
        in collection["item"][0]["event"][0]["script"]["exec"]
    )


def test_an_object_that_a_script_takes_is_told(imported):
    scripts = {"preRequest": "insomnia.environment.get('user').name;"}
    collection, told = imported(export([get(scripts=scripts)], environments={"data": {"user": {"name": "Ann"}}}))
    assert "user is an object or a list in Insomnia: here it is its JSON, which JSON.parse reads" in told
    assert {"key": "user", "value": '{"name":"Ann"}', "type": "string"} in collection["variable"]


def test_unit_tests_are_tests_of_their_requests(imported, postrunner):
    code = "const sent = await insomnia.send();\nexpect(sent.status).to.equal(200);\nexpect(sent.data).to.contain('GET');"
    suites = [{"name": "s", "tests": [{"name": "it answers", "requestId": "req_1", "code": code}]}]
    imported(export([get(meta={"id": "req_1"})], testSuites=suites))
    done = postrunner("run", "c.json")
    assert (done.code, "it answers" in done.out) == (0, True)
    suites[0]["tests"][0]["code"] = code.replace("200", "404")
    imported(export([get(meta={"id": "req_1"})], testSuites=suites))
    assert postrunner("run", "c.json").code == 1
