"""What the files say: frozen values, no parsing, no I/O.

Every node that was read from a file keeps its `source` JSON, so that an export loses nothing.
"""
