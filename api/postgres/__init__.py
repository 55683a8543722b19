"""The embedded PostgreSQL, and the roles of any."""
