"""Scripts that flowc generated."""
