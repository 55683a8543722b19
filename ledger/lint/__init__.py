"""A file of advertisements through the linter, with no server and no database."""
