"""`postrunner request`: one request from the command line."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any

import click

from runner.cli.app import report
from runner.cli.config import load_config
from runner.cli.options import run_options, run_parameters
from runner.cli.request.adding import Place
from runner.cli.request.making import Given, from_curl, from_url, is_curl
from runner.cli.request.sending import send
from runner.cli.request.showing import show
from runner.errors import UsageError
from runner.foreign.curl.single import Single
from runner.formats.reading import read_bytes
from runner.options import RunOptions
from runner.outputs import is_folder, name_outputs

OF_A_REQUEST = frozenset(
    {
        *("environment", "globals", "env_var", "global_var", "env_file", "cookie_jar", "postman_api_key", "working_dir"),
        *("no_insecure_file_read", "token_cache", "timeout_request", "timeout_total", "max_response_size", "proxy"),
        *("no_proxy", "http2", "ignore_redirects", "insecure", "ssl_extra_ca_certs", "ssl_client_cert"),
        *("ssl_client_key", "ssl_client_passphrase", "ssl_client_cert_list", "record", "replay", "record_mode"),
        *("strict_variables", "export_cookie_jar", "secret", "secret_pattern", "show_secrets"),
    }
)
"""The options of `postrunner run` that a single request has, too."""


class RequestCommand(click.Command):
    """A command whose options end at the word `curl`: what follows are the words of a curl command."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read all options of postrunner, or those in front of `curl`."""
        if any(map(is_curl, ([word] for word in args if " " not in word))):
            ctx.allow_interspersed_args = False
            rest = super().parse_args(ctx, list(args))
            if is_curl(ctx.params["words"]):
                return rest
            ctx.allow_interspersed_args = True
        return super().parse_args(ctx, args)


def _request(words: tuple[str, ...], **given: Any) -> int:
    chosen = _options()
    asked = Given(
        **{name: given.pop(name) for name in ("method", "headers", "data", "data_binary", "json", "user", "bearer")}
    )
    if words == ("-",):
        words = (read_bytes("-").decode("utf-8", "replace").strip(),)
    if is_curl(words):
        if asked != Given():
            raise UsageError("a curl command says it itself: put the option behind it", where="curl")
        made = from_curl(words)
        chosen = _with_curl(chosen, made, given)
    elif len(words) > 1:
        raise UsageError(f"one URL is sent, not {len(words)}", hint="curl lines with blanks are one word: put it in quotes")
    else:
        made = from_url(words[0], asked)
    for note in made.notes:
        click.echo(f"warning: {note}", err=True)
    return _send(made, chosen, **{name: value for name, value in given.items() if name in OWN})


OWN = ("output", "include", "save", "fail", "add_to", "name", "folder")


def _send(
    made: Single, options: RunOptions, *, output: str | None, include: bool, save: str | None, fail: bool,
    add_to: str | None, name: str, folder: str,
) -> int:  # fmt: skip
    _check(options, save, add_to, name or folder)
    place = Place(add_to, folder, name, made.item) if add_to else None
    sent = send(made, options, place)
    for warning in sent.warnings:
        click.echo(f"warning: {warning}", err=True)
    shown = show(sent, output or ("none" if save else "body"), include=include, save=save)
    if place is not None and sent.response is not None:
        place.save()
        click.echo(f"{add_to} written: {place.where}", err=True)
        if sent.holds_secret(made.item):
            click.echo(f"warning: {add_to} holds a secret now; a {{{{variable}}}} in its place would not", err=True)
    errors = [*sent.errors, *shown]
    for error in errors:
        report(error)
    refused = fail and sent.response is not None and sent.response.code >= 400
    if refused and sent.response is not None:
        click.echo(f"error: the response is {sent.response.code} {sent.response.status}".rstrip(), err=True)
    return int(bool(errors or refused))


def _options() -> RunOptions:
    """The options of a run that a request has, from the command line and the configuration."""
    context = click.get_current_context()
    context.meta["reporter_options"] = {}
    found = run_options(context, load_config())
    return RunOptions(**{name: getattr(found, name) for name in OF_A_REQUEST}, reporters=())


