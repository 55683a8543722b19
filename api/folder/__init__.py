"""The exchange folder on disk, read in columns."""
