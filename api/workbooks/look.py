"""A look at a file before anything opens it: what kind it is, and whether it would do harm.

Of a zip only the directory and the first bytes of small parts are read. Runs in the child process, so it needs
nothing but the standard library.
"""

import struct
import zipfile
import zlib
from pathlib import Path
from typing import Literal

from api.workbooks.folder import is_folder, require_harmless
from api.workbooks.limits import MIB, Limits, Unreadable

_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"

Format = Literal["xlsx", "xls", "ods", "csv", "folder"]
"""What a file is, by its content; its name is only believed of text."""


def look(path: Path, name: str, limits: Limits) -> Format:
    """The format of the file that its sender calls `name`.

    Raises
    ------
    Unreadable
        for a file that is empty, too large, encrypted, incomplete, carries macros or would swell when unpacked.
    """
    size = path.stat().st_size
    if size == 0:
        raise Unreadable("文件是空的，请重新导出后再试")
    if size > limits.file:
        raise Unreadable(f"文件超过{limits.file // MIB}MB，请分成几份再导入")
    with path.open("rb") as file:
        head = file.read(8)
    if head == _COMPOUND:
        return _compound(path)
    if head.startswith((_ZIP, _EMPTY_ZIP)):
        return _zip(path, name, limits)
    if b"\x00" in head or not name.lower().endswith((".csv", ".txt")):
        raise Unreadable("不是能识别的表格文件，请另存为 .xlsx、.xls、.ods 或 .csv 后再试；文件也可能不完整")
    return "csv"


def _compound(path: Path) -> Format:
    content = path.read_bytes()
    # Names in the directory of a compound file are UTF-16.
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise Unreadable("文件有打开密码，请在 Excel 或 WPS 里取消密码、另存后再试")
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        raise Unreadable("文件带有宏，为安全起见不能导入；请另存为 .xlsx（不含宏）后再试")
    return "xls"


def _zip(path: Path, name: str, limits: Limits) -> Format:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            weigh(parts, limits)
            if any(part.flag_bits & 1 for part in parts):
                raise Unreadable("文件有打开密码，请取消密码、另存后再试")
            if any(part.lower().endswith("vbaproject.bin") for part in names) or name.lower().endswith(
                ".xlsm"
            ):
                raise Unreadable("文件带有宏（.xlsm），为安全起见不能导入；请另存为 .xlsx（不含宏）后再试")
            if "mimetype" in names and _beginning(archive, "mimetype").startswith(
                b"application/vnd.oasis.opendocument.spreadsheet"
            ):
                if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read(
                    "META-INF/manifest.xml"
                ):
                    raise Unreadable("文件有打开密码，请取消密码、另存后再试")
                return "ods"
            if "xl/workbook.bin" in names:
                raise Unreadable("不支持 .xlsb 格式，请另存为 .xlsx 后再试")
            if "[Content_Types].xml" not in names or not any(part.startswith("xl/") for part in names):
                if is_folder(parts):
                    require_harmless(archive, limits)
                    return "folder"
                raise Unreadable(
                    "是压缩包，里面没有交换文件夹的文件（workers.csv 等）；是别的表格的，请解压后选择其中的表格"
                )
            if b"macroEnabled" in _beginning(archive, "[Content_Types].xml"):
                raise Unreadable("文件带有宏（.xlsm），为安全起见不能导入；请另存为 .xlsx（不含宏）后再试")
            return "xlsx"
    except Unreadable:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        EOFError,
        OSError,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ) as error:
        raise Unreadable("文件不完整或已损坏，请重新下载或重新导出后再试") from error


def _beginning(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(MIB)


def weigh(parts: list[zipfile.ZipInfo], limits: Limits) -> None:
    """Refuse a package that would swell when it is unpacked.

    Raises
    ------
    Unreadable
        when it would.
    """
    swollen = any(
        part.file_size > limits.part and part.file_size > limits.ratio * max(part.compress_size, 1)
        for part in parts
    )
    if swollen or len(parts) > limits.parts or sum(part.file_size for part in parts) > limits.unpacked:
        raise Unreadable("文件解压后异常巨大，疑似被做过手脚，没有打开；请重新从系统导出")
