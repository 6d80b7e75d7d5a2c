"""The request of an entry: its slots, what a browser added taken away, and the item that it becomes."""
