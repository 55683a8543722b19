"""/kiosk/v1: the door of devices. They are known by a token of their own; no account has a way in here."""
