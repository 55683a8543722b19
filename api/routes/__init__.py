"""The REST routes, by door and noun."""
