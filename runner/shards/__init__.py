"""A run in several parts, the shards: which part runs what, and one report of the reports of all parts.

Shards are run by jobs that know nothing of one another, so each must come to the same division by itself
(docs/design/022-shards.md).
"""

SHARD = "shard"
"""The code of what is told of a shard."""
