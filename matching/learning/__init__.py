"""What outcomes teach: who was hired, who stayed."""
