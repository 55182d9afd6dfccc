"""What a script will say: statements, names and imports. It knows no workflows."""
