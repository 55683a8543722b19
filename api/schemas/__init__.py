"""What comes in and what goes out over REST, by noun."""
