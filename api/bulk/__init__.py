"""批量操作: one act on many people, each asked as if it were alone, and the way back."""
