"""Packages (xlsx, docx) that are kept as papers and opened by somebody's own program later: none that does harm there."""

import zipfile
from io import BytesIO

from api.errors import invalid
from api.workbooks.limits import Limits, Unreadable
from api.workbooks.look import weigh


def require_harmless(content: bytes) -> None:
    """Of a package only the directory is read.

    Raises
    ------
    Problem
        422 for one that is incomplete, encrypted, has macros or would swell when unpacked.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            parts = package.infolist()
        weigh(parts, Limits())
    except Unreadable as error:
        raise invalid("file", "harmful", str(error)) from error
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise invalid("file", "damaged", "文件不完整或已损坏，请重新另存后再上传") from error
    if any(part.flag_bits & 1 for part in parts):
        raise invalid("file", "encrypted", "文件有打开密码，请取消密码、另存后再上传")
    if any(part.filename.lower().endswith(("vbaproject.bin", ".xlm")) for part in parts):
        raise invalid("file", "macros", "文件带有宏，请另存为不含宏的格式后再上传")
