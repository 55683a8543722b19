"""Keeping the database: copies of it, the log that leads from a copy to any later moment, and what must hold after."""
