"""From workflow to script: every decision of what the code will say is made here."""
