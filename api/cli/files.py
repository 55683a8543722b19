"""Files that somebody names on the command line."""

from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from api.cli.speaking import Refused


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
        raise Refused(f"不能读取 {file}（{error.strerror}），请检查文件和权限。") from None


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
        raise Refused(f"不能写入 {path}（{error.strerror}），请换一个位置。") from None
