"""Reads curl command lines out of a text: a script, what a browser copied, a page of documentation, or one line."""

from __future__ import annotations

import os

from runner.errors import InvalidCollection
from runner.foreign.curl.arguments import Refused
from runner.foreign.curl.requests import requests_of
from runner.foreign.curl.shells.bash import Script
from runner.foreign.curl.shells.cmd import commands_of, is_of_cmd
from runner.foreign.curl.shells.command import Command
from runner.foreign.curl.shells.pasted import as_pasted
from runner.foreign.curl.shells.variables import ShellVariables
from runner.foreign.imported import Imported, ImportOptions, Note
from runner.foreign.names import unused
from runner.formats.format import Given
from runner.formats.postman.v2 import SCHEMA
from runner.model.json import JsonObject


def read(given: Given, options: ImportOptions) -> Imported:
    """A collection with a request for each URL; raises `InvalidDocument`, and `InvalidCollection` without any request."""
    variables = ShellVariables()
    commands, notes = commands_in(given, variables)
    items: list[JsonObject] = []
    names: set[str] = set()
    refused = ""
    for command in commands:
        if command.curl is None:
            continue
        try:
            for made in requests_of(command, variables):
                made.item["name"] = name = unused(made.item["name"], names, "{} ({})")
                items.append(made.item)
                notes += [Note(text, given.path, line or command.line, name) for text, line in made.notes]
        except Refused as error:
            refused = refused or f"line {command.line}: {error}"
            notes.append(Note(f"the command is left out: {error}", given.path, command.line))
    if not items:
        raise InvalidCollection(refused or "there is no curl command in it", where=given.path)
    document: JsonObject = {"info": {"name": options.name or _name_of(given.path), "schema": SCHEMA}, "item": items}
    if documents := variables.documents():
        document["variable"] = documents
    return Imported(collection=document, notes=notes)


def commands_in(given: Given, variables: ShellVariables) -> tuple[list[Command], list[Note]]:
    """The commands of a text, curl's and others, and what of it is not understood."""
    text = as_pasted(given.text)
    if is_of_cmd(given.text):
        return list(commands_of(text, variables)), []
    script = Script(text, given.path, variables).read()
    return script.commands, script.notes


def _name_of(path: str) -> str:
    """The name of a collection from a file."""
    return os.path.splitext(os.path.basename(path))[0].strip("-") or "curl"
