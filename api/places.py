"""Names of regions, kept in memory: every answer says a place in words beside its code."""

import threading

from sqlmodel import Session, select

from models.region import Region


class Places:
    """Code to name; a code that is not known yet, such as a new village, is looked up again."""

    def __init__(self) -> None:
        self._names: dict[str, tuple[str, str | None]] = {}
        self._lock = threading.Lock()

    def name(self, session: Session, code: str | None) -> str | None:
        """The full name from the province down; None for no code."""
        if code is None:
            return None
        parts: list[str] = []
        here: str | None = code
        while here is not None:
            name, here = self._row(session, here)
            parts.append(name)
        return "".join(reversed(parts))

    def short(self, session: Session, code: str | None, levels: int = 1) -> str | None:
        """The last `levels` names: 泾洋街道, or 镇巴县泾洋街道 for two."""
        if code is None:
            return None
        parts: list[str] = []
        here: str | None = code
        while here is not None and len(parts) < levels:
            name, here = self._row(session, here)
            parts.append(name)
        return "".join(reversed(parts))

    def _row(self, session: Session, code: str) -> tuple[str, str | None]:
        found = self._names.get(code)
        if found is None:
            with self._lock:
                rows = session.exec(select(Region.code, Region.name, Region.parent_code)).all()
                self._names = {row[0]: (row[1], row[2]) for row in rows}
            found = self._names.get(code, (code, None))
        return found
