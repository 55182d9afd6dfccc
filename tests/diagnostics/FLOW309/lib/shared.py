"""Used by all."""

NAME = 1
