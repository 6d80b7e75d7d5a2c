"""curl: command lines read, scripts of commands written."""
