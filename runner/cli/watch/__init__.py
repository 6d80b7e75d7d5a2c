"""`postrunner watch`: runs again whenever a file is saved that the run has read."""
