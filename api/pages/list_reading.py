"""The rows of a list out of its own page: what stands there is what the list shows, so nothing has to be told twice.

The list is the element that carries `data-list`: a table, or any element that names its columns in `data-columns`, with
rows marked `data-row` and what goes into a column marked `data-cell`. What is to be pressed (forms, buttons, what is marked
`data-pressed`) is no part of a row.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from api.workbooks.book import Value

_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_PRESSED = frozenset({"form", "button", "select", "textarea", "script", "style", "summary", "progress"})
_APART = frozenset({"br", "li", "p", "div", "small", "ul", "tr"})
_NO_COLUMN = frozenset({"", "选", "选择", "办理", "调整", "重发"})
_NUMBER = re.compile(r"-?[0-9]{1,3}(?:,?[0-9]{3})*")
_WORKER = re.compile(r"/workers/([0-9]+)(?:[/#?]|$)")
_CURSOR = re.compile(r"[?&]cursor=([^&]+)")
_COUNTED = re.compile(r"共([0-9]+)")
MARK = "测试数据"
_OVER = -1
"""Where the list was: a page has one."""


@dataclass(slots=True)
class Part:
    """What one page of a list has.

    Attributes
    ----------
    headings : of the columns that say something.
    rows : each as long as the headings.
    people : of each row, the numbers of the persons to whose pages it leads.
    marked : of each row, whether it is of generated data.
    following : the cursor of the next page.
    total : how many rows the list has, where the page says so.
    """

    headings: list[str] = field(default_factory=list)
    rows: list[list[Value]] = field(default_factory=list)
    people: list[set[int]] = field(default_factory=list)
    marked: list[bool] = field(default_factory=list)
    following: str | None = None
    total: int = 0


def read_page(page: str) -> Part:
    """The list of a page; one without rows has none marked."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.part()


class _Reader(HTMLParser):
    """Goes through a page once, from its beginning to its end."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[tuple[str, dict[str, str]]] = []
        self._list_at: int | None = None
        self._table = False
        self._headings: list[str] = []
        self._row: dict[int, list[str]] | None = None
        self._row_at = 0
        self._cell: int | None = None
        self._cell_at = 0
        self._numbers: set[int] = set()
        self._heading: list[str] | None = None
        self._skipped_at: int | None = None
        self._marked = False
        self._people: set[int] = set()
        self._pager: list[str] | None = None
        self._found = Part()

    def part(self) -> Part:
        """What was found, without columns that are there to be pressed."""
        kept = [at for at, heading in enumerate(self._headings) if heading not in _NO_COLUMN]
        self._found.headings = [self._headings[at] for at in kept]
        self._found.rows = [[row[at] if at < len(row) else None for at in kept] for row in self._found.rows]
        if (counted := _COUNTED.search("".join(self._pager or []))) is not None:
            self._found.total = int(counted[1])
        return self._found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        depth = len(self._open)
        if tag not in _VOID:
            self._open.append((tag, told))
        if "pager" in told.get("class", "").split():
            self._pager = self._pager or []
        if "data-next" in told and (cursor := _CURSOR.search(told.get("href", ""))) is not None:
            self._found.following = cursor[1]
        if self._list_at is None:
            if "data-list" in told:
                self._list_at, self._table = depth, tag == "table"
                self._headings = [each for each in told.get("data-columns", "").split(",") if each]
            return
        if self._list_at == _OVER:
            return
        if self._row is not None and (person := _WORKER.match(told.get("href", ""))) is not None:
            self._people.add(int(person[1]))
        if self._skipped_at is not None:
            return
        if self._row is not None and self._is_pressed(tag, told):
            self._skipped_at = depth if tag not in _VOID else None
            if "mark" in told.get("class", "").split():
                self._marked = True
            return
        self._begin(tag, told, depth)

    def _begin(self, tag: str, told: dict[str, str], depth: int) -> None:
        if self._table:
            if tag == "th" and any(name == "thead" for name, _ in self._open):
                self._heading = []
            elif tag == "tr" and any(name == "tbody" for name, _ in self._open) and self._row is None:
                self._row, self._row_at = {}, depth
            elif tag in ("th", "td") and self._row is not None and depth == self._row_at + 1:
                self._into(len(self._row), depth, "n" in told.get("class", "").split())
        elif "data-row" in told and self._row is None:
            self._row, self._row_at = {}, depth
        elif "data-cell" in told and self._row is not None and told["data-cell"] in self._headings:
            self._into(self._headings.index(told["data-cell"]), depth, "n" in told.get("class", "").split())
        if self._cell is not None and self._row is not None and tag in _APART and self._row[self._cell]:
            self._row[self._cell].append(" ")

    def _into(self, at: int, depth: int, number: bool) -> None:
        if self._row is None:
            return
        before = self._row.setdefault(at, [])
        if before:
            before.append("；")
        self._cell, self._cell_at = at, depth
        if number:
            self._numbers.add(at)

    def _is_pressed(self, tag: str, told: dict[str, str]) -> bool:
        classes = told.get("class", "").split()
        return (
            tag in _PRESSED
            or tag == "input"
            or "data-pressed" in told
            or bool({"out", "mark", "pick", "button"}.intersection(classes))
            or (tag == "details" and "act" in classes)
        )

    def handle_endtag(self, tag: str) -> None:
        if all(name != tag for name, _ in self._open):
            return
        while self._open:
            name, _ = self._open.pop()
            depth = len(self._open)
            self._closed(name, depth)
            if name == tag:
                return

    def _closed(self, tag: str, depth: int) -> None:
        if self._skipped_at == depth:
            self._skipped_at = None
        if self._heading is not None and tag == "th":
            self._headings.append(_plain(self._heading))
            self._heading = None
        if self._cell is not None and depth == self._cell_at:
            self._cell = None
        if self._row is not None and depth == self._row_at:
            width = max(len(self._headings), max(self._row, default=-1) + 1)
            self._found.rows.append([_value(self._row.get(at), at in self._numbers) for at in range(width)])
            self._found.marked.append(self._marked)
            self._found.people.append(self._people)
            self._row, self._cell, self._marked, self._people = None, None, False, set()
        if self._list_at == depth:
            self._list_at = _OVER

    def handle_data(self, data: str) -> None:
        if self._pager is not None:
            self._pager.append(data)
        if self._skipped_at is not None:
            return
        if self._heading is not None:
            if not any("out" in told.get("class", "").split() for _, told in self._open):
                self._heading.append(data)
        elif self._cell is not None and self._row is not None:
            self._row[self._cell].append(data)


def _plain(parts: list[str]) -> str:
    return re.sub(r"\s+", " ", "".join(parts)).strip()


def _value(parts: list[str] | None, number: bool) -> Value:
    text = _plain(parts or [])
    if text in ("", "—"):
        return None
    if number and _NUMBER.fullmatch(text):
        return int(text.replace(",", ""))
    return text.strip("；").strip()


def without(part: Part, people: set[int]) -> Part:
    """The part without the rows that lead to one of these people."""
    kept = [at for at, named in enumerate(part.people) if not named & people]
    return Part(
        part.headings,
        [part.rows[at] for at in kept],
        [part.people[at] for at in kept],
        [part.marked[at] for at in kept],
        part.following,
        part.total,
    )


def joined(parts: Iterator[Part], marked: bool) -> Iterator[list[Value]]:
    """The rows of all parts; where data may be generated each row says whether it is."""
    for part in parts:
        for row, is_marked in zip(part.rows, part.marked, strict=True):
            yield [*row, "是" if is_marked else None] if marked else row
