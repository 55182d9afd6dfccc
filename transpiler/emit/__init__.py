"""From script to text: templates, layout, and the last checks."""
