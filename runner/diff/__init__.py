"""What differs between two runs or two collections: `postrunner diff`."""
