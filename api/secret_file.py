"""The service's secrets as they are written: `secret.key`, or the setting WENGANG_SECRET_KEY.

A key is ``id:Base64``; the first one that a service had may stand without its id, which is 1. Several are parted by
blanks or lines: while one follows another, and where backups of before are to be read.
"""

import base64
import binascii
import os
import re
from collections.abc import Mapping
from pathlib import Path

from models.sealing import SECRET_BYTES

NAME = "secret.key"
_FIRST = "1"
_ID = re.compile(r"[1-9][0-9]{0,8}")


def read_secrets(text: str) -> dict[str, bytes]:
    """The secrets by id.

    Raises
    ------
    ValueError
        when one is malformed or too short, or none is there; the message, in Chinese, repeats none of them.
    """
    found: dict[str, bytes] = {}
    for told in text.split():
        key_id, mark, written = told.rpartition(":")
        if not mark:
            key_id = _FIRST
        if not _ID.fullmatch(key_id) or key_id in found:
            raise ValueError("的密钥编号有误或重复，应写成“编号:Base64”")
        try:
            found[key_id] = base64.b64decode(written, validate=True)
        except (binascii.Error, ValueError):
            raise ValueError("不是有效的Base64") from None
        if len(found[key_id]) < SECRET_BYTES:
            raise ValueError("不足32字节")
    if not found:
        raise ValueError("是空的")
    return found


def write_secrets(file: Path, secrets: Mapping[str, bytes]) -> None:
    """Let the file hold these, and be there whole or not at all; only its owner may read it."""
    lines = (
        f"{'' if key_id == _FIRST else f'{key_id}:'}{base64.b64encode(secrets[key_id]).decode()}\n"
        for key_id in sorted(secrets, key=int)
    )
    partial = file.with_name(file.name + ".new")
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
        stream.write("".join(lines))
        stream.flush()
        os.fsync(stream.fileno())
    partial.rename(file)
    # A rename that the disk forgets would lose the key that the database knows by then.
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
