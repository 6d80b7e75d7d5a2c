"""Recognises files of other kinds than was asked for, and knows what to do with them. Only imported after a failure.

`{file}` in a hint is the file as it was named. Hints name only commands and menus that exist.
"""

from __future__ import annotations

import os
import re
import shlex

from runner.formats.format import Given
from runner.formats.table import recognise
from runner.model.json import Json
from runner.model.quick_dataclass import dataclass
from runner.rules.text import text_of

EXPORT_HINT = "in Postman choose Export, Collection v2.1"
IMPORT_HINT = "import it into Postman and export the collection (Collection v2.1)"
READ_HINT = "make a collection of it: postrunner import {file} -o collection.json"
"""For each kind that has a reader."""
LOGIN_HINT = "was the download refused? get the file with a browser that is logged in, or with a token"


@dataclass(frozen=True, slots=True)
class Kind:
    """What a file is, in words with an article, and what to do with it.

    `role` says what postrunner uses such a file for: collection, environment, data, dotenv, cookies. `reader` is the
    format that `postrunner import` reads it as.
    """

    name: str
    hint: str = ""
    role: str = ""
    reader: str = ""


V3 = Kind("one file of a collection of the format v3", "name the folder of the collection: postrunner run FOLDER")

ROLES = {
    "collection": "name it as the collection: postrunner run {file}",
    "environment": "give it with --environment or --globals",
    "data": "give it with --iteration-data",
    "dotenv": "give it with --env-file",
    "cookies": "give it with --cookie-jar",
    "cassette": "give it with --replay",
}
"""What to do with a file of a role in place of another."""

JSON_KINDS: tuple[tuple[frozenset[str], Kind], ...] = (
    (frozenset({"openapi"}), Kind("an OpenAPI document", READ_HINT, reader="openapi")),
    (frozenset({"swagger"}), Kind("a Swagger document", READ_HINT, reader="openapi")),
    (frozenset({"asyncapi"}), Kind("an AsyncAPI document", IMPORT_HINT)),
    (frozenset({"$kind"}), V3),
    (frozenset({"resources", "__export_format"}), Kind("an Insomnia export", READ_HINT, reader="insomnia")),
    (frozenset({"opencollection"}), Kind("a Bruno collection (OpenCollection)", READ_HINT, reader="opencollection")),
    (frozenset({"log"}), Kind("a HAR file", READ_HINT, reader="har")),
    (frozenset({"clientName", "requests"}), Kind("a Thunder Client export", IMPORT_HINT)),
    (frozenset({"v", "folders", "requests"}), Kind("a Hoppscotch export", IMPORT_HINT)),
    (
        frozenset({"version", "collections"}),
        Kind("a Postman data dump", "in Postman export the one collection: Export, Collection v2.1"),
    ),
    (
        frozenset({"collections"}),
        Kind("a list of collections from the Postman API", "name one by its uid: postrunner run UID --postman-api-key KEY"),
    ),
    (
        frozenset({"environments"}),
        Kind("a list of environments from the Postman API", "name one by its uid: -e UID --postman-api-key KEY"),
    ),
    (frozenset({"run"}), Kind("a run report", "name the collection that was run")),
    (frozenset({"__schema"}), Kind("a GraphQL schema", IMPORT_HINT)),
    (frozenset({"data", "extensions"}), Kind("an answer of a GraphQL server")),
    (frozenset({"consumer", "provider"}), Kind("a Pact file")),
    (frozenset({"interactions"}), Kind("a cassette", role="cassette")),
    (frozenset({"apiVersion", "kind"}), Kind("a Kubernetes file")),
    (frozenset({"jobs"}), Kind("a workflow of a CI server")),
    (frozenset({"services"}), Kind("a Compose file")),
    (frozenset({"dependencies"}), Kind("a package file")),
    (frozenset({"devDependencies"}), Kind("a package file")),
)
"""Keys at the top of other programs' documents, JSON or YAML, the surest first."""

