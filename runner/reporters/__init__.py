"""What a person or a CI server reads of a run: each reporter is a function of the events."""
