"""The service's own keys: what is still under each, and changing them while it serves."""
