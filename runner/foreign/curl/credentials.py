"""The auth of an operation, from its options and from its URL."""

from __future__ import annotations

from runner.foreign.curl.address import Target
from runner.foreign.curl.arguments import Operation
from runner.foreign.curl.computed import Computed
from runner.foreign.curl.shells.variables import ShellVariables, has_reference, literal_index
from runner.model.json import JsonObject


def auth_of(
    operation: Operation, target: Target, variables: ShellVariables, computed: Computed
) -> tuple[JsonObject | None, str]:
    """The auth of a request, None without one, and what cannot be said of it (empty: nothing)."""
    bearer = operation.value("oauth2-bearer")
    if bearer is not None:
        return _auth("bearer", variables, token=bearer), ""
    user, password = _credentials(operation, target, variables, computed)
    if user is None:
        return None, "--negotiate is not kept" if operation.is_on("negotiate") else ""
    signing = operation.value("aws-sigv4")
    if signing is not None:
        return _aws(signing, user, password, target, variables)
    if operation.is_on("ntlm", "ntlm-wb"):
        separator = "\\" if "\\" in user else "/"
        domain, mark, name = user.partition(separator)
        params = {"username": name if mark else user, "password": password, "domain": domain if mark else ""}
        return _auth("ntlm", variables, **params), ""
    if operation.is_on("negotiate"):
        return None, "--negotiate is not kept"
    if operation.is_on("anyauth") or (operation.is_on("digest") and operation.is_on("basic")):
        told = "curl lets the server choose how to log in; here it is Digest"
        return _auth("digest", variables, username=user, password=password), told
    kind = "digest" if operation.is_on("digest") else "basic"
    return _auth(kind, variables, username=user, password=password), ""


def _credentials(
    operation: Operation, target: Target, variables: ShellVariables, computed: Computed
) -> tuple[str | None, str]:
    given = operation.value("user")
    if given is None:
        return target.user, target.password or ""
    if literal_index(given, ":") < 0 and has_reference(given):
        known = variables.known(given)
        if known is None:
            return computed.credentials(given)
        given = known
    at = literal_index(given, ":")
    return (given[:at], given[at + 1 :]) if at >= 0 else (given, "")  # curl would ask for the password


def _aws(signing: str, user: str, password: str, target: Target, variables: ShellVariables) -> tuple[JsonObject, str]:
    """`--aws-sigv4 provider[:provider[:region[:service]]]`; the host name has a region and a service that are missing."""
    providers, region, service = signing.split(":")[:2], *[*signing.split(":")[2:4], "", ""][:2]
    labels = target.host.split(".")
    service, region = service or labels[0], region or (labels[1] if len(labels) > 1 else "")
    params = {"accessKey": user, "secretKey": password, "region": region, "service": service}
    known = {one.lower() for one in providers if one} <= {"aws", "amz"}
    return _auth("awsv4", variables, **params), "" if known else "--aws-sigv4 signs for AWS only"


def _auth(kind: str, variables: ShellVariables, **params: str) -> JsonObject:
    entries = [{"key": key, "value": variables.finished(value), "type": "string"} for key, value in params.items()]
    return {"type": kind, kind: entries}
