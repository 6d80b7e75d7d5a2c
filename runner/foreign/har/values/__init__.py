"""Values that responses give to later requests: where they stand, when they are the same, what they are called."""
