"""Files that somebody names on the command line."""

import errno
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from api.cli.speaking import Refused

_WHY = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "那里只能读，不能写",
    errno.EISDIR: "那是一个文件夹",
    errno.ENOTDIR: "路径里有一段不是文件夹",
    errno.EEXIST: "那里已有同名的文件",
    errno.ENOSPC: "磁盘满了",
    errno.EDQUOT: "磁盘配额用完了",
    errno.EFBIG: "文件太大",
    errno.ENAMETOOLONG: "文件名太长",
    errno.EMFILE: "打开的文件太多",
    errno.ENFILE: "打开的文件太多",
    errno.EIO: "磁盘读写出错",
}


def why(error: OSError) -> str:
    """What the system says is wrong with a file, in Chinese."""
    return _WHY.get(error.errno or 0, f"系统错误{error.errno}" if error.errno else "系统没有说明原因")


def content_of(file: Path, limit: int) -> bytes:
    """All of the file.

    Raises
    ------
    Refused
        when it cannot be read, or is larger than `limit` bytes.
    """
    try:
        if file.stat().st_size > limit:
            raise Refused(f"{file.name} 超过{limit // 1024 // 1024}MB，请分成几份再导入。")
        return file.read_bytes()
    except FileNotFoundError:
        raise Refused(f"没有找到文件 {file}，请检查文件名。") from None
    except IsADirectoryError:
        raise Refused(f"{file} 是文件夹，请写出其中的文件。") from None
    except OSError as error:
        raise Refused(f"不能读取 {file}（{why(error)}），请检查文件和权限。") from None


def write(path: Path, fill: Callable[[TextIO], None]) -> None:
    """Write what `fill` puts into it.

    Raises
    ------
    Refused
        when it cannot be written.
    """
    try:
        with path.open("w", encoding="utf-8", newline="") as stream:
            fill(stream)
    except OSError as error:
        raise Refused(f"不能写入 {path}（{why(error)}），请换一个位置。") from None
