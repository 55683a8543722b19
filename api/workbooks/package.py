"""The zip of a plain workbook: its sheets one after another, then the parts that name them, forward only."""

import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Protocol
from xml.sax.saxutils import quoteattr

from api.workbooks.plain_sheet import MAIN, STYLES, XML

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_WRITTEN_ON = (1980, 1, 1, 0, 0, 0)


class Sink(Protocol):
    """Where the bytes go: forward only."""

    def write(self, data: bytes, /) -> int:
        """Take the next bytes."""


class _UntilFailure:
    """Hands bytes on until the writing fails: the directory that zipfile adds even then would make half a file whole."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self.failed = False

    def write(self, data: bytes) -> int:
        if not self.failed:
            self._sink.write(data)
        return len(data)

    def flush(self) -> None:
        """The sink knows when it is whole."""


@contextmanager
def package(sink: Sink) -> Iterator[Callable[[str], IO[bytes]]]:
    """A workbook that goes to `sink` as it is written: opens the next sheet, of a name that a sheet may have.

    When the block fails the file stays without its directory, and nothing takes it for a workbook.
    """
    names: list[str] = []
    passing = _UntilFailure(sink)
    # zipfile asks for no more than `write` and `flush` of what it can't wind back.
    with zipfile.ZipFile(passing, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:  # type: ignore[call-overload]

        def opened(name: str) -> IO[bytes]:
            names.append(name)
            return archive.open(_part(f"xl/worksheets/sheet{len(names)}.xml"), "w", force_zip64=True)  # type: ignore[no-any-return]

        try:
            yield opened
            for path, content in _frame(names):
                archive.writestr(_part(path), content)
        except BaseException:
            passing.failed = True
            raise


def _part(path: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(path, _WRITTEN_ON)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _frame(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    numbered = list(enumerate(names, 1))
    sheets = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{at}" r:id="rId{at}"/>' for at, name in numbered
    )
    yield (
        "xl/workbook.xml",
        f'{XML}<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>',
    )
    yield "xl/styles.xml", STYLES
    targets = [(f"rId{at}", "worksheet", f"worksheets/sheet{at}.xml") for at, _ in numbered]
    yield "xl/_rels/workbook.xml.rels", _relations([*targets, ("styles", "styles", "styles.xml")])
    yield "_rels/.rels", _relations([("rId1", "officeDocument", "xl/workbook.xml")])
    kinds = [("workbook", "sheet.main"), ("styles", "styles")]
    kinds += [(f"worksheets/sheet{at}", "worksheet") for at, _ in numbered]
    parts = "".join(
        f'<Override PartName="/xl/{part}.xml" ContentType="{_TYPE}.{kind}+xml"/>' for part, kind in kinds
    )
    yield (
        "[Content_Types].xml",
        f'{XML}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{parts}</Types>',
    )


def _relations(targets: Sequence[tuple[str, str, str]]) -> str:
    found = "".join(
        f'<Relationship Id="{name}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for name, kind, target in targets
    )
    return f'{XML}<Relationships xmlns="{_PACKAGE}/relationships">{found}</Relationships>'
