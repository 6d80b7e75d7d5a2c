"""What gets a placeholder, and what keeps its text."""

import base64
import random
import string
import uuid

import pytest

from runner.comparison import Rules
from runner.secrets import MASK
from runner.snapshots.documents import document_of
from runner.snapshots.rules import RequestRules
from runner.snapshots.scrubbers import fits, found_in

ID = "550e8400-e29b-41d4-a716-446655440000"
OTHER = "650e8400-e29b-41d4-a716-446655440000"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"


def scrub(body, **rules):
    answer = {"status": 200, "headers": {}, "body": {"json": body}}
    return document_of(answer, RequestRules(**rules))["body"]["json"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (ID, "<uuid>"),
        (ID.upper(), "<uuid>"),
        (f"/users/{ID}/x", "/users/<uuid>/x"),
        (f"user_{ID}", "user_<uuid>"),
        ("2026-11-29T12:00:00Z", "<time>"),
        ("2026-11-29T12:00:00.123456+01:00", "<time>"),
        ("2026-11-29 12:00", "<time>"),
        ("from 2026-11-29T12:00:00Z to 2026-11-30T12:00:00Z", "from <time> to <time>"),
        ("Wed, 21 Oct 2026 07:28:00 GMT", "<time>"),
        ("1764417600000", "<time>"),
        ("01ARZ3NDEKTSV4RRFFQ69G5FAV", "<ulid>"),
        ("507f1f77bcf86cd799439011", "<objectid>"),
        ("d41d8cd98f00b204e9800998ecf8427e", "<hex>"),
        ("1234567890123456789", "<digits>"),
        ("order 123456789012345", "order <digits>"),
        (JWT, "<jwt>"),
        (f"Bearer {JWT}", "Bearer <jwt>"),
        ("sk_9aK2mQ7xT4bV8nR3wZ6c", "<token>"),
        ("https://x.example/f/9aK2mQ7xT4bV8nR3wZ6c?a=1", "https://x.example/f/<token>?a=1"),
        ("9aK2mQ7xT4bV8nR3+wZ6c/a9dK3==", "<token>"),
    ],
)
def test_what_varies_has_a_placeholder_of_its_kind(text, shown):
    assert scrub(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ada",
        "2026-11-29",
        "12:30",
        "1.2.3",
        "4006381333931",
        "12345678901234",
        "550e8400-e29b-41d4",
        "getUserByIdAndNameForOrder",
        "my-long-resource-name-2-final-version",
        "SOME_VERY_LONG_CONSTANT_NAME_2",
        "report-2026-11-29-version-2-final",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "https://example.com/some/very/long/path/of/words/only",
        "<uuid>",
        "application/vnd.example.v2+json",
        "Donaudampfschifffahrtsgesellschaft",
        "0.123456789012345678",
    ],
)
def test_what_somebody_chose_stays(text):
    assert scrub(text) == text


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ({"created": 1764417600}, {"created": "<time number>"}),
        ({"updatedAt": 1764417600.5}, {"updatedAt": "<time number>"}),
        ({"created": "1764417600"}, {"created": "<time>"}),
        ({"times_at": [1764417600]}, {"times_at": ["<time number>"]}),
        ({"people": 1764417600}, {"people": 1764417600}),
        ({"a": 1764417600000}, {"a": "<time number>"}),
        ({"a": 9007199254740993}, {"a": "<digits number>"}),
        ({"a": 123456789}, {"a": 123456789}),
        ({"created": 12}, {"created": 12}),
        ({"created": True}, {"created": True}),
        ({"a": 1e300, "b": -1764417600000}, {"a": 1e300, "b": -1764417600000}),
    ],
)
def test_numbers_are_times_and_ids_by_size_and_name(body, shown):
    assert scrub(body) == shown


def test_a_value_that_stands_twice_has_one_number():
    assert scrub({"id": ID, "self": f"/{ID}", "other": OTHER}) == {"id": "<uuid:1>", "self": "/<uuid:1>", "other": "<uuid>"}
    assert scrub([OTHER, ID, ID, OTHER]) == ["<uuid:1>", "<uuid:2>", "<uuid:2>", "<uuid:1>"]


def test_numbers_do_not_depend_on_the_order_of_members():
    assert scrub({"a": ID, "b": [ID, OTHER], "c": OTHER}) == scrub({"c": OTHER, "b": [ID, OTHER], "a": ID})


