"""The `junit` reporter."""
