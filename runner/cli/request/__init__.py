"""One request from the command line: made, sent, shown, and added to a collection."""
