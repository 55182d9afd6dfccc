"""The commands, a module for each: heavy imports stand inside the functions."""
