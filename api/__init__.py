"""The edge: every way in and out."""
