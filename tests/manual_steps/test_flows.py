"""The steps of the two documented flows say, point by point, what the articles have people do."""

import json
from pathlib import Path

import pytest

import runner
from tests.manual_steps.conftest import bearer, collection, request

ROOT = Path(__file__).parents[2]
BASE = "{{torii_base_url}}/{{torii_api_version}}"
JSON = {"raw": {"language": "json"}}


def torii():
    """The article about syncing a custom integration as a collection: four requests, values handed on by scripts."""
    parameters = request(
        "Get File Upload Parameters",
        f"{BASE}/files/url?name={{{{torii_file_name}}}}&type={{{{torii_file_type}}}}",
        after="""pm.test("status is 200", () => pm.response.to.have.status(200));
const body = pm.response.json();
const p = body.uploadFileParameters || body;
pm.collectionVariables.set("upload_url", p.url);
pm.collectionVariables.set("file_path", p.filePath);
pm.collectionVariables.set("sync_tries", 0);""",
    )
    upload = request(
        "Upload a JSON File",
        "{{upload_url}}",
        "PUT",
        auth={"type": "noauth"},
        header=[{"key": "Content-Type", "value": "{{torii_file_type}}"}],
        body={"mode": "raw", "raw": '{"users": [{"email": "adam@example.com"}]}', "options": JSON},
    )
    upload["protocolProfileBehavior"] = {"disabledSystemHeaders": {"content-type": True}}
    file_id = request(
        "Get Your File ID",
        f"{BASE}/files",
        "POST",
        after="""const id = pm.response.json().id;
pm.collectionVariables.set("file_id", id);
pm.collectionVariables.unset("upload_url");""",
        body={"mode": "raw", "raw": '{ "path": "{{file_path}}", "type": "{{torii_file_type}}" }', "options": JSON},
    )
    sync = request(
        "Sync Your Integration",
        f"{BASE}/services/sync/custom",
        "PUT",
        after="""const tries = Number(pm.collectionVariables.get("sync_tries")) + 1;
pm.collectionVariables.set("sync_tries", tries);
if (pm.response.code === 409 && tries < 6) {
    pm.execution.setNextRequest(pm.info.requestName);
    setTimeout(() => {}, Number(pm.variables.get("retry_ms")));
} else {
    pm.test("success is true", () => pm.expect(pm.response.json().success).to.eql(true));
}""",
        body={"mode": "raw", "raw": '{ "idFile": {{file_id}}, "idAppAccount": {{torii_app_account_id}} }', "options": JSON},
    )
    folder = {"name": "Upload and sync", "item": [parameters, upload, file_id, sync]}
    more = {"auth": bearer("{{torii_api_key}}"), "variable": [{"key": "torii_file_name", "value": "my_file.json"}]}
    return collection(folder, **more)


def environment():
    """What a person has to know: where the API is, the key, the account."""
    rows = [
        ("torii_base_url", "https://api.toriihq.com", "default"),
        ("torii_api_version", "v1.0", "default"),
        ("torii_api_key", "sk-live-4711-secret", "secret"),
        ("torii_app_account_id", "", "default"),
        ("torii_file_type", "customIntegrationData", "default"),
    ]
    return {"name": "Torii", "values": [{"key": key, "value": value, "type": type} for key, value, type in rows]}


