"""Where a run's inputs come from: a file, a pipe, a URL, or the Postman API by UID."""
