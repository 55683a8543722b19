"""The plan: whole markets assigned at once, and what a seat is worth."""
