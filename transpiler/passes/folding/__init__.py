"""What `fold_runs` is made of: unifying like steps, and columns of what differs."""
