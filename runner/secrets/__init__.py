"""What is a secret, and how it is kept out of every output: names, their places in texts, encodings, masking."""

from __future__ import annotations

from runner.secrets.fields import secret_fields
from runner.secrets.known import COMMON, SHORTEST, is_hideable
from runner.secrets.mask import MASK, Secrets, Unmasked
from runner.secrets.names import names_a_secret

__all__ = ["COMMON", "MASK", "SHORTEST", "Secrets", "Unmasked", "is_hideable", "names_a_secret", "secret_fields"]
