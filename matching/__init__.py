"""The ranking core: who fits what, and why. Arithmetic over columns; it knows no session and no clock."""
