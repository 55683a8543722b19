"""A server that speaks WeChat's calls: for tests, and for who writes the mini-program. Nothing of it is in the service's way."""