OTHER_KINDS: tuple[tuple[frozenset[str], Kind], ...] = (
    (frozenset({"cookies"}), Kind("a cookie jar", role="cookies")),
    (frozenset({"error"}), Kind("an error answer of an API", "was the download refused?")),
    (frozenset({"message", "documentation_url"}), Kind("an error answer of GitHub", LOGIN_HINT)),
    (frozenset({"$schema", "properties"}), Kind("a JSON schema")),
)
"""Keys that count only if no format of ours knows the document."""


def kind_of_document(document: Json) -> Kind | None:
    """What a parsed document is; None if unknown."""
    if isinstance(document, list):
        hoppscotch = document and all(
            isinstance(row, dict) and {"v", "folders", "requests"} <= row.keys() for row in document
        )
        return Kind("a Hoppscotch export", IMPORT_HINT) if hoppscotch else _kind_of_ours(Given.of(document))
    if not isinstance(document, dict):
        return None
    if document.get("type") == "collection" and "item" not in document and "version" in document:
        return Kind("Bruno's bruno.json", "name the folder that it is in: postrunner import FOLDER")
    data = document.get("data")
    if isinstance(data, dict) and "__schema" in data:
        return Kind("a GraphQL schema", IMPORT_HINT)
    keys, type = frozenset(document), text_of(document.get("type") or "")
    return _by_keys(keys, type) or _kind_of_ours(Given.of(document)) or _by_keys(keys, type, OTHER_KINDS)


def _kind_of_ours(given: Given) -> Kind | None:
    """What a text or document is to our own formats; None if they do not know it."""
    entry = recognise(given)
    if entry is None:
        return None
    format = entry.format
    return Kind((format.list_title if isinstance(given.json, list) else "") or format.title, role=entry.roles[0])


def _by_keys(keys: frozenset[str], type: str, kinds: tuple[tuple[frozenset[str], Kind], ...] = JSON_KINDS) -> Kind | None:
    if "insomnia.rest/" in type or type.startswith("mcpClient.insomnia/"):
        return Kind("an Insomnia export", READ_HINT, reader="insomnia")
    return next((kind for marks, kind in kinds if marks <= keys), None)


# -- texts other than JSON ------------------------------------------------------------------------------------------

METHODS = r"(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)"
_COMMENTS = r"\A(?:[ \t]*(?:(?:\#|//|@|<!--)[^\n]*|\r?)\n)*+[ \t]*+"
_HTML = r"(?i)\A\s*+(?:<!--(?:(?!-->)[\s\S])*+-->\s*+)*+<(?:!doctype html|html|head|body)\b"
_CURL = (
    r"\A#![^\n]*sh\b(?s:.*?)\bcurl\s"
    r"|\A(?:[ \t]*(?:\#[^\n]*|(?:export[ \t]+|set[ \t]+)?[A-Za-z_]\w*=(?:(?!curl)[^\n])*|\r?)\n)*+[ \t]*+"
    r"(?:[^\s]*[$%>][ \t]*+)?(?:[A-Za-z_]\w*=(?:[\"']?(?:\$\(|`)|(?:(?!curl)\S)*[ \t]+))*+(?:sudo[ \t]+)?"
    r"[\"']?(?:\S*[/\\])?curl(?:\.exe)?[\"']?\s"
)
"""A command behind comments, assignments and a prompt, or anywhere in a script."""

