"""WeChat: the calls of its server that the service makes, and a server that speaks them for tests and developers."""
