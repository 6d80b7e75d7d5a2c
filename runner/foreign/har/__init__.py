"""HAR files: what browsers and proxies record, into collections, and requests of a collection as such a file."""
