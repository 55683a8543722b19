"""What is wrong in a cell is named as the file names it, and a cell that was not taken can still be mended."""

import re
from collections.abc import Callable, Sequence
from io import BytesIO
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from models.intake import ImportLine
from models.worker import Worker

from .conftest import Visitor
from .filing import HEADINGS, Intake, away, workbook

_ROSTER = ("姓名", "身份证号", "电话", "村组")


@pytest.fixture
def intake(west: TestClient, work: Callable[[], int]) -> Intake:
    return Intake(west, work)


@pytest.fixture
def session(session_as: Callable[[str], Session]) -> Session:
    return session_as("zhenba")


def marked(intake: Intake, import_id: int) -> dict[str, list[str]]:
    """The headings of the cells with a note in the error workbook, under "" the words of its first column."""
    answer = intake.client.get(f"/v1/imports/{import_id}/errors.xlsx")
    assert answer.status_code == 200, answer.text
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    top = next(at for at, row in enumerate(rows) if row[0] == "需要改的地方")
    with ZipFile(BytesIO(answer.content)) as archive:
        notes = [archive.read(name).decode() for name in archive.namelist() if "xl/comments" in name]
    found: dict[str, list[str]] = {"": [str(row[0]) for row in rows[top + 1 :]]}
    for letters, row in re.findall(r'<comment ref="([A-Z])([0-9]+)"', "".join(notes)):
        found.setdefault(str(rows[top][ord(letters) - ord("A")]), []).append(row)
    return found


def listed(kind: str, wrong: str) -> tuple[bytes, str, str]:
    """A list of one kind whose only row has a bad number, its own heading of the number, and the sheet's name."""
    row = away(7, 证件号码=wrong)
    if kind == "已外出":
        return workbook([row]), "证件号码", kind
    if kind == "监测对象":
        headings = (
            "户编号",
            "人编号",
            "姓名",
            "证件号码",
            "监测对象类别",
            "识别时间",
            "风险是否已消除",
            "村",
        )
        told = row | {"监测对象类别": "突发严重困难户", "识别时间": "2021年03月", "风险是否已消除": "否"}
        return workbook([told], headings, "监测对象信息"), "证件号码", kind
    if kind == "户信息":
        return workbook([row], ("户编号", "户类型", "姓名", "证件号码", "村"), "户信息"), "证件号码", kind
    headings: Sequence[str] = _ROSTER if kind == "花名册" else ("名字", "身份证", "手机号", "村")
    values = ("测试007", wrong, "10000000007", "测试村")
    return workbook([dict(zip(headings, values, strict=True))], headings, "花名册"), headings[1], "花名册"


@pytest.mark.parametrize("kind", ["已外出", "监测对象", "户信息", "花名册", "改了表头的花名册"])
@pytest.mark.parametrize("wrong", ["123"])
def test_a_bad_number_is_marked_in_the_files_own_column(
    intake: Intake, visitor: Callable[[str], Visitor], kind: str, wrong: str
) -> None:
    content, heading, _ = listed(kind, wrong)
    form = {"kind": "household"} if kind == "户信息" else {}
    found = intake.checked(content, "表.xlsx", **form)
    if found["state"]["code"] == "mapping":
        told = {"名字": "name", "身份证": "id_number", "手机号": "phone"}
        version = {"If-Match": f'"{found["version"]}"'}
        path = f"/v1/imports/{found['id']}/mapping"
        answer = intake.client.put(path, json={"fields": told}, headers=version)
        assert answer.status_code == 202, answer.text
        intake.work()
        found = intake.read(found["id"])
    assert found["state"]["code"] == "ready", found
    [line] = intake.lines(found["id"], status="rejected")
    assert [(each["column"], each["field"]) for each in line["complaints"]] == [(heading, "id_number")]
    assert line["reason"].startswith(f"{heading}：")
    assert list(marked(intake, found["id"])) == ["", heading]
    page = visitor("zhenba").get(f"/imports/{found['id']}")
    assert f"<b>{heading}</b>" in page and 'name="cell-id_number"' in page


@pytest.mark.parametrize(
    ("heading", "field", "wrong", "right"),
    [
        ("开始时间", "started", "2021年13月", "2021年04月"),
        ("联系电话", "phone", "123", "10000000099"),
        ("务工月收入", "income", "很多", "5000"),
        ("村", "village", "村" * 61, "测试村"),
    ],
)
def test_a_cell_that_was_not_taken_is_mended_after_the_file_is_in(
    intake: Intake,
    session: Session,
    visitor: Callable[[str], Visitor],
    heading: str,
    field: str,
    wrong: str,
    right: str,
) -> None:
    found = intake.checked(workbook([away(1, **{heading: wrong}), away(2)]))
    assert found["counts"] == {"lines": 2, "new": 2, "partial": 1}
    told = marked(intake, found["id"])
    assert set(told) == {"", heading} and "将入库，这一格没有采用" in told[""][0]
    done = intake.applied(workbook([away(1, **{heading: wrong}), away(2)]))
    assert done["counts"] == {"lines": 2, "new": 2, "partial": 1}
    told = marked(intake, done["id"])
    assert set(told) == {"", heading} and "已入库，这一格没有采用" in told[""][0]
    page = visitor("zhenba").get(f"/imports/{done['id']}?partial=true")
    assert f'name="cell-{field}"' in page and "不用改了" in page and "1行要补正" in page
    [line] = intake.lines(done["id"], partial="true")
    assert line["open"] and line["partial"]
    path = f"/v1/imports/{done['id']}/lines/{line['line']}"
    other = intake.client.patch(path, json={"cells": {"name": "测试别人"}})
    assert other.status_code == 422 and "已入库" in other.text
    mended = intake.client.patch(path, json={"cells": {field: right}})
    assert mended.status_code == 200, mended.text
    assert mended.json()["worker_id"] == line["worker_id"] and not mended.json()["open"]
    assert intake.read(done["id"])["counts"].get("partial") is None
    kept = session.exec(
        select(ImportLine).where(
            ImportLine.import_id == done["id"], col(ImportLine.sealed_cells).is_not(None)
        )
    ).all()
    assert kept == []
    again = intake.checked(workbook([away(1, **{heading: right})]), "再.xlsx")
    assert again["counts"] == {"lines": 1, "same": 1}, intake.lines(again["id"])


def test_what_needs_no_mending_is_let_go(intake: Intake, session: Session) -> None:
    done = intake.applied(workbook([away(1, 联系电话="123")]))
    skipped = intake.client.post(f"/v1/imports/{done['id']}/lines/1/skip")
    assert (skipped.status_code, skipped.json()["status"]["code"]) == (200, "new")
    assert not skipped.json()["open"]
    assert intake.read(done["id"])["counts"] == {"lines": 1, "new": 1}
    assert session.exec(select(ImportLine.sealed_cells).where(ImportLine.import_id == done["id"])).all() == [
        None
    ]
    assert session.exec(select(Worker).where(Worker.name == "测试001")).one()
    assert intake.client.get(f"/v1/imports/{done['id']}/errors.xlsx").status_code == 404


def test_a_partial_line_of_a_file_given_up_is_forgotten(intake: Intake, session: Session) -> None:
    found = intake.checked(workbook([away(1, 联系电话="123")], HEADINGS))
    assert intake.client.delete(f"/v1/imports/{found['id']}").status_code == 200
    lines = session.exec(select(ImportLine).where(ImportLine.import_id == found["id"])).all()
    assert [(each.sealed_cells, each.sealed_judgement) for each in lines] == [(None, None)]
