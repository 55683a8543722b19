"""The same lists by other means: each peer filters by the same rules, orders by the same line, and finishes with the same score."""
