"""Which example answers a call: the table of cases in `matching.txt`."""

from pathlib import Path

import pytest

from runner.formats.load import read_collection
from runner.mock.examples import examples_in
from runner.mock.matching.explaining import number
from runner.mock.matching.index import Index
from runner.mock.matching.matcher import Asked, Matcher
from runner.mock.matching.paths import segments_of
from runner.mock.matching.queries import parameters_of
from runner.mock.wishes import Settings, wishes_of
from runner.model.variable import Variable
from runner.server.messages import Call, parse_target
from runner.variables.scopes import Scopes
from tests.mock.conftest import collection, example, request_of


def cases():
    """Rule, call, examples, answer and variables of each line."""
    rule = ""
    for line in Path(__file__).with_name("matching.txt").read_text().splitlines():
        if line.startswith("#"):
            rule = line[2:]
        elif line:
            call, examples, answer, *variables = line.split(" | ")
            pairs = dict(pair.split("=", 1) for pair in (variables or [""])[0].split(", ") if pair)
            yield pytest.param(call, examples, answer.strip(), pairs, id=f"{rule.split()[0]} {call} in {examples}"[:90])


CASES = list(cases())


def matched(call, examples, variables=(), settings=None, *, all=True):
    """The candidates for a call among examples (`name = request` or `id:name = request`)."""
    made = []
    for text in examples.split(" ; "):
        names, _, request = text.partition(" = ")
        id, colon, name = names.strip().partition(":")
        made.append(example(request, id=id, name=name if colon else id))
    scopes = Scopes(environment=[Variable(key, value) for key, value in dict(variables).items()])
    settings = settings or Settings()
    index = Index(examples_in(read_collection(collection(*made)), scopes, pytest.fail), wildcards=settings.wildcards)
    method, target, headers, body, *_ = request_of(call)
    path, query = parse_target(target)
    lines = tuple((name.lower(), value) for name, value in headers.items())
    sent = Call(method, target, path, query, lines, body.encode())
    asked = Asked(sent, segments_of(target), parameters_of(target), wishes_of(sent, settings))
    return Matcher(index, settings, all=all).match(asked)


@pytest.mark.parametrize("all", [False, True])
@pytest.mark.parametrize(("call", "examples", "answer", "variables"), CASES)
def test_the_documented_example_answers(call, examples, answer, variables, all):
    found = matched(call, examples, variables, all=all).ranked
    shown = f"{found[0].example.id or found[0].example.name} {number(found[0].score)}" if found else "none"
    assert shown == answer


def test_there_are_at_least_120_cases():
    assert len(CASES) >= 120


def test_without_wildcards_names_are_taken_literally():
    settings = Settings(wildcards=False)
    assert not matched("GET /users/carol", "a = GET /users/:name", settings=settings).ranked
    assert matched("GET /users/:name", "a = GET /users/:name", settings=settings).ranked[0].score == 100


def test_parameters_can_be_left_out_of_the_score():
    found = matched("GET /s?a=1", "b = GET /s?a=1 ; a = GET /s", settings=Settings(match_query=False))
    assert [(one.example.id, one.score) for one in found.ranked] == [("a", 100), ("b", 100)]


@pytest.mark.parametrize(("header", "answer"), [("", "b"), (" [x-mock-match-request-body: false]", "a")])
def test_the_header_wins_over_the_setting(header, answer):
    found = matched(
        f'POST /u{header} <{{"a": 1}}>', 'a = POST /u <{"a":2}> ; b = POST /u <{"a":1}>', settings=Settings(match_body=True)
    )
    assert found.ranked[0].example.id == answer


def test_what_did_not_match_is_told_with_its_reason():
    found = matched("GET /u [x-mock-response-code: 404]", "a = GET /u")
    assert found.dropped[0][1] == "its status is 200"
