"""Did it last, and does that meet the target."""
