"""placeholder"""

DOORS: frozenset[str] = frozenset()
STORED: dict[str, str] = {}
NOBODY: frozenset[str] = frozenset()
