"""The embedded server's log, kept piece by piece elsewhere: with a copy of the cluster it leads to any later moment.

Each piece is a gzip file, which carries a checksum of its own: what is damaged is noticed before it is used.
"""

import gzip
import os
import pwd
import re
import shlex
import zlib
from datetime import UTC, datetime
from pathlib import Path

from api.postgres.server_account import let_through

PIECE = re.compile(r"[0-9A-F]{24}\.gz")
LONGEST_LOSS = 60
"""Seconds: a piece is archived when it is full, and after that time at the latest."""

_PIECES_OF_A_FILE = 256  # 16 MiB each
_CHUNK = 1 << 20


class BrokenArchive(Exception):
    """Pieces are missing or damaged; the message, in Chinese, says which."""


def archiving(folder: Path, account: pwd.struct_passwd | None) -> dict[str, str]:
    """Settings of a server that archives into `folder`, which is made its own."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _own(folder, account)
    # A piece that is there already is the same one, archived just before a crash, or something is wrong. A piece is
    # there whole or not at all, and on the disk before it is reported.
    command = (
        "if test -f D/%f.gz; then gzip -dc D/%f.gz | cmp -s - %p; "
        "else gzip -c %p > D/%f.part && sync D/%f.part && mv D/%f.part D/%f.gz; fi"
    )
    return {
        "archive_mode": "on",
        "archive_timeout": str(LONGEST_LOSS),
        "archive_command": _in_folder(command, folder),
    }


def recovering(
    folder: Path | None, until: datetime | None, account: pwd.struct_passwd | None
) -> dict[str, str]:
    """Settings of a server that goes on from a copy along the archived log, to its end or to a moment."""
    settings = {"archive_mode": "off", "hot_standby": "off", "restore_command": "false"}
    if folder is not None:
        _own(folder, account)
        settings["restore_command"] = _in_folder("gzip -dc D/%f.gz > %p", folder)
    if until is not None:
        settings |= {
            "recovery_target_time": until.astimezone(UTC).isoformat(sep=" "),
            "recovery_target_action": "promote",
        }
    return settings


def require_whole(folder: Path, last: str) -> int:
    """Read every piece that follows on the last one of a copy, `last`; how many there are.

    Raises
    ------
    BrokenArchive
        when one of them is damaged or missing.
    """
    timeline = last[:8]
    names = sorted(path.name for path in folder.iterdir() if PIECE.fullmatch(path.name) and path.name >= last)
    expected = _number(last) + 1
    for name in names:
        if name[:8] != timeline:
            # Another history began here, after a restore; where it branches off the server knows.
            timeline, expected = name[:8], _number(name)
        if _number(name) > expected:
            raise BrokenArchive(f"日志归档不完整：{name} 之前缺少 {_number(name) - expected} 个文件。")
        _require_sound(folder / name)
        expected = _number(name) + 1
    return len(names)


def _require_sound(path: Path) -> None:
    try:
        with gzip.open(path) as stream:
            while stream.read(_CHUNK):
                pass
    except (OSError, EOFError, zlib.error):
        raise BrokenArchive(f"日志归档已损坏：{path.name}。") from None


def _number(name: str) -> int:
    return int(name[8:16], 16) * _PIECES_OF_A_FILE + int(name[16:24], 16)


def _in_folder(command: str, folder: Path) -> str:
    """The command with its folder: a percent sign there must not be taken for the server's own."""
    quoted = shlex.quote(str(folder.resolve())).replace("%", "%%")
    return command.replace("%p", '"%p"').replace("D/", f"{quoted}/")


def _own(folder: Path, account: pwd.struct_passwd | None) -> None:
    if account is None:
        return
    for parent in folder.resolve().parents:
        let_through(parent, account.pw_uid)
    os.chown(folder, account.pw_uid, account.pw_gid)
    for path in folder.iterdir():
        os.chown(path, account.pw_uid, account.pw_gid)
