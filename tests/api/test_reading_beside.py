"""Lines read in a process of their own are the lines read here."""

from datetime import date

import pytest

from api.intake.reading import Chunk, reading
from ledger.intake.layouts import first_look
from ledger.intake.lines import Staged
from ledger.intake.reading import Terms
from ledger.intake.sealing import seal_cells
from models.id_number import demo_id_number
from models.intake import ImportKind, LineStatus
from models.sealing import Keyring, Unsealable
from models.worker import Sex

_KEY, _OTHER = b"k" * 32, b"o" * 32
_KEYRING = Keyring.of_secret(b"a secret of the tests, of no other use")
_TERMS = Terms(ImportKind.AWAY, date(2021, 9, 20), demonstration=True)
_TOP = [
    "户编号", "人编号", "姓名", "证件号码", "联系电话", "是否务工", "开始时间", "务工所在省", "务工所在市", "务工所在县", "务工月收入",
]  # fmt: skip
_ROWS = [
    ["H1", "P1", "测试甲", demo_id_number(date(1990, 1, 1), 100, Sex.FEMALE), "10000000001", "是", "2021年03月", "江苏省", "南通市", "通州区", "4500"],
    ["H1", "P2", "测试乙", "990000199001019999", "1000", "是", "2021年13月", "江苏省", "南通市", "通州区", "4500"],
    [None] * len(_TOP),
]  # fmt: skip


def _staged(key: bytes) -> list[Staged]:
    return [(line, 0, line + 3, seal_cells(key, cells)) for line, cells in enumerate(_ROWS, 1)]


def _sheets() -> list[dict[str, object]]:
    return [first_look("已外出务工信息", [(1, ["已外出务工信息"]), (2, []), (3, _TOP)], {}, ImportKind.AWAY)]


def test_the_same_lines_and_marks_come_back() -> None:
    here, beside, again, third = (chunk for total in (3, 1_000_000) for chunk in _read(total, _staged(_KEY)))
    assert here == beside == again == third
    lines, marks = beside
    assert [line.status for line in lines] == [LineStatus.NEW, LineStatus.REJECTED, LineStatus.SKIPPED]
    assert lines[0].told is not None and lines[0].told.name == "测试甲" and lines[0].number is not None
    assert any(complaint.lost for complaint in lines[1].complaints)
    assert marks[1].mark and marks[1].mark != marks[2].mark and marks[3].mark is None


def test_a_fault_there_is_raised_here_and_the_process_ends() -> None:
    with pytest.raises(Unsealable):
        _read(1_000_000, _staged(_OTHER))


def _read(total: int, staged: list[Staged]) -> list[Chunk]:
    with reading(_sheets(), _KEY, _TERMS, total=total, marked_by=_KEYRING) as reads:
        return [read(staged) for read in reads]
