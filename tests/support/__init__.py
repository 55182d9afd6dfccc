"""What the tests share: golden cases, and two worlds that a workflow is run in."""
