"""A run in several parts, the shards: which part runs what, and one report of the reports of all parts.

Shards are run by jobs that do not know each other, so each must compute the same division by itself
(docs/design/022-shards.md).
"""

SHARD = "shard"
"""The code of warnings about a shard."""
