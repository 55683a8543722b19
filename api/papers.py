"""Papers that prove something, as files: told by their content, limited, made harmless, and sent out again to be saved.

Of a person or of a figure alike; `ledger/attachments.py` seals them.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from fastapi import UploadFile

from api.errors import invalid
from api.workbooks.harmless import require_harmless
from ledger.attachments import PACKAGE, sort_of
from models.attachment import FileSort

OF_A_PERSON = frozenset(FileSort) - {FileSort.DOCX}
"""What proves work bears a seal or comes from a register: a text that anybody types is none."""
OF_A_FIGURE = frozenset(FileSort)
_WORDS = {
    OF_A_PERSON: "PDF、JPEG或PNG图片、Excel工作簿（xlsx，不带宏）",
    OF_A_FIGURE: "PDF、JPEG或PNG图片、Excel工作簿（xlsx）或Word文档（docx，都不带宏）",
}
_MOST_FILES = 10
_NAME = 120


@dataclass(frozen=True, slots=True)
class Handed:
    """A file as it was handed in: it is one of the kinds that are kept, and not too large."""

    name: str
    sort: FileSort
    content: bytes


@dataclass(frozen=True, slots=True)
class Sent:
    """A file on its way out. `named` is what it is called where a name in Chinese is not understood."""

    sort: FileSort
    name: str
    named: str
    content: Sequence[bytes]

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.content)

    @property
    def headers(self) -> dict[str, str]:
        """It is saved, never opened as a page; no browser guesses what it might be."""
        return {
            "Content-Disposition": f'attachment; filename="{self.named}.{self.sort.value}"; '
            f"filename*=UTF-8''{quote(self.name)}",
            "Content-Length": str(sum(map(len, self.content))),
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cache-Control": "no-store",
        }


def take_papers(files: Sequence[UploadFile], limit: int, sorts: Collection[FileSort]) -> list[Handed]:
    """The files of a form; a field that was left empty is none.

    Parameters
    ----------
    limit : bytes, of each.
    sorts : `OF_A_PERSON` or `OF_A_FIGURE`.

    Raises
    ------
    Problem
        422 for one that is empty, too large, or of a kind that is not kept; nothing was kept of the others then.
    """
    sent = [file for file in files if file.filename or file.size]
    if len(sent) > _MOST_FILES:
        raise invalid("file", "too_many", f"一次最多上传{_MOST_FILES}个附件，请分几次上传。")
    return [_taken(file, limit, frozenset(sorts)) for file in sent]


def _taken(file: UploadFile, limit: int, sorts: frozenset[FileSort]) -> Handed:
    content = file.file.read(limit + 1)
    if not content:
        raise invalid("file", "empty", "附件里没有内容，请重新选择文件。")
    if len(content) > limit:
        most = max(1, limit // (1024 * 1024))
        raise invalid("file", "too_large", f"一个附件最大{most}MB。照片请缩小，扫描件请分几个文件上传。")
    if content.startswith(PACKAGE):
        require_harmless(content)
    sort = sort_of(content)
    if sort not in sorts:
        raise invalid("file", "kind", f"附件只收{_WORDS[sorts]}，请另存或拍照后上传。")
    name = (file.filename or "").replace("\\", "/").rsplit("/", 1)[-1].strip()
    shown = "".join(letter for letter in name if letter.isprintable())[-_NAME:]
    return Handed(shown or f"附件.{sort.value}", sort, content)
