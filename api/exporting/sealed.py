"""The file as it lies in the database: pieces sealed under the export's own key, each in its place."""

from collections.abc import Iterator

from sqlalchemy import delete, insert
from sqlmodel import Session, col, select

from api.database import Sessions
from api.deps import act_as
from models.export import Export, ExportPart
from models.sealing import Keyring, open_person_key, seal, unseal

_PIECE = 1 << 20


class SealedFile:
    """Takes bytes and writes them, sealed, a piece at a time. `close` writes the last."""

    def __init__(self, session: Session, keyring: Keyring, export: Export) -> None:
        self._session = session
        self._export_id = export.identity
        self._key = open_person_key(keyring, export.master_key_id, export.sealed_key)
        self._rest = bytearray()
        self._part = 0
        self.size = 0
        session.execute(delete(ExportPart).where(col(ExportPart.export_id) == self._export_id))

    def write(self, data: bytes, /) -> int:
        """Take the next bytes."""
        self._rest += data
        self.size += len(data)
        while len(self._rest) >= _PIECE:
            self._put(bytes(self._rest[:_PIECE]))
            del self._rest[:_PIECE]
        return len(data)

    def flush(self) -> None:
        """Pieces are written when they are whole."""

    def close(self) -> None:
        """Write what is left."""
        if self._rest:
            self._put(bytes(self._rest))
            self._rest.clear()

    def _put(self, piece: bytes) -> None:
        self._part += 1
        sealed = seal(self._key, piece, _context(self._part))
        row = {"export_id": self._export_id, "part": self._part, "sealed": sealed}
        self._session.execute(insert(ExportPart).values(row).inline())


def pieces(sessions: Sessions, keyring: Keyring, account_id: int, export: Export) -> Iterator[bytes]:
    """The file's bytes in order. Between two pieces no connection is held: a slow line keeps nobody waiting."""
    key = open_person_key(keyring, export.master_key_id, export.sealed_key)
    part = 1
    while True:
        with sessions() as session, session.begin():
            act_as(session, account_id)
            sealed = session.exec(
                select(ExportPart.sealed).where(
                    ExportPart.export_id == export.identity, ExportPart.part == part
                )
            ).first()
        if sealed is None:
            return
        yield unseal(key, sealed, _context(part))
        part += 1


def _context(part: int) -> str:
    # A piece in another's place is as unreadable as one that was altered.
    return f"export_part.{part}"
