"""What the file looked like that a model was read from."""

from __future__ import annotations

from runner.model.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """How a file was written, so that the model can be written back; formats add fields of their own, but no values.

    `format` is a name in the table of formats. `unused` has what the file says and a run leaves out, a message each.
    """

    format: str
    unused: tuple[str, ...] = ()
