"""What a run leaves behind as files: environment, globals, collection, cookies, tokens and single values.

A value that is secret by any rule gets into no file that did not hold it before.
"""
