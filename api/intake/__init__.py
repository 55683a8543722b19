"""A file's way in: received and sealed, staged, its headings told, checked, and applied, each a job that may be killed."""
