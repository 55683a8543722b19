"""/mp/v1: the routes of the mini-program."""
