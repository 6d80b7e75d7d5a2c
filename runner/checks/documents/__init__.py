"""The checked files in any format: finds the place of a value, and changes it."""
