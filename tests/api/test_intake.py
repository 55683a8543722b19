"""A file of people over HTTP: kept, staged, its headings told, checked, previewed, applied; the same again changes nothing."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from models.household import HardshipCategory, HardshipPeriod, Household
from models.identity import Handover
from models.intake import ImportLine, ImportPart
from models.record import AuditEvent
from models.report import SpellReport
from models.worker import Sex, Worker

from .conftest import Visitor
from .filing import HEADINGS, Intake, away, number, workbook


@pytest.fixture
def intake(west: TestClient, work: Callable[[], int]) -> Intake:
    return Intake(west, work)


@pytest.fixture
def session(session_as: Callable[[str], Session]) -> Session:
    return session_as("zhenba")


def test_a_file_goes_all_the_way(intake: Intake, session: Session) -> None:
    rows = [
        away(1),
        away(2, 户编号="H1", 与户主关系="配偶"),
        away(3, 监测对象类别="边缘易致贫户", 户类型="一般农户", 风险是否已消除="否"),
    ]
    found = intake.checked(workbook(rows))
    assert (found["state"]["code"], found["kind"]["code"]) == ("ready", "away"), found
    assert found["counts"] == {"lines": 3, "new": 3}
    assert session.exec(select(Worker.id).where(Worker.national_number == "P1")).first() is None
    done = intake.applied(workbook(rows))
    assert done["id"] == found["id"]
    people = session.exec(select(Worker).where(col(Worker.national_number).in_(["P1", "P2", "P3"]))).all()
    assert {person.name for person in people} == {"测试001", "测试002", "测试003"}
    assert {person.birth_date for person in people} == {date(1985, 3, 15)}
    assert all(person.sex is Sex.FEMALE and person.is_demo for person in people)
    homes = session.exec(select(Household).where(col(Household.number).in_(["H1", "H3"]))).all()
    assert len(homes) == 2
    by_number = {home.number: home for home in homes}
    assert [person.household_id for person in people if person.national_number == "P2"] == [
        by_number["H1"].id
    ]
    periods = session.exec(
        select(HardshipPeriod).where(HardshipPeriod.household_id == by_number["H3"].id)
    ).all()
    assert [(each.category, each.risk_cleared_on) for each in periods] == [(HardshipCategory.MARGINAL, None)]
    ids = [person.identity for person in people]
    assert len(session.exec(select(SpellReport).where(col(SpellReport.worker_id).in_(ids))).all()) == 3
    events = session.exec(
        select(AuditEvent).where(col(AuditEvent.worker_id).in_(ids), AuditEvent.noun == "worker")
    ).all()
    assert {(each.import_id, each.import_line) for each in events} == {
        (done["id"], line) for line in (1, 2, 3)
    }
    lines = intake.lines(done["id"])
    assert {line["worker_id"] for line in lines} == set(ids)
    assert session.exec(select(ImportPart).where(ImportPart.import_id == done["id"])).first() is None
    assert (
        session.exec(
            select(ImportLine).where(
                ImportLine.import_id == done["id"], col(ImportLine.sealed_cells).is_not(None)
            )
        ).first()
        is None
    )


def test_the_same_file_again_changes_nothing(intake: Intake) -> None:
    content = workbook([away(1)])
    done = intake.applied(content)
    again = intake.send(content)
    assert (again["id"], again["repeated"]) == (done["id"], True)
    assert intake.client.post(f"/v1/imports/{done['id']}/apply").status_code == 202
    assert intake.work() == 0
    assert intake.read(done["id"])["version"] == done["version"]


def test_what_is_in_the_ledger_is_the_same_and_what_differs_is_shown(
    intake: Intake, session: Session
) -> None:
    intake.applied(workbook([away(1), away(2), away(3)]))
    rows = [away(1), away(2, 文化程度="高中", 联系电话=""), away(3, 务工月收入="5200"), away(4)]
    found = intake.checked(workbook(rows), as_of="2021-09-19")
    lines = intake.lines(found["id"])
    assert [line["status"]["code"] for line in lines] == ["same", "same", "same", "new"], (
        "an older file changes nothing"
    )
    intake.client.delete(f"/v1/imports/{found['id']}")
    found = intake.applied(workbook([*rows, away(5)]))
    lines = intake.lines(found["id"])
    assert [line["status"]["code"] for line in lines] == ["same", "changed", "changed", "new", "new"]
    assert [(each["field"], each["before"], each["after"]) for each in lines[1]["changes"]] == [
        ("education", "初中", "高中")
    ]
    assert [(each["field"], each["after"]) for each in lines[2]["changes"]] == [("income", "5200")]
    second = session.exec(select(Worker).where(Worker.national_number == "P2")).one()
    assert second.education is not None and second.education.label == "高中"
    assert second.phone_sealed is not None, "a blank erases nothing"
    assert lines[1]["worker_id"] == second.id
    reports = session.exec(
        select(SpellReport)
        .join(Worker, col(Worker.id) == SpellReport.worker_id)
        .where(Worker.national_number == "P3")
    ).all()
    assert [each.superseded_at is None for each in sorted(reports, key=lambda each: each.identity)] == [
        False,
        True,
    ]


def test_two_rows_of_one_person_are_two_stretches_of_work(intake: Intake, session: Session) -> None:
    rows = [away(1, 开始时间="2020年01月", 结束时间="2020年12月"), away(1)]
    intake.applied(workbook(rows))
    person = session.exec(select(Worker).where(Worker.national_number == "P1")).one()
    assert len(session.exec(select(SpellReport).where(SpellReport.worker_id == person.id)).all()) == 2


def test_a_bad_number_is_refused_and_becomes_a_person_when_mended(intake: Intake, session: Session) -> None:
    wrong = number(7)[:17] + ("1" if number(7)[17] != "1" else "2")
    done = intake.applied(workbook([away(1), away(7, 证件号码=wrong), away(8, 证件号码=990100198001010015)]))
    assert done["counts"] == {"lines": 3, "new": 1, "rejected": 2}
    second, third = intake.lines(done["id"], status="rejected")
    assert "校验位" in second["reason"] and second["open"]
    assert second["complaints"][0]["refused"] is True
    assert second["id_number"] == wrong[:6] + "*" * 12
    assert "数值格式" in third["reason"]
    patch = f"/v1/imports/{done['id']}/lines/2"
    still = intake.client.patch(patch, json={"cells": {"id_number": wrong}})
    assert still.json()["status"]["code"] == "rejected"
    mended = intake.client.patch(patch, json={"cells": {"id_number": number(7).lower()}})
    assert mended.status_code == 200, mended.text
    assert mended.json()["status"]["code"] == "new" and mended.json()["worker_id"]
    person = session.exec(select(Worker).where(Worker.national_number == "P7")).one()
    assert person.id == mended.json()["worker_id"]
    assert intake.client.patch(patch, json={"cells": {"id_number": number(7)}}).status_code == 409
    assert intake.client.post(f"/v1/imports/{done['id']}/lines/3/skip").json()["status"]["code"] == "skipped"
    assert intake.read(done["id"])["counts"] == {"lines": 3, "new": 2, "skipped": 1}


def test_unknown_headings_are_asked_for_and_remembered(intake: Intake) -> None:
    headings = (*HEADINGS[:-1], "怎么外出的", "村里备注甲")
    row = away(1) | {"怎么外出的": "长期务工", "村里备注甲": "x"}
    found = intake.checked(workbook([row], headings))
    assert found["state"]["code"] == "mapping"
    asking = [each["heading"] for each in found["sheets"][0]["headings"] if not each["known"]]
    assert asking == ["怎么外出的", "村里备注甲"]
    path = f"/v1/imports/{found['id']}/mapping"
    body = {"fields": {"怎么外出的": "form", "村里备注甲": None}}
    assert intake.client.put(path, json=body).status_code == 428
    version = {"If-Match": f'"{found["version"]}"'}
    assert (
        intake.client.put(path, json={"fields": {"怎么外出的": "nonsense"}}, headers=version).status_code
        == 422
    )
    answer = intake.client.put(path, json=body, headers=version)
    assert answer.status_code == 202, answer.text
    intake.work()
    assert intake.read(found["id"])["state"]["code"] == "ready"
    again = intake.checked(workbook([row, away(2)], headings))
    assert again["state"]["code"] == "ready", "what was told once is not asked again"


def test_a_file_given_up_leaves_nothing(intake: Intake, session: Session) -> None:
    found = intake.checked(workbook([away(1), away(2, 证件号码="12345")]))
    gone = intake.client.delete(f"/v1/imports/{found['id']}")
    assert gone.json()["state"]["code"] == "cancelled"
    assert session.exec(select(ImportPart).where(ImportPart.import_id == found["id"])).first() is None
    lines = session.exec(select(ImportLine).where(ImportLine.import_id == found["id"])).all()
    assert [(line.sealed_cells, line.sealed_judgement) for line in lines] == [(None, None)] * 2
    assert intake.client.post(f"/v1/imports/{found['id']}/apply").status_code == 409
    again = intake.checked(workbook([away(1)]))
    assert again["id"] != found["id"] and again["state"]["code"] == "ready"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("坏.xlsx", b"PK\x03\x04" + bytes(500), "不完整"),
        ("坏.doc", b"%PDF-1.7 nothing", "不是能识别的表格"),
        ("无表头.csv", "甲\n1\n".encode(), "表头"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(intake: Intake, name: str, content: bytes, words: str) -> None:
    found = intake.checked(content, name)
    assert found["state"]["code"] == "failed"
    assert words in found["message"]
    assert found["job"]["state"]["code"] == "failed"


def test_an_applied_file_is_taken_back_as_long_as_nothing_leans_on_it(
    intake: Intake, session: Session
) -> None:
    first = intake.applied(workbook([away(1), away(2)]))
    second = intake.applied(
        workbook([away(1, 文化程度="高中", 务工月收入="5000"), away(3)]), as_of="2021-09-20", name="2.xlsx"
    )
    refused = intake.client.post(f"/v1/imports/{first['id']}/revert")
    assert refused.status_code == 409 and "先撤销“2.xlsx”" in refused.json()["detail"]
    back = intake.client.post(f"/v1/imports/{second['id']}/revert")
    assert back.status_code == 200, back.text
    people = intake.client.get("/v1/workers").json()["items"]
    names = {each["name"]: each for each in people if not each["restricted"]}
    assert set(names) == {"测试001", "测试002"}
    assert names["测试001"]["education"]["code"] == "junior_high"
    session.expire_all()
    reports = session.exec(select(SpellReport).where(SpellReport.worker_id == names["测试001"]["id"])).all()
    assert {each.import_id for each in reports if each.superseded_at is None} == {first["id"]}
    again = intake.applied(workbook([away(3)]), name="3.xlsx")
    assert again["counts"] == {"lines": 1, "new": 1}, "who was put away may come in again"


def test_an_employers_list_of_posts_becomes_posts(intake: Intake) -> None:
    rows = [
        "单位名称,岗位名称,招聘人数,工资,工作地点,有效期,岗位职责",
        "南通测试纺织有限公司,缝纫工,20,4500-6000元/月,江苏省南通市通州区,2021-12-31,操作平缝机缝制衬衫",
        "南通测试纺织有限公司,质检员,若干,面议,江苏省南通市通州区,2021-12-31,检验成品，限女性",
        ",,,,,,",
    ]
    content = "\n".join(rows).encode()
    found = intake.checked(content, "岗位表.csv")
    assert (found["state"]["code"], found["kind"]["code"]) == ("ready", "posts"), found
    lines = intake.lines(found["id"])
    assert [line["status"]["code"] for line in lines] == ["whole", "held"]
    assert intake.client.get("/v1/vacancies").json()["total"] == 0
    done = intake.applied(content, "岗位表.csv")
    assert done["counts"]["whole"] == 1 and done["counts"]["held"] == 1
    posts = intake.client.get("/v1/vacancies").json()["items"]
    assert {post["title"]: post["state"]["code"] for post in posts} == {
        "缝纫工": "published",
        "质检员": "held",
    }


def test_the_error_workbook_comes_back_mended(intake: Intake) -> None:
    wrong = number(7)[:17] + ("1" if number(7)[17] != "1" else "2")
    done = intake.applied(workbook([away(1), away(7, 证件号码=wrong)]))
    answer = intake.client.get(f"/v1/imports/{done['id']}/errors.xlsx")
    assert answer.status_code == 200, answer.text
    found = intake.checked(answer.content, "需更正.xlsx")
    assert found["state"]["code"] == "ready", found
    assert [line["status"]["code"] for line in intake.lines(found["id"]) if line["name"]] == ["rejected"]
    assert intake.client.get("/v1/imports/templates/roster.xlsx").content.startswith(b"PK")


def test_somebody_of_another_county_is_asked_for(
    intake: Intake, clerk: Callable[[str], TestClient], session_as: Callable[[str], Session]
) -> None:
    other = clerk("yangxian").post(
        "/v1/workers", json={"name": "测试009", "region": "610723", "id_number": number(9)}
    )
    assert other.status_code == 201, other.text
    done = intake.applied(workbook([away(9)]))
    assert done["counts"] == {"lines": 1, "elsewhere": 1}
    assert intake.client.get("/v1/workers").json()["total"] == 0
    asked = session_as("yangxian").exec(select(Handover)).one()
    assert (asked.worker_id, asked.to_region) == (other.json()["id"], "610728")


def test_a_failure_in_the_middle_of_applying_leaves_nothing_and_may_be_tried_again(
    intake: Intake, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = intake.checked(workbook([away(1)]))
    with monkeypatch.context() as broken:
        broken.setattr("api.intake.applying.follow", lambda *_, **__: 1 / 0)
        intake.client.post(f"/v1/imports/{found['id']}/apply")
        intake.work()
    back = intake.read(found["id"])
    assert (back["state"]["code"], back["job"]["state"]["code"]) == ("ready", "failed")
    assert "再按一次" in back["message"]
    assert session.exec(select(Worker.id).where(Worker.national_number == "P1")).first() is None
    assert intake.client.post(f"/v1/imports/{found['id']}/apply").status_code == 202
    intake.work()
    done = intake.read(found["id"])
    assert (done["state"]["code"], done["message"]) == ("applied", "")


def test_who_takes_the_error_workbook_out_is_recorded(
    intake: Intake, visitor: Callable[[str], Visitor], session: Session
) -> None:
    wrong = number(7)[:17] + ("1" if number(7)[17] != "1" else "2")
    done = intake.applied(workbook([away(1), away(7, 证件号码=wrong), away(8, 姓名="")]))
    path = f"imports/{done['id']}/errors.xlsx"
    assert intake.client.get(f"/v1/{path}").status_code == 200
    assert visitor("zhenba").client.get(f"/{path}").status_code == 200
    events = session.exec(
        select(AuditEvent).where(AuditEvent.action == "download", AuditEvent.noun == "import")
    ).all()
    assert [(event.row_id, event.region, event.change) for event in events] == [
        (done["id"], "610728", {"file": "errors", "rows": 2})
    ] * 2
    assert len({event.account_id for event in events}) == 1 and events[0].account_id is not None
    assert all(event.sealed_change is None for event in events)
    # Nothing was handed out, nothing is recorded.
    in_order = intake.applied(workbook([away(21)]))
    assert intake.client.get(f"/v1/imports/{in_order['id']}/errors.xlsx").status_code == 404
    assert len(session.exec(select(AuditEvent).where(AuditEvent.action == "download")).all()) == 2
