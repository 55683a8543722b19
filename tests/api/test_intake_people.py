"""What a file of people leaves behind: since when a household is in hardship, whose name counts, what a reversal leaves."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import structlog
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from models.household import Begun, HardshipCategory, HardshipPeriod, Household
from models.record import AuditEvent
from models.worker import PersonKey, Worker

from .filing import HEADINGS, Intake, away, number, workbook

WATCHED = (*HEADINGS, "识别时间", "风险消除时间")


@pytest.fixture
def intake(west: TestClient, work: Callable[[], int]) -> Intake:
    return Intake(west, work)


@pytest.fixture
def session(session_as: Callable[[str], Session]) -> Session:
    return session_as("zhenba")


def periods(session: Session, household: str) -> list[tuple[Any, ...]]:
    session.expire_all()
    rows = session.exec(
        select(HardshipPeriod)
        .join(Household)
        .where(Household.number == household)
        .order_by(col(HardshipPeriod.from_on))
    )
    return [(each.category, each.from_on, each.to_on, each.risk_cleared_on, each.begun) for each in rows]


def test_a_relieved_household_was_relieved_before_the_list(intake: Intake, session: Session) -> None:
    intake.applied(workbook([away(1), away(2, 户类型="", 监测对象类别="脱贫不稳定户", 风险是否已消除="否")]))
    delisted, day = date(2020, 12, 31), date(2021, 9, 20)
    assert periods(session, "H1") == [(HardshipCategory.RELIEVED, delisted, None, None, Begun.DELISTED)]
    assert periods(session, "H2") == [
        (HardshipCategory.RELIEVED, delisted, date(2021, 9, 19), None, Begun.DELISTED),
        (HardshipCategory.UNSTABLE, day, None, None, Begun.LISTED),
    ]


def test_work_before_the_list_counts_for_the_target(intake: Intake) -> None:
    def counted() -> dict[int, int]:
        targets = intake.client.get("/v1/targets", params={"limit": 200}).json()["items"]
        return {
            each["id"]: intake.client.get(f"/v1/targets/{each['id']}/progress").json()["started"]
            for each in targets
            if each["region"]["code"] == "610728"
            and each["population"]["code"] == "poverty_relieved"
            and each["from_on"] <= "2021-03-01" <= each["to_on"]
        }

    before = counted()
    assert before, "there is a target of the relieved to be counted for"
    home = {"务工所在省": "陕西省", "务工所在市": "汉中市", "务工所在县": "镇巴县", "就业渠道": "帮扶车间"}
    intake.applied(workbook([away(1, **home), away(2, **home, 户类型="一般农户")]))
    after = counted()
    assert {key: after[key] - before[key] for key in after if after[key] != before[key]}
    assert all(after[key] - before[key] in (0, 1) for key in after), "who is not 脱贫户 does not count"


def test_who_is_monitored_has_been_so_since_the_list_says(intake: Intake, session: Session) -> None:
    watched = {"户类型": "一般农户", "监测对象类别": "边缘易致贫户"}
    rows = [
        away(1, **watched, 风险是否已消除="是", 识别时间="2021年02月10日", 风险消除时间="2021年06月30日"),
        away(2, **watched, 风险是否已消除="否"),
        away(3, **watched, 风险是否已消除="是", 识别时间="2021年06月10日", 风险消除时间="2021年02月01日"),
    ]
    done = intake.applied(workbook(rows, WATCHED))
    kind = HardshipCategory.MARGINAL
    assert periods(session, "H1") == [(kind, date(2021, 2, 10), None, date(2021, 6, 30), None)]
    assert periods(session, "H2") == [(kind, date(2021, 9, 20), None, None, Begun.LISTED)]
    assert periods(session, "H3") == [(kind, date(2021, 9, 20), None, date(2021, 9, 20), Begun.LISTED)]
    third = intake.lines(done["id"])[2]
    assert "早于识别时间" in str(third)
    shown = intake.client.get(f"/v1/households/{_home(session, 'H2')}").json()["hardship"]
    assert [(each["from_on"], each["begun"]["label"]) for each in shown] == [("2021-09-20", "最早见于名单")]
    rows[1] |= {"识别时间": "2021年03月"}
    again = intake.applied(workbook(rows, WATCHED), name="2.xlsx")
    assert [line["status"]["code"] for line in intake.lines(again["id"])] == ["same", "changed", "same"]
    assert periods(session, "H2") == [(kind, date(2021, 3, 1), None, None, None)]


def test_a_list_adds_no_day_twice_to_a_category(intake: Intake, session: Session) -> None:
    intake.applied(workbook([away(1, 户类型="一般农户")], WATCHED))
    path = f"/v1/households/{_home(session, 'H1')}"
    before = {"category": "marginal", "from_on": "2021-01-01", "to_on": "2021-05-31"}
    etag = {"If-Match": intake.client.get(path).headers["ETag"]}
    assert intake.client.patch(path, json={"hardship": [before]}, headers=etag).status_code == 200
    watched = {"户类型": "一般农户", "监测对象类别": "边缘易致贫户", "风险是否已消除": "否"}
    for name, since in (("2.xlsx", "2021年03月01日"), ("3.xlsx", "2021年04月01日")):
        told = workbook([away(1, **watched, 识别时间=since)], WATCHED)
        assert intake.applied(told, name=name)["counts"]["changed"] == 1
        assert [each[:3] for each in periods(session, "H1")] == [
            (HardshipCategory.MARGINAL, date(2021, 1, 1), date(2021, 5, 31)),
            (HardshipCategory.MARGINAL, date(2021, 6, 1), None),
        ]


def _home(session: Session, household: str) -> int:
    return session.exec(select(Household).where(Household.number == household)).one().identity


def test_two_lines_of_one_person_say_which_counts(intake: Intake, session: Session) -> None:
    rows = [
        away(1),
        away(
            1,
            姓名="测试乙",
            联系电话="10000009999",
            证件号码=number(1).replace("X", "x"),
            开始时间="2021年07月",
        ),
    ]
    found = intake.checked(workbook(rows))
    first, second = intake.lines(found["id"])
    assert not first["complaints"]
    told = {each["column"]: each["reason"] for each in second["complaints"]}
    assert "第4行" in told["姓名"] and "测试001" in told["姓名"]
    assert "第4行" in told["联系电话"] and "100****0001" in told["联系电话"]
    intake.client.post(f"/v1/imports/{found['id']}/apply")
    intake.work()
    assert session.exec(select(Worker).where(Worker.national_number == "P1")).one().name == "测试001"
    intake.applied(workbook([*rows, away(2)]), name="2.xlsx")
    session.expire_all()
    assert session.exec(select(Worker).where(Worker.national_number == "P1")).one().name == "测试001"


def test_a_reversal_leaves_no_name(intake: Intake, session: Session) -> None:
    done = intake.applied(workbook([away(1), away(2)]))
    ids = list(session.exec(select(Worker.id).where(col(Worker.national_number).in_(["P1", "P2"]))))
    assert len(ids) == 2
    back = intake.client.post(f"/v1/imports/{done['id']}/revert")
    assert back.status_code == 200, back.text
    session.expire_all()
    people = session.exec(select(Worker).where(col(Worker.id).in_(ids))).all()
    assert {each.name for each in people} == {"已撤销"}
    assert all(each.restricted and each.birth_date is None and not each.name_pinyin for each in people)
    assert not session.exec(select(PersonKey).where(col(PersonKey.worker_id).in_(ids))).all(), (
        "nothing can be read"
    )
    assert not session.exec(select(Household).where(col(Household.number).in_(["H1", "H2"]))).all()
    clear = session.exec(select(AuditEvent.change).where(col(AuditEvent.worker_id).in_(ids))).all()
    assert "测试00" not in str(clear)
    again = intake.applied(workbook([away(1), away(2)]), name="2.xlsx")
    assert again["counts"] == {"lines": 2, "new": 2}


def test_a_failing_job_logs_no_value(
    intake: Intake,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    marked = number(7)
    found = intake.checked(workbook([away(7)]))

    def fail(*_: Any, **__: Any) -> None:
        held = {"id_number": marked}
        raise ValueError(f"{held} is at hand")

    with monkeypatch.context() as broken, structlog.testing.capture_logs() as told:
        broken.setattr("api.intake.applying.follow", fail)
        intake.client.post(f"/v1/imports/{found['id']}/apply")
        intake.work()
    assert [each["event"] for each in told if each["log_level"] == "error"] == ["job_failed"]
    with monkeypatch.context() as broken:
        broken.setattr("api.intake.applying.follow", fail)
        intake.client.post(f"/v1/imports/{found['id']}/apply")
        intake.work()
    out = capfd.readouterr()
    everything = f"{told}{out.out}{out.err}{caplog.text}"
    assert "ValueError" in str(told) and "applying.py" in str(told)
    assert marked not in everything and marked[:17] not in everything and "is at hand" not in everything


def test_a_city_changes_nobody_of_another_county_by_a_list_of_this_one(
    clerk: Callable[[str], TestClient], work: Callable[[], int], session: Session
) -> None:
    Intake(clerk("yangxian"), work).applied(workbook([away(1)]))
    city = Intake(clerk("hanzhong"), work)
    found = city.checked(workbook([away(1, 文化程度="高中"), away(2)]), kept_by="610728")
    assert found["counts"]["rejected"] == 1 and found["counts"]["new"] == 1
    lines = city.client.get(f"/v1/imports/{found['id']}/lines").json()["items"]
    stopped = next(line for line in lines if line["status"]["code"] == "rejected")
    assert "另一个县" in stopped["reason"]
    assert stopped["worker_id"] is None and stopped["changes"] == []


def test_somebody_restricted_is_neither_shown_nor_rewritten(intake: Intake, session: Session) -> None:
    intake.applied(workbook([away(1)]))
    person = session.exec(select(Worker).where(Worker.name == "测试001")).one()
    person.restricted = True
    session.add(person)
    session.commit()
    again = intake.checked(workbook([away(1, 文化程度="高中")]))
    [line] = intake.client.get(f"/v1/imports/{again['id']}/lines").json()["items"]
    assert line["status"]["code"] == "skipped" and "限制使用" in line["reason"]
    assert line["changes"] == [] and line["worker_id"] is None
    intake.client.post(f"/v1/imports/{again['id']}/apply")
    intake.work()
    session.expire_all()
    assert session.get_one(Worker, person.identity).education == person.education
    assert session.get_one(Worker, person.identity).education.label == "初中"


def test_a_list_on_which_a_later_one_rests_is_not_taken_back(intake: Intake) -> None:
    first = intake.applied(workbook([away(1)]))
    second = intake.applied(workbook([away(1), away(2, 户编号="H1")]), name="2.xlsx")
    assert second["counts"]["same"] == 1, "the later list found the person as the first left them"
    refused = intake.client.post(f"/v1/imports/{first['id']}/revert")
    assert refused.status_code == 409 and "先撤销“2.xlsx”" in refused.json()["detail"]
    assert intake.client.post(f"/v1/imports/{second['id']}/revert").status_code == 200
    assert intake.client.post(f"/v1/imports/{first['id']}/revert").status_code == 200


def _taken_back(intake: Intake, found: dict[str, Any]) -> str:
    answer = intake.client.post(f"/v1/imports/{found['id']}/revert")
    return "" if answer.status_code == 200 else str(answer.json()["detail"])


def test_a_list_that_came_twice_is_taken_back(intake: Intake, session: Session) -> None:
    rows = [away(1), away(2)]
    first = intake.applied(workbook(rows), name="ra.xlsx")
    twice = intake.applied(workbook(rows, name="又一次"), name="rb.xlsx")
    assert twice["counts"] == {"lines": 2, "same": 2}
    assert "先撤销“rb.xlsx”" in _taken_back(intake, first), "the second list names the people"
    assert not _taken_back(intake, twice)
    session.expire_all()
    people = session.exec(select(Worker).where(col(Worker.national_number).in_(["P1", "P2"]))).all()
    assert [each.restricted for each in people] == [False, False], "who came with the first list stays"
    assert not _taken_back(intake, first)


def test_a_list_that_only_said_the_same_is_taken_back_whatever_came_between(intake: Intake) -> None:
    rows = [away(1), away(2)]
    first = intake.applied(workbook(rows), name="ra.xlsx")
    between = intake.applied(workbook([away(1, 文化程度="高中"), away(2)]), name="rm.xlsx")
    assert between["counts"]["changed"] == 1
    twice = intake.applied(workbook([away(1, 文化程度="高中"), away(2)], name="又一次"), name="rb.xlsx")
    assert twice["counts"]["same"] == 2
    assert "先撤销“rb.xlsx”、“rm.xlsx”，从最后入库的开始" in _taken_back(intake, first)
    assert "先撤销“rb.xlsx”" in _taken_back(intake, between)
    assert not _taken_back(intake, twice)
    assert not _taken_back(intake, between)
    assert not _taken_back(intake, first), "what was taken back itself does not stand in the way"


def test_what_a_list_asked_is_asked_no_more_when_it_is_taken_back(
    intake: Intake, clerk: Callable[[str], TestClient], work: Callable[[], int]
) -> None:
    Intake(clerk("yangxian"), work).applied(workbook([away(5)]))
    done = intake.applied(workbook([away(5), away(6)]))
    assert done["counts"]["elsewhere"] == 1
    handovers = intake.client.get("/v1/handovers").json()["items"]
    assert [each["state"]["code"] for each in handovers] == ["open"]
    assert intake.client.post(f"/v1/imports/{done['id']}/revert").status_code == 200
    handovers = intake.client.get("/v1/handovers").json()["items"]
    assert [each["state"]["code"] for each in handovers] == ["withdrawn"]


def test_the_history_names_the_row_of_the_sheet(
    intake: Intake, session: Session, visitor: Callable[[str], Any]
) -> None:
    intake.applied(workbook([away(1)], further={"第二张": [away(2), away(3)]}), name="两张.xlsx")
    person = session.exec(select(Worker).where(Worker.national_number == "P3")).one()
    path = f"/workers/{person.identity}"
    history = intake.client.get(f"/v1{path}/history").json()["items"]
    brought = [each for each in history if each["file_name"]]
    assert {each["noun"]["code"] for each in brought} >= {"worker", "spell_report", "employment_spell"}
    assert {(each["import_line"], each["sheet"], each["row"]) for each in brought} == {(3, "第二张", 5)}
    [report] = intake.client.get(f"/v1/reports?worker_id={person.identity}").json()["items"]
    assert (report["import_line"], report["sheet"], report["row"]) == (3, "第二张", 5)
    told = {
        (change["noun"]["code"], each["field"]["code"]): each["after"]
        for change in brought
        for each in change["fields"]
    }
    assert told["employment_spell", "industry"] == "制造业"
    assert told["employment_spell", "started_on"] == told["spell_report", "started"] == "2021-03"
    assert ("worker", "name_pinyin") not in told
    page = visitor("zhenba").get(f"{path}/history")
    assert "“第二张”第5行" in page and "行业：制造业" in page and "开始：2021年3月<" in page
    assert "第3行" not in page and "姓名拼音" not in page


def test_of_a_file_with_one_sheet_only_the_row_is_named(intake: Intake, session: Session) -> None:
    intake.applied(workbook([away(1)]))
    person = session.exec(select(Worker).where(Worker.national_number == "P1")).one()
    [report] = intake.client.get(f"/v1/reports?worker_id={person.identity}").json()["items"]
    assert (report["import_line"], report["sheet"], report["row"]) == (1, None, 4)


def test_hardship_of_nobody_knows_which_household_is_not_taken_and_that_is_told(
    intake: Intake, session: Session
) -> None:
    intake.applied(workbook([away(1, 户类型="一般农户")]))
    roster = ("姓名", "身份证号码", "村", "是否脱贫户", "联系电话")
    row = {"村": "测试村", "是否脱贫户": "脱贫户"}
    rows = [
        row | {"姓名": "测试001", "身份证号码": number(1), "联系电话": "10000000001"},
        row | {"姓名": "测试009", "身份证号码": number(9), "联系电话": "10000000009"},
    ]
    done = intake.applied(workbook(rows, roster, "务工花名册"), "花名册.xlsx", kind="roster")
    first, second = intake.lines(done["id"])
    # The home of the first is known: what the line says is said of that household.
    assert not [each for each in first["complaints"] if "户编号" in each["reason"]]
    assert [each[0] for each in periods(session, "H1")] == [HardshipCategory.RELIEVED]
    # Nobody knows the home of the second.
    (told,) = (each for each in second["complaints"] if each["column"] == "是否脱贫户")
    assert "没有户编号" in told["reason"]
    assert "household_kind" not in {each["field"] for each in second["changes"]}
    again = intake.checked(workbook([rows[1]], roster, "务工花名册"), "花名册二.xlsx", kind="roster")
    assert again["counts"] == {"same": 1, "lines": 1}
