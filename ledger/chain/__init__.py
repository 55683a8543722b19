"""Whether the record of changes is still what was sealed."""
