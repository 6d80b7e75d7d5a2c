"""What runs beside each other: collections, iterations or folders, each with a state of its own."""
