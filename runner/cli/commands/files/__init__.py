"""Commands that read and write files, and send nothing."""
