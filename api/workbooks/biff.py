"""Which cells of an old .xls (BIFF8 in a compound file) hold a formula. Runs in the child process.

Of the compound file only the workbook's stream is put together, of the stream only BOUNDSHEET and FORMULA records
are looked at ([MS-CFB] 2, [MS-XLS] 2.4.28 and 2.4.127).
"""

import struct
from collections.abc import Iterator
from pathlib import Path

_END = 0xFFFFFFFE
_BOUNDSHEET, _FORMULA, _BOF, _EOF = 0x0085, 0x0006, 0x0809, 0x000A
_NAMES = ("Workbook", "Book")


def formula_cells(path: Path) -> dict[str, set[tuple[int, int]]]:
    """Formula cells (row from 1, column from 0) by the sheet's name.

    Raises
    ------
    ValueError
        for a file that contradicts itself.
    """
    try:
        stream = _workbook_stream(path.read_bytes())
        sheets = [_sheet(body) for kind, body in _records(stream, 0) if kind == _BOUNDSHEET]
        found = {name: set(_formulas(stream, begin)) for name, begin in sheets}
    except (struct.error, IndexError) as error:
        raise ValueError("a compound file that contradicts itself") from error
    return {name: cells for name, cells in found.items() if cells}


def _formulas(stream: bytes, begin: int) -> Iterator[tuple[int, int]]:
    for kind, body in _records(stream, begin):
        if kind == _FORMULA:
            row, column = struct.unpack_from("<HH", body)
            yield row + 1, column


def _records(stream: bytes, begin: int) -> Iterator[tuple[int, bytes]]:
    at, depth = begin, 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size
        # A chart inside a sheet is a substream of its own.
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            return


def _sheet(body: bytes) -> tuple[str, int]:
    begin, count, wide = struct.unpack_from("<I", body)[0], body[6], body[7] & 1
    name = body[8 : 8 + count * (2 if wide else 1)]
    return name.decode("utf-16-le" if wide else "latin-1"), begin


def _workbook_stream(content: bytes) -> bytes:
    sector = 1 << struct.unpack_from("<H", content, 30)[0]
    small = 1 << struct.unpack_from("<H", content, 32)[0]
    directory, cutoff, small_table = (struct.unpack_from("<I", content, place)[0] for place in (48, 56, 60))
    table = _table(content, sector)
    entries = _chain(content, directory, table, sector, 512)
    root, found = None, None
    for at in range(0, len(entries) - 127, 128):
        length = struct.unpack_from("<H", entries, at + 64)[0]
        name = entries[at : at + max(length - 2, 0)].decode("utf-16-le", "replace")
        begin, size = struct.unpack_from("<II", entries, at + 116)
        if entries[at + 66] == 5:
            root = begin
        elif name in _NAMES and found is None:
            found = begin, size
    if found is None or root is None:
        raise ValueError("no workbook in the compound file")
    begin, size = found
    if size >= cutoff:
        return _chain(content, begin, table, sector, 512)[:size]
    minis = _chain(content, root, table, sector, 512)
    mini_table = _integers(_chain(content, small_table, table, sector, 512))
    return _chain(minis, begin, mini_table, small, 0)[:size]


def _table(content: bytes, sector: int) -> tuple[int, ...]:
    places = list(struct.unpack_from("<109I", content, 76))
    extra, seen = struct.unpack_from("<I", content, 68)[0], set[int]()
    while extra < 0xFFFFFFFA and extra not in seen:
        seen.add(extra)
        more = struct.unpack_from(f"<{sector // 4}I", content, 512 + extra * sector)
        places.extend(more[:-1])
        extra = more[-1]
    blocks = (
        content[512 + place * sector : 512 + (place + 1) * sector] for place in places if place < _END - 3
    )
    return _integers(b"".join(blocks))


def _integers(block: bytes) -> tuple[int, ...]:
    return struct.unpack_from(f"<{len(block) // 4}I", block)


def _chain(content: bytes, begin: int, table: tuple[int, ...], sector: int, header: int) -> bytes:
    parts, at, seen = [], begin, 0
    while at < _END - 3:
        parts.append(content[header + at * sector : header + (at + 1) * sector])
        at, seen = table[at], seen + 1
        if seen > len(table):
            raise ValueError("a chain of sectors that has no end")
    return b"".join(parts)
