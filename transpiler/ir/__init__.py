"""The workflow as its author said it: expressions, and the nodes that hold them."""
