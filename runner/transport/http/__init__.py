"""HTTP/1.1 and HTTP/2: writing requests, reading responses, undoing content codings."""