TEXT_KINDS: tuple[tuple[str, Kind], ...] = (
    (r"\A\x1f[\x8b\u2039]", Kind("a gzip file", "unpack it first: gunzip -k {file}")),
    (r"\ABZh[1-9]", Kind("a bzip2 file", "unpack it first: bunzip2 -k {file}")),
    (r"\A\xfd7zXZ", Kind("an xz file", "unpack it first: unxz -k {file}")),
    (r"\A\(\xb5/\xfd", Kind("a zstd file", "unpack it first: unzstd {file}")),
    (r"\A7z\xbc", Kind("a 7z archive", "unpack it first: 7z x {file}")),
    (r"\APK[\x03\x05]", Kind("a zip archive", "unpack it first: unzip {file}")),
    (r"\A%PDF-", Kind("a PDF document")),
    (r"\A\x89PNG|\A\xff\xd8\xff|\AGIF8", Kind("a picture")),
    (r"\Aversion https://git-lfs", Kind("a Git LFS pointer", "get the file itself: git lfs pull")),
    (r"\A\$ANSIBLE_VAULT;", Kind("an encrypted file (Ansible Vault)", "decrypt it: ansible-vault view {file} > FILE")),
    (r"\A(?:age-encryption\.org|-----BEGIN AGE)", Kind("an encrypted file (age)", "decrypt it: age -d -o FILE {file}")),
    (r"\A-----BEGIN PGP MESSAGE", Kind("an encrypted file (PGP)", "decrypt it: gpg -o FILE -d {file}")),
    (r"\A-----BEGIN [A-Z ]*CERTIFICATE", Kind("a certificate", "give it with --ssl-client-cert or --ssl-extra-ca-certs")),
    (r"\A-----BEGIN [A-Z ]*PRIVATE KEY", Kind("a private key", "give it with --ssl-client-key")),
    (_HTML + r"(?s:.*?)(?:log ?in|sign ?in|password|sso)",
     Kind("an HTML page, perhaps of a login", LOGIN_HINT)),
    (_HTML,
     Kind("an HTML page", "was the page saved instead of the file? on GitHub take the address behind Raw")),
    (r"<jmeterTestPlan\b", Kind("a JMeter plan", "run it with JMeter: jmeter -n -t {file}")),
    (r"<(?:\w+:)?soapui-project\b", Kind("a SoapUI project", IMPORT_HINT)),
    (r"<(?:\w+:)?definitions\b[^>]*wsdl", Kind("a WSDL document", IMPORT_HINT)),
    (r"<(?:testsuites?|testsuite)\b", Kind("a JUnit report", "name the collection that was run")),
    (r"\A\s*<\?xml|\A\s*<[A-Za-z]", Kind("an XML document")),
    (_CURL, Kind("a curl command", READ_HINT, reader="curl")),
    (r"\A\#%RAML", Kind("a RAML document", IMPORT_HINT)),
    (r"\AFORMAT:\s*1A", Kind("an API Blueprint document")),
    (r"\A\# (?:Netscape )?HTTP Cookie File", Kind("a cookies.txt", "postrunner reads the JSON of --export-cookie-jar")),
    (_COMMENTS + r"syntax\s*=\s*[\"']proto", Kind("a protobuf definition")),
    (_COMMENTS + r"(?:meta|get|post|put|patch|delete|head|options|vars|auth|headers)(?::\w+)?\s*\{\s*\n[^\n]*\w+\s*:",
     Kind("a Bruno file", READ_HINT, reader="bruno")),
    (_COMMENTS + rf"{METHODS}\s+\S+", Kind("an .http file", READ_HINT, reader="http")),
    (_COMMENTS + r"(?:@\S+[ \t]+)*Feature:", Kind("a Gherkin feature", "run it with Karate or Cucumber")),
    (_COMMENTS + r"import\b[^\n]*[\"']k6", Kind("a k6 script", "run it with k6: k6 run {file}")),
    (_COMMENTS + r"(?:[\"]{3}(?s:.*?)[\"]{3}\s*)?(?:schema|(?:extend )?type|interface|input|enum|scalar|union|directive)"
     r"\s*@?\w*(?:\s+implements[^{]*)?\s*(?:\{|=|\n|\()", Kind("a GraphQL schema", IMPORT_HINT)),
)  # fmt: skip
"""Patterns for the beginning of a text, the surest first."""

EXTENSIONS = {
    ".hurl": Kind("a Hurl file", "run it with Hurl: hurl --test {file}"),
    ".bru": Kind("a Bruno file", READ_HINT, reader="bruno"),
    ".http": Kind("an .http file", READ_HINT, reader="http"),
    ".rest": Kind("an .http file", READ_HINT, reader="http"),
    ".xlsx": Kind("a spreadsheet", "save it as CSV"),
    ".xls": Kind("a spreadsheet", "save it as CSV"),
    ".ods": Kind("a spreadsheet", "save it as CSV"),
    ".graphql": Kind("a GraphQL schema", IMPORT_HINT),
    ".gql": Kind("a GraphQL schema", IMPORT_HINT),
}
"""What the name of a file says if it is not JSON."""

