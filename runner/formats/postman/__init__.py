"""The formats of Postman: collections v1, v2.0 and v2.1, environments and globals."""
