"""Bodies as curl makes them: data, and forms of parts."""
