"""A collection that `convert` has written sends what the original sends, byte by byte, and its tests say the same."""

import httpx
import pytest

from runner import run
from runner.formats.v3.converting import to_v3
from tests.v3.test_converting import home
from tests.v3.test_samples import SAMPLES

SUBJECTS = ("02-auth", "04-body", "05-body", "06-body", "07-body", "08-headers", "09-urls", "15-ppb", "20-folders")
SAMPLE_NAMES = [name for name in SAMPLES if name.startswith(SUBJECTS)]


def outcome(collection):
    """The requests that a run sends, its assertions, and whether it failed."""
    sent = []

    def answer(request):
        sent.append((request.method, str(request.url), request.headers.raw, request.read()))
        return httpx.Response(200, json={"id": len(sent)})

    result = run(collection, transport=httpx.MockTransport(answer), seed="any", reporters=())
    return sent, [(check.name, check.passed) for done in result.executions for check in done.assertions], result.failed


@pytest.mark.parametrize("name", SAMPLE_NAMES)
def test_a_converted_collection_sends_the_same(name, folder):
    source = SAMPLES[name]["source"]
    original = outcome(source)
    assert original[0]
    assert outcome(str(folder(to_v3(source).files))) == original
    assert outcome(home(source)) == original
