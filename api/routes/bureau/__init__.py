"""The bureau's door, /v1."""
