"""The exchange folder in a zip: its six files, wherever they stand in it, and what else lies there.

Runs in the child process, so it needs nothing but the standard library. Nothing is unpacked to a disk.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from api.workbooks.limits import MIB, Limits, Unreadable

FILES = ("workers", "employers", "vacancies", "applications", "spells", "open_workers")
"""In the order in which they are read: each names only what those before it told of."""

_BEGINNINGS = (b"PK\x03\x04", b"PK\x05\x06", b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b")
_PACKED = (".zip", ".rar", ".7z", ".gz", ".tgz", ".tar", ".bz2", ".xz")
_MOST_NAMED = 20
_LONGEST_NAME = 80
_ASIDE = "不是交换文件夹里的文件，没有读取"


def is_folder(parts: Sequence[zipfile.ZipInfo]) -> bool:
    """Whether one of the six files lies at the top of a zip or in a folder of it."""
    return any(_file(part.filename) for part in parts)


def require_harmless(archive: zipfile.ZipFile, limits: Limits) -> None:
    """What the names and beginnings of a folder's files say against opening it.

    Raises
    ------
    Unreadable
        for names that lead out of the folder, a zip in the zip, a file that is there twice or too large.
    """
    seen: set[str] = set()
    for part in archive.infolist():
        name = part.filename.replace("\\", "/")
        if name.startswith("/") or ".." in PurePosixPath(name).parts or ":" in name or "\0" in name:
            raise Unreadable("压缩包里的文件名指向文件夹以外，疑似被做过手脚，没有打开；请重新打包")
        if name.lower().endswith(_PACKED):
            raise Unreadable("压缩包里还有压缩包，没有打开；请解压后只把六个 CSV 文件打包")
        found = _file(part.filename)
        if found is None:
            continue
        if found in seen:
            raise Unreadable(f"压缩包里有两个 {found}.csv，不知道用哪一个；请只留一个")
        seen.add(found)
        if part.file_size > limits.file:
            raise Unreadable(f"{found}.csv 超过{limits.file // MIB}MB，请分成几份再导入")
        with archive.open(part) as opened:
            if opened.read(8).startswith(_BEGINNINGS):
                raise Unreadable(f"{found}.csv 其实是压缩包，没有打开；请换成 CSV 文件")


def contents(path: Path) -> Iterator[tuple[str, bytes | None, str]]:
    """Name, bytes and why it is not read, of the folder's files in the order of `FILES`, then of what lies beside them.

    Raises
    ------
    Unreadable
        when a file is incomplete.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = [part for part in archive.infolist() if not part.is_dir()]
            known = {found: part for part in parts if (found := _file(part.filename))}
            for file in FILES:
                if file in known:
                    yield f"{file}.csv", archive.read(known[file]), ""
            others = [_shown(part) for part in parts if _file(part.filename) is None]
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        EOFError,
        OSError,
        NotImplementedError,
        RuntimeError,
    ):
        raise Unreadable("压缩包不完整或已损坏，请重新打包后再试") from None
    for name in others[:_MOST_NAMED]:
        yield name, None, _ASIDE
    if len(others) > _MOST_NAMED:
        yield f"其余{len(others) - _MOST_NAMED}个文件", None, _ASIDE


def _file(name: str) -> str | None:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    last = parts[-1].lower() if parts and not name.endswith("/") else ""
    stem = last.removesuffix(".csv")
    return stem if len(parts) <= 2 and last.endswith(".csv") and stem in FILES else None


def _shown(part: zipfile.ZipInfo) -> str:
    name = part.filename
    if not part.flag_bits & 0x800:
        try:
            # Chinese systems write names in GBK without saying so.
            name = name.encode("cp437").decode("gb18030")
        except (UnicodeEncodeError, UnicodeDecodeError):
            name = part.filename
    return "".join(sign if sign.isprintable() else "?" for sign in name)[:_LONGEST_NAME]
