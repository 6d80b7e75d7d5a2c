"""In which writings a value may stand in a text: encodings, escapes, packed bytes."""
