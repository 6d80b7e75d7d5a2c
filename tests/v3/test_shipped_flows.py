"""The shipped flows are folders of the format v3, too: the same requests, scripts and examples."""

from pathlib import Path

import pytest

from runner.formats.json_text import parse_json
from runner.formats.v3.converting import to_v3

COLLECTIONS = Path(__file__).parents[2] / "collections"
FLOWS = ("torii-custom-integration", "truto-integrated-accounts")


@pytest.mark.parametrize("name", FLOWS)
def test_the_folder_is_what_the_json_becomes(name):
    """`postrunner convert collections/NAME.postman_collection.json collections/NAME --force` makes it so."""
    document = parse_json((COLLECTIONS / f"{name}.postman_collection.json").read_text("utf-8"))
    folder = COLLECTIONS / name
    found = {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.rglob("*.yaml")}
    assert found == to_v3(document).files


def test_a_flow_is_copied_as_a_folder(postrunner, tmp_path):
    done = postrunner("flows", "copy", "truto", "mine", "--format", "v3")
    assert done.code == 0, done.err
    folder = tmp_path / "mine" / "collections" / "truto-integrated-accounts"
    assert (folder / ".resources" / "definition.yaml").is_file()
    environment = tmp_path / "mine" / "environments" / "truto-local.postman_environment.json"
    assert postrunner("run", folder, "-e", environment, "--list").code == 0
    assert not list(tmp_path.rglob("*.postman_collection.json"))
