"""Bruno: its folders of `.bru` files, read and written."""