def test_headers_and_body_count_together():
    answer = {"status": 201, "headers": {"location": f"/users/{ID}"}, "body": {"json": {"id": ID}}}
    found = document_of(answer, RequestRules())
    assert (found["headers"]["location"], found["body"]["json"]["id"]) == ("/users/<uuid:1>", "<uuid:1>")


def test_keys_of_objects_are_scrubbed_too():
    assert scrub({ID: {"n": 1}}) == {"<uuid>": {"n": 1}}
    one, other = {ID: {"n": 1}, OTHER: {"n": 2}}, {OTHER: {"n": 1}, ID: {"n": 2}}
    assert scrub(one) == scrub(other) == {"<uuid>": {"n": 1}, "<uuid> 2": {"n": 2}}


@pytest.mark.parametrize("rules", [{}, {"tree": Rules.of(unordered=["all"])}])
def test_keys_that_vary_at_every_level_cost_no_more_than_their_size(rules):
    value = {"n": 1}
    for _ in range(1500):
        value = {ID: [value], OTHER: 0}
    found, depth = scrub(value, **rules), 0
    while "n" not in found:
        assert found["<uuid> 2"] == 0
        found, depth = found["<uuid>"][0], depth + 1
    assert depth == 1500


def test_rules_keep_exactly_and_ignore():
    assert scrub({"a": ID, "b": ID}, exact=Rules.of(["$.a"])) == {"a": ID, "b": "<uuid>"}
    assert scrub({"a": {"x": ID}, "b": 1}, exact=Rules.of(["$.a"])) == {"a": {"x": ID}, "b": 1}
    assert scrub({"a": ID, "b": ID}, tree=Rules.of(["$.a"])) == {"a": "<ignored>", "b": "<uuid>"}


def test_arrays_without_an_order_are_sorted_before_they_are_numbered():
    rules = {"tree": Rules.of(unordered=["$.items"])}
    one = {"items": [{"n": 2, "id": ID, "up": OTHER}, {"n": 1, "id": OTHER}]}
    other = {"items": [{"n": 1, "id": ID}, {"n": 2, "id": OTHER, "up": ID}]}
    assert scrub(one, **rules) == scrub(other, **rules)
    assert [entry["n"] for entry in scrub(one, **rules)["items"]] == [1, 2]


def test_nearly_every_random_token_is_found():
    """A base62 token of 24 characters is missed once in hundreds; `fits` takes those that are."""
    source = random.Random(5)
    tokens = ["".join(source.choices(string.ascii_letters + string.digits, k=24)) for _ in range(2000)]
    missed = [token for token in tokens if not found_in(token, "")]
    assert len(missed) < 40
    assert all(fits("<token>", token, MASK) for token in missed)


def test_generated_ids_of_every_kind_are_found():
    source = random.Random(6)
    for _ in range(300):
        raw = source.randbytes(32)
        for text in (str(uuid.UUID(bytes=raw[:16], version=4)), raw[:12].hex(), raw[:16].hex(), raw.hex()):
            assert [found.value for found in found_in(f"x {text} y", "")] == [text]
        token = base64.urlsafe_b64encode(raw).decode()
        assert found_in(token, "") or fits("<token>", token, MASK)


@pytest.mark.parametrize(
    ("expected", "actual", "same"),
    [
        ("a", "a", True),
        ("a", "b", False),
        (MASK, "hunter2", True),
        (MASK, "", False),
        (f"Bearer {MASK}", "Bearer abc", True),
        (f"Bearer {MASK}", "Basic abc", False),
        (f"a{MASK}b{MASK}c", "a1b2c", True),
        (f"a{MASK}b{MASK}c", "a1b2d", False),
        (f"{MASK}b", "b", False),
        (f"a{MASK}xyz{MASK}", "a1xyz", False),
        (f"a{MASK}xyz{MASK}", "a1xyz2", True),
        (f"a {MASK}", f"a {MASK}", True),
        ("a <token>", f"a {MASK}", True),
        ("a <uuid:1> b", f"a {MASK} b", True),
        ("a word", f"a {MASK}", False),
        ("<token>", "AbcdefghIjklmnopQrst", True),
        ("<token>", "no token", False),
        ("<token:2>", "AbcdefghIjklmnopQrst", True),
        ("<uuid>", "AbcdefghIjklmnopQrst", False),
        (f"x{MASK}", "y", False),
    ],
)
def test_a_mask_stands_for_any_text_and_a_token_for_what_looks_like_one(expected, actual, same):
    assert fits(expected, actual, MASK) is same
