"""The options of the import, by the names that openapi-to-postmanv2 gives them."""

from __future__ import annotations

from runner.foreign.imported import FormatOption, ImportOptions
from runner.model.quick_dataclass import dataclass

OPTIONS: dict[str, FormatOption] = {
    "folderStrategy": FormatOption("Paths", "folders for the segments of paths, or for tags", ("Paths", "Tags")),
    "nestedFolderHierarchy": FormatOption(False, "with Tags: a folder in a folder for each further tag, and for parents"),
    "requestNameSource": FormatOption(
        "Fallback", "what names a request: summary, operationId, description, else path; or its path", ("Fallback", "URL")
    ),
    "parametersResolution": FormatOption(
        "Example", "examples of the document where there are some, else stubs; or only stubs", ("Example", "Schema")
    ),
    "requestParametersResolution": FormatOption("", "the same for requests alone", ("Example", "Schema")),
    "exampleParametersResolution": FormatOption("", "the same for saved examples alone", ("Example", "Schema")),
    "enableOptionalParameters": FormatOption(True, "parameters that are not required are ticked"),
    "keepImplicitHeaders": FormatOption(False, "parameters named Content-Type, Accept and Authorization are kept"),
    "includeAuthInfoInExample": FormatOption(True, "requests in examples show the header or parameter of their auth"),
    "includeDeprecated": FormatOption(True, "deprecated operations, parameters and properties are kept"),
    "includeWebhooks": FormatOption(False, "a folder has the webhooks"),
    "alwaysInheritAuthentication": FormatOption(False, "no request has an auth of its own"),
    "preferredRequestBodyType": FormatOption(
        "first-listed", "the body of a request that takes several",
        ("first-listed", "x-www-form-urlencoded", "form-data", "raw"),
    ),
    "stackLimit": FormatOption(30, "the most levels of a body"),
    "indentCharacter": FormatOption("Space", "what bodies are indented with", ("Space", "Tab")),
}  # fmt: skip

MOST_LEVELS = 100
"""The most levels whatever is asked for: each is a call in a call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """The options with their types."""

    by_tags: bool
    nested: bool
    name_is_path: bool
    request_examples: bool
    response_examples: bool
    optional: bool
    implicit_headers: bool
    auth_in_examples: bool
    deprecated: bool
    webhooks: bool
    inherit_auth: bool
    body: str
    levels: int
    indent: str

    @classmethod
    def of(cls, options: ImportOptions) -> Choices:
        """The options as given, the others by default."""
        values = {name: options.values.get(name, option.default) for name, option in OPTIONS.items()}
        return cls(
            by_tags=values["folderStrategy"] == "Tags",
            nested=values["nestedFolderHierarchy"] is True,
            name_is_path=values["requestNameSource"] == "URL",
            request_examples=(values["requestParametersResolution"] or values["parametersResolution"]) == "Example",
            response_examples=(values["exampleParametersResolution"] or values["parametersResolution"]) == "Example",
            optional=values["enableOptionalParameters"] is True,
            implicit_headers=values["keepImplicitHeaders"] is True,
            auth_in_examples=values["includeAuthInfoInExample"] is True,
            deprecated=values["includeDeprecated"] is True,
            webhooks=values["includeWebhooks"] is True,
            inherit_auth=values["alwaysInheritAuthentication"] is True,
            body=str(values["preferredRequestBodyType"]),
            levels=max(1, min(int(values["stackLimit"]), MOST_LEVELS)),
            indent="\t" if values["indentCharacter"] == "Tab" else "  ",
        )
