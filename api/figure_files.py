"""The file that proves a typed figure: looked at, sealed under a key of its own, opened again."""

from hashlib import sha256
from pathlib import PurePath

from sqlmodel import Session, select

from api.errors import conflict, invalid, not_found
from api.workbooks.harmless import require_harmless
from models.sealing import Keyring, new_person_key, open_person_key, seal, unseal
from models.target import FigureFile, TypedFigure

_CONTEXT = "figure_file.sealed"
_MOST_BYTES = 10 * 1024 * 1024
_PACKAGE = b"PK\x03\x04"
_KINDS = {
    ".pdf": (b"%PDF-", "application/pdf"),
    ".png": (b"\x89PNG\r\n", "image/png"),
    ".jpg": (b"\xff\xd8\xff", "image/jpeg"),
    ".jpeg": (b"\xff\xd8\xff", "image/jpeg"),
    ".xlsx": (_PACKAGE, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".docx": (_PACKAGE, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
}
"""What a file begins with, and what it is, by the end of its name."""


def attach(
    session: Session, keyring: Keyring, figure: TypedFigure, content: bytes, name: str, account_id: int
) -> FigureFile:
    """Keep the file of a figure. It is written once: another proof is another figure.

    Raises
    ------
    Problem
        422 for a file that is too large, empty or not what its name says; 409 where there is one.
    """
    name = name.replace("\\", "/").rsplit("/", 1)[-1].strip()[-255:]
    begins, media_type = _KINDS.get(PurePath(name).suffix.lower(), (b"", ""))
    if not media_type or not name.isprintable() or not content.startswith(begins):
        raise invalid("file", "kind", "请上传PDF、图片（PNG、JPG）、Excel或Word文件，扩展名要与内容一致")
    if begins == _PACKAGE:
        require_harmless(content)
    if len(content) > _MOST_BYTES:
        raise invalid("file", "too-large", "文件不能超过10MB，请压缩或只留有关的几页")
    if session.exec(select(FigureFile.id).where(FigureFile.figure_id == figure.identity)).first():
        raise conflict("figure-proved", "已有佐证文件", "这个填报数已经附了文件。要换文件，请重新填报。")
    key, master_key_id, sealed_key = new_person_key(keyring)
    row = FigureFile(
        figure_id=figure.identity,
        file_name=name,
        media_type=media_type,
        sha256=sha256(content).hexdigest(),
        size=len(content),
        account_id=account_id,
        master_key_id=master_key_id,
        sealed_key=sealed_key,
        sealed=seal(key, content, _CONTEXT),
    )
    session.add(row)
    session.flush()
    return row


def opened(session: Session, keyring: Keyring, figure: TypedFigure) -> tuple[FigureFile, bytes]:
    """The file of a figure and its bytes.

    Raises
    ------
    Problem
        404 where there is none.
    """
    row = session.exec(select(FigureFile).where(FigureFile.figure_id == figure.identity)).first()
    if row is None:
        raise not_found("这个佐证文件")
    key = open_person_key(keyring, row.master_key_id, row.sealed_key)
    return row, unseal(key, row.sealed, _CONTEXT)
