"""Registers and returns: every form that a bureau must send is a declared view over the same records."""
