"""匹配方案: made by a job, settled anew by hand, approved into a dispatch list."""
