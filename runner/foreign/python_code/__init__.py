"""What the formats that are Python have in common."""
