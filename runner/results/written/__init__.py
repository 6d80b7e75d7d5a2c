"""Events as JSON and back: what a report of one shard holds, so that the reports of all shards can be merged."""
