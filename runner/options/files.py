"""What a run starts from: files, variables, what may be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.model.quick_dataclass import dataclass
from runner.options.option import option

if TYPE_CHECKING:
    from runner.model.json import JsonObject
    from runner.model.variable import Environment


@dataclass(frozen=True, kw_only=True, init=False, repr=False, eq=False)
class FileOptions:
    """What a run starts from: files, variables, what may be read."""

    environment: str | tuple[str | Environment, ...] | None = option(
        "-e",
        "--environment",
        kind="list",
        metavar="FILE",
        default=(),
        help="Environment: a file, URL or Postman UID; repeatable, the later one wins.",
    )
    globals: str | Environment | None = option(
        "-g", "--globals", kind="path", metavar="FILE", help="Globals: a file or URL."
    )
    iteration_data: str | tuple[JsonObject, ...] | None = option(
        "-d",
        "--iteration-data",
        kind="path",
        metavar="FILE",
        help="JSON or CSV, a file or URL: one iteration for each row.",
    )
    env_var: tuple[tuple[str, str], ...] = option(
        "--env-var",
        kind="pair",
        metavar="KEY=VALUE",
        default=(),
        help="Set an environment variable over the file's; repeatable.",
    )
    global_var: tuple[tuple[str, str], ...] = option(
        "--global-var",
        kind="pair",
        metavar="KEY=VALUE",
        default=(),
        help="Set a global variable over the file's; repeatable.",
    )
    env_file: tuple[str, ...] = option(
        "--env-file",
        kind="list",
        metavar="FILE",
        default=(),
        help="File of KEY=VALUE lines (.env): environment variables over those of -e; repeatable.",
    )
    cookie_jar: str | None = option(
        "--cookie-jar", kind="path", metavar="FILE", help="Cookies to start with (JSON of tough-cookie)."
    )
    postman_api_key: str | None = option(
        "--postman-api-key",
        metavar="KEY",
        help="Key to load files by their UID from the Postman API (default: POSTMAN_API_KEY, or the keyring).",
    )
    working_dir: str | None = option(
        "--working-dir",
        kind="path",
        metavar="DIR",
        help="Folder for relative file uploads (default: the current one).",
    )
    no_insecure_file_read: bool = option(
        "--no-insecure-file-read",
        kind="flag",
        default=False,
        help="Forbid reading files outside of the working directory.",
    )
    allow_read: tuple[str, ...] = option(
        "--allow-read",
        kind="list",
        metavar="DIR",
        default=(),
        help="Folder that scripts may read, too: files they upload (else: the working directory) and pm.require"
        " (else: the collection's folder); repeatable.",
    )
    token_cache: str | None = option(
        "--token-cache",
        kind="path",
        metavar="FILE",
        help="Keep fetched OAuth 2.0 tokens in this file for the next run (readable by you only).",
    )