_YAML = re.compile(r"\A(?:%YAML|---)|\A(?:[ \t]*(?:#[^\n]*|\r?)\n)*[\"']?[$\w.-]+[\"']?[ \t]*:(?:\s|\Z)|\A\s*- ")
_YAML_KEY = re.compile(r"^[\"']?([$\w.-]+)[\"']?[ \t]*:(?:[ \t]+([^\n]*))?", re.MULTILINE)
HEAD = 20_000
"""Characters at the beginning of a text that are searched."""


def kind_of_text(text: str, path: str) -> Kind | None:
    """What a text other than JSON is; None if unknown. The extension of the file counts more than the text."""
    head = text[:HEAD]
    if not head.strip() or head.lstrip()[:1] in ("{", "["):
        return None
    given = Given(head, path)
    extension = given.extension
    if extension in EXTENSIONS:
        return EXTENSIONS[extension]
    if extension in (".csv", ".env"):
        return _kind_of_ours(given)
    found = next((kind for pattern, kind in TEXT_KINDS if re.search(pattern, head)), None) or _kind_of_ours(given)
    if found is not None:
        return found
    if extension in (".yaml", ".yml") or _YAML.search(head):
        return kind_of_yaml(head)
    return Kind("not a text file") if "\0" in head else None


def kind_of_yaml(head: str) -> Kind:
    """What a YAML text is, by the keys at its left margin, which are found without a parser."""
    pairs = {key: (value or "").strip("\"' \t\r") for key, value in _YAML_KEY.findall(head)}
    if "info" in pairs and {"http", "graphql"} & pairs.keys():
        return Kind("a Bruno request", READ_HINT, reader="opencollection")
    keys, type = frozenset(pairs), pairs.get("type", "")
    ours = recognise(Given.of(dict(pairs)))
    found = _by_keys(keys, type) or (None if ours else _by_keys(keys, type, OTHER_KINDS))
    if found is not None:
        return found
    return Kind("a YAML document", f"postrunner reads JSON: {EXPORT_HINT}")


# -- folders --------------------------------------------------------------------------------------------------------


def kind_of_folder(path: str) -> Kind | None:
    """What a folder holds: a collection of another kind, or collection files that can be named; else None."""
    try:
        names = sorted(os.listdir(path))
    except OSError:
        return None
    folders = {name for name in names if os.path.isdir(os.path.join(path, name))}
    if {"opencollection.yml", "opencollection.yaml"} & set(names):
        return Kind("a Bruno collection (OpenCollection)", READ_HINT, reader="opencollection")
    if "bruno.json" in names or any(name.endswith(".bru") for name in names):
        return Kind("a Bruno collection", READ_HINT, reader="bruno")
    if ".insomnia" in folders:
        return Kind("an Insomnia project", READ_HINT, reader="insomnia")
    files = [name for name in names if name.lower().endswith(".json")]
    if len(files) == 1:
        return Kind("a folder", f"did you mean {os.path.join(path, files[0])}?")
    if files:
        pattern = "*.postman_collection.json" if any(n.endswith(".postman_collection.json") for n in files) else "*.json"
        return Kind("a folder", f"to run the collections in it name them: postrunner run '{os.path.join(path, pattern)}'")
    return None


def hint_for(kind: Kind, wanted: str, path: str) -> str:
    """What to do with a file of this kind where `wanted` was asked for; `path` is how it was named."""
    hint = kind.hint or (ROLES.get(kind.role, "") if kind.role != wanted else "")
    named = path and not path.lower().startswith(("http://", "https://", "/dev/", "/proc/"))
    return hint.replace("{file}", shlex.quote(path) if named else "FILE")
