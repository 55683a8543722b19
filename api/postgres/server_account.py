"""The account that PostgreSQL runs as when root starts it, because it refuses to run as root.

The account is let through closed parent folders (a 0700 home, say) by an access control entry of its own;
nobody else gains a right, and the account can list nothing there.
"""

import fcntl
import os
import pwd
import stat
import struct
import subprocess
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

ACCOUNT = "wengang-db"
ACCOUNTS = "/etc"
"""Where the system keeps its accounts; the folder itself is the lock, since the files in it are replaced."""


def account_for(cluster: Path, *, passing: Iterable[Path]) -> pwd.struct_passwd | None:
    """Whom the server runs as: None is ourselves; for root the cluster's owner, or an account of its own.

    `passing`: folders whose parents and themselves the account must be able to pass through.
    """
    if os.geteuid() != 0:
        return None
    account = pwd.getpwuid(cluster.stat().st_uid) if cluster.exists() else _own_account()
    for folder in {parent for path in passing for parent in (path, *path.parents)}:
        let_through(folder, account.pw_uid)
    return account


def _own_account() -> pwd.struct_passwd:
    """The account, created where it is not there.

    One process at a time: of two that create the same name at once, the second replaces the first one's number.
    """
    lock = os.open(ACCOUNTS, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with suppress(KeyError):
            return pwd.getpwnam(ACCOUNT)
        create = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT]
        subprocess.run(create, check=True, capture_output=True)  # noqa: S603 - a fixed command
        return pwd.getpwnam(ACCOUNT)
    finally:
        os.close(lock)


def let_through(folder: Path, user: int) -> None:
    """Let `user`, and nobody else, pass through `folder`; on a disk without access lists, everybody.

    Passing through is not listing. The layout of the attribute is Linux's `posix_acl_xattr.h`.
    """
    attribute, nobody = "system.posix_acl_access", 0xFFFFFFFF
    own, named, group, mask, others, passing = 0x01, 0x02, 0x04, 0x10, 0x20, 0o1
    mode = folder.stat().st_mode
    if mode & stat.S_IXOTH:
        return
    try:
        entries = {
            (tag, who): rights
            for tag, rights, who in struct.iter_unpack("<HHI", os.getxattr(folder, attribute)[4:])
        }
    except OSError:
        entries = {
            (own, nobody): mode >> 6 & 7,
            (group, nobody): mode >> 3 & 7,
            (others, nobody): mode & 7,
        }
    entries[named, user] = entries.get((named, user), 0) | passing
    entries[mask, nobody] = entries.get((mask, nobody), entries[group, nobody]) | passing
    packed = struct.pack("<I", 2)
    for (tag, who), rights in sorted(entries.items()):
        packed += struct.pack("<HHI", tag, rights, who)
    try:
        os.setxattr(folder, attribute, packed)
    except OSError:
        folder.chmod(mode | stat.S_IXOTH)
