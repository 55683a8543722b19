"""How an import is spoken of: where it stands, what it would do, what it did."""

from api.schemas.intake import ImportPublic, SheetPublic
from ledger.forms import TO_MEND
from models.intake import ImportKind, ImportPurpose, ImportState, LineStatus

GOING_ON = frozenset({ImportState.STAGING, ImportState.CHECKING, ImportState.APPLYING})
"""States in which a job is at work."""

_ORDER = (
    LineStatus.REJECTED,
    LineStatus.POSSIBLE,
    LineStatus.ELSEWHERE,
    LineStatus.CHANGED,
    LineStatus.NEW,
    LineStatus.WHOLE,
    LineStatus.UNKNOWNS,
    LineStatus.HELD,
    LineStatus.SAME,
    LineStatus.SKIPPED,
)
"""What needs a human first."""


def standing(row: ImportPublic) -> str:
    """Where it stands, in a few words for a list."""
    if row.state is ImportState.MAPPING:
        return "有表头认不出，等您对应"
    if row.state is ImportState.READY:
        return "已核对，等您开始对账" if row.purpose is ImportPurpose.COMPARE else "已核对，等您确认入库"
    return row.state.label


def tabs(row: ImportPublic) -> list[tuple[LineStatus, str, int]]:
    """The kinds of lines there are, their words and number, what needs a human first."""
    return [
        (status, "有错待改" if status is LineStatus.REJECTED else status.label, row.counts[status.value])
        for status in _ORDER
        if row.counts.get(status.value)
    ]


_WOULD = {
    LineStatus.NEW: "{}行新增",
    LineStatus.CHANGED: "{}行有变化",
    LineStatus.SAME: "{}行与台账一致",
    LineStatus.POSSIBLE: "{}行疑似已在台账、要您判断",
    LineStatus.ELSEWHERE: "{}行的人已在其他县登记，入库时发起移交",
    LineStatus.REJECTED: "{}行有错、要改好才能入库",
    LineStatus.SKIPPED: "{}行不入库",
}
_POSTS = {
    LineStatus.NEW: "新增{}个岗位",
    LineStatus.WHOLE: "{}行完整",
    LineStatus.UNKNOWNS: "{}行缺项待补",
    LineStatus.HELD: "{}行违规扣下",
    LineStatus.REJECTED: "{}行未能读取",
    LineStatus.SAME: "{}行与已有岗位一致",
    LineStatus.CHANGED: "{}个岗位有变化",
    LineStatus.SKIPPED: "{}行不入库",
}


_OF_A_FILE = {
    LineStatus.NEW: "{}行新增",
    LineStatus.CHANGED: "{}行有变化",
    LineStatus.SAME: "{}行与台账一致",
    LineStatus.WHOLE: "{}个岗位新增",
    LineStatus.UNKNOWNS: "{}个岗位新增、缺项待补",
    LineStatus.HELD: "{}个岗位违规扣下、不发布",
    LineStatus.POSSIBLE: "{}行疑似已在台账、要您判断",
    LineStatus.ELSEWHERE: "{}行的人在其他县登记",
    LineStatus.REJECTED: "{}行有错、没有入库",
    LineStatus.SKIPPED: "{}行不入库",
}


def files(row: ImportPublic) -> list[tuple[SheetPublic, str, list[str]]]:
    """The files of a folder: what comes, or came, in of each, and the headings that mean nothing."""
    if row.kind is not ImportKind.EXCHANGE:
        return []
    found = []
    for sheet in row.sheets:
        parts = [
            words.format(sheet.counts[status.value])
            for status, words in _OF_A_FILE.items()
            if sheet.counts.get(status.value)
        ]
        unknown = [each.heading for each in sheet.headings if not each.field and each.heading != TO_MEND]
        found.append((sheet, "，".join(parts) or "没有数据行", unknown))
    return found


def outcome(row: ImportPublic) -> str:
    """What the file would do, or did, in one sentence; empty while nobody knows."""
    words = _POSTS if row.kind in (ImportKind.POSTS, ImportKind.POSTINGS) else _WOULD
    if row.kind is ImportKind.EXCHANGE:
        words = _OF_A_FILE
    parts = [
        words.get(status, f"{status.label}{{}}行").format(count)
        for status in (LineStatus.NEW, LineStatus.CHANGED, LineStatus.SAME, *_ORDER)
        if (count := row.counts.get(status.value))
    ]
    return "，".join(dict.fromkeys(parts)) + "。" if parts else ""
