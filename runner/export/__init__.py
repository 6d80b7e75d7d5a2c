"""What a run leaves behind as files: environment, globals, collection, cookies, tokens and single values.

A value that any rule considers secret is written only to files that already contain it.
"""
