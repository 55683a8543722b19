"""Spreadsheets that people send: read where they can do no harm."""
