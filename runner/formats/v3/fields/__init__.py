"""The rules of the format's fields: how each is written from the JSON of v2.1, and how it is read back into it."""
