"""What this site has."""

CHANNELS = ["mail"]
ATTEMPTS = 3

# Operators are paged, too.
CHANNELS += ["pager"]