def _with_curl(options: RunOptions, made: Single, given: dict[str, Any]) -> RunOptions:
    """The options with those that a curl command says: what is said in front of it wins."""
    operation, more = made.operation, made.options
    given["fail"] = given["fail"] or operation.is_on("fail", "fail-with-body")
    given["include"] = given["include"] or operation.is_on("include", "show-headers")
    given["save"] = given["save"] or operation.value("output")
    given["output"] = given["output"] or ("headers" if operation.is_on("head") else None)
    if operation.is_on("remote-name"):
        made.notes.append("--remote-name is not kept: give --save FILE in front of curl")
    if options.cookie_jar or options.export_cookie_jar:
        made.item["protocolProfileBehavior"].pop("disableCookies", None)
    default = RunOptions()
    changed = {name: value for name, value in more.items() if getattr(options, name) == getattr(default, name)}
    if "env_var" in more:
        changed["env_var"] = (*more["env_var"], *options.env_var)
    return replace(options, **changed)


def _check(options: RunOptions, save: str | None, add_to: str | None, placed: str) -> None:
    """Raise `UsageError` for outputs that cannot be."""
    if placed and not add_to:
        raise UsageError("--name and --folder say where in a collection: give --add-to COLLECTION")
    if add_to and not os.path.exists(add_to):
        hint = "postrunner import makes a collection of curl commands"
        raise UsageError("is not there, and a request is added to a collection that is", where=add_to, hint=hint)
    if save and is_folder(save):
        raise UsageError("is a folder: a body goes into a file", where=save)
    outputs = {"--save": save, "--add-to": add_to, "--export-cookie-jar": options.export_cookie_jar}
    name_outputs((option, path) for option, path in outputs.items() if path and not is_folder(path))


def _parameters() -> list[click.Parameter]:
    return [
        click.Argument(["words"], nargs=-1, required=True, metavar="URL|CURL..."),
        click.Option(["-X", "--request", "method"], metavar="METHOD", default="",
                     help="The method (default: GET, with a body POST)."),
        click.Option(["-H", "--header", "headers"], multiple=True, metavar="'NAME: VALUE'",
                     help="A header; 'NAME:' leaves one out that is sent by itself; repeatable."),
        click.Option(["-d", "--data", "data"], multiple=True, metavar="TEXT|@FILE",
                     help="A body of the type application/x-www-form-urlencoded; several are joined with &. @FILE is a"
                     " file without its line ends, @- standard input."),
        click.Option(["--data-binary"], multiple=True, metavar="TEXT|@FILE",
                     help="The same, but of @FILE every byte is sent."),
        click.Option(["--json"], multiple=True, metavar="TEXT|@FILE",
                     help="A body of JSON, with the headers Content-Type and Accept for it."),
        click.Option(["-u", "--user"], metavar="NAME:PASSWORD", help="Basic authorization."),
        click.Option(["--bearer"], metavar="TOKEN", help="Bearer authorization."),
        click.Option(["-o", "--output"], type=click.Choice(["body", "headers", "json"]),
                     help="What goes to standard output: the body as it came (default), the status line and the headers, or"
                     " request and response as JSON. Headers and JSON are masked."),
        click.Option(["-i", "--include"], is_flag=True, help="Put the status line and the headers in front of the body."),
        click.Option(["--save"], metavar="FILE", help="Write the body into a file, as it came."),
        click.Option(["--fail"], is_flag=True, help="Exit with 1 for a status from 400 up."),
        click.Option(["--add-to"], metavar="COLLECTION",
                     help="Send it as a part of this collection, with its variables, auth and scripts, and add it."),
        click.Option(["--name"], metavar="NAME", default="", help="With --add-to: its name (default: method and path)."),
        click.Option(["--folder"], metavar="PATH", default="",
                     help="With --add-to: the folder for it (Folder/Sub), made if it is missing."),
        *(parameter for parameter in run_parameters() if parameter.name in OF_A_REQUEST),
    ]  # fmt: skip


command = RequestCommand(
    "request",
    callback=_request,
    params=_parameters(),
    help="""Send one request: to a URL, as Postman sends it, or that of a curl command, in quotes or word by word
    (options of postrunner stand in front of the word curl). {{variables}} are filled in from -e, -g, --env-var, --env-file.

    With - the URL or the command comes from standard input.

    The body of the response goes to standard output as it came, and nothing else does.""",
    short_help="Send one request.",
    epilog="""\b
Exit codes:
  0  a response came, with whatever status
  1  none came; with --fail also a status from 400 up
  2  a mistake on the command line or in a file: nothing was sent""",
)
