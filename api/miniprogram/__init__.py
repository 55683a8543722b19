"""The mini-program's door: who asks by WeChat, for whom she may speak, and what follows from what she says."""
