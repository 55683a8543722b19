"""/employer/v1: the routes of employers."""
