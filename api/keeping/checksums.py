"""Checksums of a folder's files, in the form that `sha256sum -c` reads."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from api.seeding.copying import Progress

NAME = "SHA256SUMS"
_CHUNK = 1 << 20


class Damaged(Exception):
    """The folder is not what it was; the message, in Chinese, says where."""


def write_checksums(folder: Path, tell: Progress) -> None:
    """The checksums of all files below `folder`, in a file beside them."""
    files = sorted(_files(folder))
    lines = []
    for done, path in enumerate(files):
        tell(done, len(files), "计算校验和")
        lines.append(f"{_sum(path)}  {path.relative_to(folder).as_posix()}\n")
    (folder / NAME).write_text("".join(lines), encoding="utf-8")


def require_unchanged(folder: Path, tell: Progress) -> None:
    """Every file is there, as it was written, and no other.

    Raises
    ------
    Damaged
        at the first file that is not.
    """
    try:
        lines = (folder / NAME).read_text(encoding="utf-8").splitlines()
        told = {name: hashed for hashed, _, name in (line.partition("  ") for line in lines)}
    except (OSError, UnicodeDecodeError):
        raise Damaged(f"{folder} 里没有可读的校验和文件 {NAME}，不是完整的备份。") from None
    found = {path.relative_to(folder).as_posix() for path in _files(folder)}
    for name in sorted(told.keys() - found):
        raise Damaged(f"备份已损坏：缺少文件 {name}。")
    for name in sorted(found - told.keys()):
        raise Damaged(f"备份已损坏：多出文件 {name}，或校验和文件不完整。")
    for done, (name, hashed) in enumerate(sorted(told.items())):
        tell(done, len(told), "核对校验和")
        if _sum(folder / name) != hashed:
            raise Damaged(f"备份已损坏：文件 {name} 与备份时不一样。")


def size_of(folder: Path) -> int:
    """The bytes of all files below."""
    total = 0
    for path in _files(folder):
        try:
            total += path.stat().st_size
        except FileNotFoundError:  # while it is being written
            continue
    return total


def _files(folder: Path) -> Iterator[Path]:
    for root, _, names in os.walk(folder):
        yield from (Path(root) / name for name in names if Path(root) != folder or name != NAME)


def _sum(path: Path) -> str:
    hashed = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            hashed.update(chunk)
    return hashed.hexdigest()