POINTS = {
    "the key and the account are filled in first": [
        "In **Environments** click **+**, name the environment `Torii`",
        "| `torii_api_key` | secret | secret: fill in yours |",
        "| `torii_app_account_id` | default | fill in |",
        "| `torii_base_url` | default | `https://api.toriihq.com` |",
    ],
    "the parameters are got with the key": [
        "Select **GET** and enter the URL"
        " `{{torii_base_url}}/{{torii_api_version}}/files/url?name={{torii_file_name}}&type={{torii_file_type}}`.",
        "| `name` | `{{torii_file_name}}` |",
        "| `type` | `{{torii_file_type}}` |",
        "In **Authorization** choose the **Auth Type** **Bearer Token**, and enter as **Token**: `{{torii_api_key}}`.",
        "The request inherits it from `Things`.",
    ],
    "url and filePath are handed on": [
        "Copy `uploadFileParameters.url`, or else `url` of the response into the variable `upload_url`"
        " (needed in [step 2](#step-2-upload-a-json-file): the URL).",
        "Copy `uploadFileParameters.filePath`, or else `filePath` of the response into the variable `file_path`"
        " (needed in [step 3](#step-3-get-your-file-id): the body).",
    ],
    "the file is put without the key and with the signed content type": [
        "This step needs `{{upload_url}}` from [step 1](#step-1-get-file-upload-parameters).",
        "Select **PUT** and enter the URL `{{upload_url}}`.",
        "In **Authorization** choose the **Auth Type** **No Auth**.",
        "| `Content-Type` | `{{torii_file_type}}` |",
        "click the number of **hidden** headers to see those of the app, and untick **Content-Type**.",
        "In **Body** choose **raw** and **JSON**, and enter:",
        '{"users": [{"email": "adam@example.com"}]}',
    ],
    "the file id is got with filePath": [
        "Select **POST** and enter the URL `{{torii_base_url}}/{{torii_api_version}}/files`.",
        '{ "path": "{{file_path}}", "type": "{{torii_file_type}}" }',
        "Copy `id` of the response into the variable `file_id`"
        " (needed in [step 4](#step-4-sync-your-integration): the body).",
        "Empty the variable `upload_url`.",
    ],
    "the integration is synced, again while another sync runs": [
        "Select **PUT** and enter the URL `{{torii_base_url}}/{{torii_api_version}}/services/sync/custom`.",
        '{ "idFile": {{file_id}}, "idAppAccount": {{torii_app_account_id}} }',
        "If the status is 409 and the variable `sync_tries` plus 1 is below 6: send this request again, after a wait of"
        " the variable `retry_ms` ms.",
        "success is true",
    ],
}


@pytest.fixture(scope="module")
def article():
    return runner.steps(torii(), environment=environment())


@pytest.mark.parametrize("point", POINTS)
def test_the_torii_steps_are_those_of_the_article(article, point):
    missing = [text for text in POINTS[point] if text not in article]
    assert not missing


def test_the_points_of_the_article_come_in_its_order(article):
    places = [article.index(texts[0]) for texts in POINTS.values()]
    assert places == sorted(places)


def test_the_key_of_the_environment_is_shown_nowhere(article):
    for format in ("markdown", "html", "text"):
        for variables in ("names", "values"):
            shown = runner.steps(torii(), environment=environment(), format=format, variables=variables)
            assert "4711" not in shown


def test_with_values_a_person_sees_the_url_itself():
    shown = runner.steps(torii(), environment=environment(), variables="values")
    assert "enter the URL `https://api.toriihq.com/v1.0/files/url?name=my_file.json&type=customIntegrationData`" in shown
    assert "**Token**: `{{torii_api_key}}`" in shown
    assert "`{{upload_url}}`" in shown
    assert "| `torii_base_url` |" not in shown


@pytest.mark.parametrize("name", ["torii-custom-integration", "truto-integrated-accounts"])
def test_every_request_of_a_shipped_flow_is_a_step_with_its_url(name):
    document = json.loads((ROOT / "collections" / f"{name}.postman_collection.json").read_text())
    environment = ROOT / "environments" / f"{name.partition('-')[0]}.postman_environment.json"
    shown = runner.steps(document, environment=environment)
    again = runner.steps(ROOT / "collections" / name, environment=environment)
    for folder in document["item"]:
        for item in folder.get("item", []):
            assert f": {item['name']}".replace("[", "\\[").replace("]", "\\]") in shown
            if "skipRequest();" not in str(item.get("event", "")).replace("{ pm.execution.skipRequest();", ""):
                assert f"`{item['request']['url']['raw']}`" in shown
    assert [line for line in again.splitlines() if line.startswith("#")] == [
        line for line in shown.splitlines() if line.startswith("#")
    ]


def test_the_truto_list_is_paged_by_its_cursor():
    environment = ROOT / "environments" / "truto.postman_environment.json"
    collection = ROOT / "collections" / "truto-integrated-accounts.postman_collection.json"
    shown = runner.steps(collection, environment=environment, folder="2 Pagination")
    assert shown.count("Copy `next_cursor` of the response (percent-encoded) into the variable `cursor`") == 2
    assert "If `next_cursor` of the response is missing or empty: go on with [step 3]" in shown
    assert "send this request again" in shown
