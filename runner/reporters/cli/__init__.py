"""The `cli` reporter."""
