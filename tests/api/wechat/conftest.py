"""WeChat's stand-in for the tests of the client."""

from ..stand_in import fake

__all__ = ["fake"]
