"""Files ⇄ model, losing nothing. May open the files the user named on the command line; knows nothing of a run."""
