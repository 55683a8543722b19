"""疑点 over the ledger: runs, what becomes of findings, what is answered."""

import csv
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Connection, event
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from api.worker.working import work_off
from ledger.doubts.every import EVERY_RULE
from ledger.doubts.thresholds import Thresholds
from ledger.intake.sealing import seal_cells
from models.doubt import Doubt, DoubtState
from models.household import Household
from models.intake import ImportLine, LineStatus
from models.report import SpellReport
from models.sealing import Keyring

from .doubtful import COUNTY, OTHER_TOWN, TODAY, TOWN, WORK, Ledger


@pytest.fixture
def ledger(world: Any, session_as: Callable[[str], Session], keyring: Keyring) -> Ledger:
    return Ledger(world, session_as("zhenba"), keyring)


# --- runs --------------------------------------------------------------------------------------------------------


def test_a_finding_opens_stands_is_mended_and_comes_back_as_another(ledger: Ledger) -> None:
    worker = ledger.person(replace(WORK, income=Decimal(45000)))
    run = ledger.check()
    assert run.counts["D17"] == 1 and run.people == 1
    [doubt] = ledger.of(worker, "D17")
    assert (doubt.state, doubt.found_on, doubt.seen_on) == (DoubtState.OPEN, TODAY, TODAY)
    assert (doubt.region, doubt.what) == (TOWN, "务工月收入45000元，高于30000元")

    ledger.check(day=TODAY + timedelta(1))
    [doubt] = ledger.of(worker, "D17")
    assert (doubt.found_on, doubt.seen_on) == (TODAY, TODAY + timedelta(1))

    before = ledger.session.exec(select(SpellReport).where(SpellReport.worker_id == worker)).one()
    before.superseded_at = before.created_at
    ledger.report(worker, WORK)
    run = ledger.check(day=TODAY + timedelta(2))
    [doubt] = ledger.of(worker, "D17")
    assert (doubt.state, doubt.mended_on) == (DoubtState.MENDED, TODAY + timedelta(2))
    assert run.statistics["mended"] == 1

    ledger.report(worker, replace(WORK, started=date(2021, 2, 1), income=Decimal(50)))
    ledger.check(day=TODAY + timedelta(3))
    assert [each.state for each in ledger.of(worker, "D17")] == [DoubtState.MENDED, DoubtState.OPEN]


def test_a_run_of_a_township_leaves_the_others(ledger: Ledger) -> None:
    here, there = ledger.person(WORK, phone=None), ledger.person(WORK, region=OTHER_TOWN)
    wrong = replace(WORK, started=date(2015, 1, 1), ended=date(2015, 3, 1), income=Decimal(9))
    reports = [ledger.report(worker, wrong) for worker in (here, there)]
    ledger.check()
    assert len(ledger.of(here, "D17")) == len(ledger.of(there, "D17")) == 1
    for report in reports:
        report.superseded_at = report.created_at
    ledger.session.flush()
    ledger.check(TOWN)
    assert ledger.of(here, "D17")[0].state is DoubtState.MENDED
    assert ledger.of(there, "D17")[0].state is DoubtState.OPEN


def test_an_explanation_holds_until_the_figures_are_others(ledger: Ledger, west: TestClient) -> None:
    worker = ledger.person(replace(WORK, income=Decimal(45000)))
    report = ledger.session.exec(select(SpellReport).where(SpellReport.worker_id == worker)).one()
    ledger.check()
    [doubt] = ledger.of(worker, "D17")
    explained = west.post(f"/v1/doubts/{doubt.id}/explain", json={"reason": "是厂里的技术总监，已核实"})
    assert explained.json()["state"]["code"] == "explained", explained.text
    ledger.session.expire_all()
    ledger.check(day=TODAY + timedelta(1))
    [doubt] = ledger.of(worker, "D17")
    assert (doubt.state, doubt.explanation) == (DoubtState.EXPLAINED, "是厂里的技术总监，已核实")
    assert doubt.explained_by is not None and doubt.explained_at is not None

    report.superseded_at = report.created_at
    ledger.report(worker, replace(WORK, income=Decimal(88000)))
    assert ledger.check(day=TODAY + timedelta(2)).statistics["reopened"] == 1
    [doubt] = ledger.of(worker, "D17")
    assert (doubt.state, doubt.explained_at) == (DoubtState.OPEN, None)
    assert doubt.explanation == "是厂里的技术总监，已核实", "its words stay to be read"


def test_time_that_goes_by_is_no_other_case(ledger: Ledger, west: TestClient) -> None:
    worker = ledger.person(replace(WORK, started=date(2018, 1, 1)))
    ledger.check()
    [doubt] = ledger.of(worker, "D05")
    assert west.post(f"/v1/doubts/{doubt.id}/explain", json={"reason": "一直在原厂"}).status_code == 200
    ledger.session.expire_all()
    ledger.check(day=date(2021, 12, 20))
    [later] = ledger.of(worker, "D05")
    assert later.state is DoubtState.EXPLAINED
    assert later.what != "" and "47个月" in later.what


def test_two_stretches_of_one_person_are_two_cases(ledger: Ledger) -> None:
    worker = ledger.person(replace(WORK, income=Decimal(9)))
    ledger.report(worker, replace(WORK, started=date(2020, 1, 1), ended=date(2020, 6, 1), income=Decimal(8)))
    ledger.check()
    assert len(ledger.of(worker, "D17")) == 2
    # What is said of the person is said once.
    assert len(ledger.of(worker, "D22")) <= 1


def test_households_of_one_number_in_two_villages_are_two(ledger: Ledger) -> None:
    homes = [
        ledger.world.household(number="1", region=region, hardship=[])["id"] for region in (TOWN, OTHER_TOWN)
    ]
    for home, region in zip(homes, (TOWN, OTHER_TOWN), strict=True):
        row = ledger.session.get_one(Household, home)
        row.measures = ["劳务输出"]
        ledger.session.flush()
        ledger.person(household_id=home, region=region)
    ledger.check()
    found = ledger.session.exec(select(Doubt).where(Doubt.rule == "D20")).all()
    assert {doubt.household_id for doubt in found} == set(homes)
    assert all(doubt.worker_id is None for doubt in found)


def test_thresholds_of_the_county_are_used(ledger: Ledger) -> None:
    worker = ledger.person(replace(WORK, income=Decimal(25000)))
    ledger.check()
    assert ledger.of(worker, "D17") == []
    ledger.check(thresholds=Thresholds.of({"income_max": 20000}))
    assert "高于20000元" in ledger.of(worker, "D17")[0].what


def test_constant_fill_is_a_finding_of_the_list(ledger: Ledger) -> None:
    for _ in range(11):
        ledger.person(replace(WORK, income=Decimal(3500)), phone=None)
    ledger.check()
    found = ledger.session.exec(select(Doubt).where(Doubt.rule == "D23")).all()
    assert all(doubt.worker_id is None and doubt.region == TOWN for doubt in found)
    [income] = [doubt for doubt in found if "务工月收入" in doubt.what]
    assert income.what == "本表“务工月收入”有11行填写，其中11行（100%）都是3500元"
    assert income.statistics == {"rows": 11, "equal": 11, "share": 1.0}


# --- after an import ----------------------------------------------------------------------------------------------


def test_after_an_import_its_people_their_households_and_its_list_are_looked_at(ledger: Ledger) -> None:
    for _ in range(8):
        ledger.person(WORK, phone=None)
    stranger = ledger.person(replace(WORK, income=Decimal(99999)))
    file = ledger.file()
    touched = ledger.person(replace(WORK, income=Decimal(77777)), import_id=file.identity)
    run = ledger.check(import_id=file.identity, worker_ids=[touched])
    assert run.people == 2, "the one, and who has the same telephone"
    assert len(ledger.of(touched, "D17")) == 1
    assert run.import_id == file.id
    assert ledger.of(stranger, "D17") == [], "the import did not touch him"
    ledger.check()
    before = {doubt.id: doubt.state for doubt in ledger.session.exec(select(Doubt))}
    ledger.check(import_id=file.identity, worker_ids=[touched])
    assert {doubt.id: doubt.state for doubt in ledger.session.exec(select(Doubt))} == before


def test_a_telephone_that_an_import_shares_is_told_of_all_who_have_it(ledger: Ledger) -> None:
    homes = [ledger.world.household(hardship=[])["id"] for _ in range(4)]
    others = [ledger.person(WORK, household_id=home) for home in homes[:3]]
    for _ in range(20):
        ledger.person(WORK, phone=None)
    ledger.check()
    file = ledger.file()
    touched = ledger.person(WORK, household_id=homes[3], import_id=file.identity)
    ledger.check(import_id=file.identity, worker_ids=[touched])
    assert {ledger.of(worker, "D24")[0].statistics["households"] for worker in (*others, touched)} == {4}
    before = {doubt.id: doubt.state for doubt in ledger.session.exec(select(Doubt))}
    ledger.check()
    after = {doubt.id: doubt.state for doubt in ledger.session.exec(select(Doubt))}
    assert before == {number: state for number, state in after.items() if number in before}


def test_a_rejected_line_is_a_finding_until_it_is_settled(ledger: Ledger) -> None:
    mapping = {"0": "name", "1": "id_number"}
    file = ledger.file(
        sheets=[{"name": "表", "heading_row": 1, "headings": {}, "mapping": mapping, "staged": 4}]
    )
    cells = [["张三", "990100198003152481"], ["李四", 990100198003152], ["王五", "990100198003152482"]]
    for number, row in enumerate(cells, 1):
        ledger.session.add(
            ImportLine(
                import_id=file.identity,
                line=number,
                row=number + 1,
                status=LineStatus.REJECTED,
                sealed_cells=seal_cells(ledger.key, row),
            )
        )
    ledger.session.flush()
    ledger.check()
    found = ledger.session.exec(
        select(Doubt).where(Doubt.rule == "D22").order_by(col(Doubt.import_line))
    ).all()
    assert [doubt.import_line for doubt in found] == [1, 2]
    assert "校验位" in found[0].what and "文本" in found[1].what
    assert not any(word in doubt.what for doubt in found for word in ("张三", "19800315"))
    for line in ledger.session.exec(select(ImportLine)):
        line.settled_at = file.created_at
    ledger.session.flush()
    ledger.check(day=TODAY + timedelta(1))
    assert {doubt.state for doubt in ledger.session.exec(select(Doubt).where(Doubt.rule == "D22"))} == {
        DoubtState.MENDED
    }


# --- over REST ----------------------------------------------------------------------------------------------------


def test_a_check_is_a_job(app: FastAPI, west: TestClient, ledger: Ledger, keyring: Keyring) -> None:
    ledger.person(replace(WORK, income=Decimal(45000)))
    ledger.session.commit()
    asked = west.post("/v1/doubts/check", json={})
    assert asked.status_code == 202, asked.text
    assert work_off(app.state.sessions, keyring, app.state.settings) == 1
    job = west.get(f"/v1/jobs/{asked.json()['id']}").json()
    assert (job["state"]["code"], job["link"]) == ("done", "/doubts"), job
    assert job["result"]["opened"] >= 1
    page = west.get("/v1/doubts", params={"rule": "D17"}).json()
    [item] = page["items"]
    assert item["link"] == f"/workers/{item['worker']['id']}#reports"
    assert item["severity"] == {"code": "check", "label": "需要核实"}
    assert item["mend"] and item["found_on"] == "2021-09-20"
    assert west.get("/v1/doubts/summary").json()["checked_on"] == "2021-09-20"


def test_elsewhere_cannot_be_checked(west: TestClient, clerk: Callable[[str], TestClient]) -> None:
    assert west.post("/v1/doubts/check", json={"region": "610723"}).status_code == 403
    assert clerk("jingyang").post("/v1/doubts/check", json={"region": COUNTY}).status_code == 403


def test_the_list_is_filtered_and_counted(ledger: Ledger, west: TestClient) -> None:
    here = ledger.person(replace(WORK, income=Decimal(45000)))
    ledger.person(replace(WORK, income=Decimal(46000)), region=OTHER_TOWN)
    ledger.check()

    def asked(**filters: Any) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = west.get("/v1/doubts", params=filters).json()["items"]
        return items

    assert [item["worker"]["id"] for item in asked(rule="D17", region=TOWN)] == [here]
    assert len(asked(rule="D17")) == len(asked(rule="D17", state="open", severity="check")) == 2
    assert asked(rule="D17", state="mended") == [] and asked(worker_id=here, rule="D18") == []
    assert west.get("/v1/doubts", params={"rule": "x"}).status_code == 422
    summary = west.get("/v1/doubts/summary").json()
    counted = [item["count"] for item in summary["items"] if item["rule"] == "D17"]
    assert counted == [1, 1]
    assert summary["open"] == sum(
        item["count"] for item in summary["items"] if item["severity"]["code"] != "service"
    )


def test_many_are_explained_at_once_and_one_taken_back(ledger: Ledger, west: TestClient) -> None:
    workers = [ledger.person(replace(WORK, income=Decimal(45000))) for _ in range(3)]
    ledger.check()
    ids = [ledger.of(worker, "D17")[0].identity for worker in workers]
    told = {"ids": ids, "reason": "同一家厂的技术骨干，已逐人核实"}
    assert west.post("/v1/doubts/explain", json=told).json() == {"explained": 3}
    assert west.post("/v1/doubts/explain", json=told).json() == {"explained": 0}
    again = west.post(f"/v1/doubts/{ids[0]}/reopen")
    assert again.json()["state"]["code"] == "open"
    assert again.json()["explanation"] == told["reason"]
    assert west.post(f"/v1/doubts/{ids[0]}/reopen").status_code == 409
    assert west.post("/v1/doubts/explain", json={"ids": ids, "reason": ""}).status_code == 422


def test_what_is_mended_needs_no_reason(ledger: Ledger, west: TestClient) -> None:
    worker = ledger.person(replace(WORK, income=Decimal(45000)))
    ledger.check()
    [doubt] = ledger.of(worker, "D17")
    doubt.state, doubt.mended_on = DoubtState.MENDED, TODAY
    ledger.session.flush()
    answer = west.post(f"/v1/doubts/{doubt.id}/explain", json={"reason": "已核实"})
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/doubt-mended")


def test_the_trend_counts_what_stood_open_at_the_end_of_each_day(ledger: Ledger, west: TestClient) -> None:
    workers = [ledger.person(replace(WORK, income=Decimal(45000))) for _ in range(3)]
    ledger.check(day=date(2021, 9, 10))
    only = {"every": "day", "since": "2021-09-09"}
    base = west.get("/v1/doubts/trend", params=only).json()["items"]
    first = ledger.of(workers[0], "D17")[0]
    first.state, first.mended_on = DoubtState.MENDED, date(2021, 9, 15)
    ledger.session.flush()
    west.post(f"/v1/doubts/{ledger.of(workers[1], 'D17')[0].id}/explain", json={"reason": "已核实"})
    after = west.get("/v1/doubts/trend", params=only).json()["items"]
    fewer = {item["on"]: was["open"] - item["open"] for was, item in zip(base, after, strict=True)}
    assert base[0] == {"on": "2021-09-09", "open": 0, "error": 0, "check": 0}
    assert base[1]["check"] >= 3
    assert [fewer[f"2021-09-{day}"] for day in (10, 14, 15, 19, 20)] == [0, 0, 1, 1, 2]
    weeks = west.get("/v1/doubts/trend", params={"every": "week", "since": "2021-09-01"}).json()["items"]
    assert [item["on"] for item in weeks] == ["2021-09-05", "2021-09-12", "2021-09-19", "2021-09-20"]


def test_integrity_is_told_with_its_statistics(ledger: Ledger, west: TestClient) -> None:
    for _ in range(4):
        home = ledger.world.household(hardship=[])["id"]
        ledger.person(WORK, household_id=home)
    ledger.check()
    [shared] = [item for item in west.get("/v1/doubts/integrity").json()["items"] if item["rule"] == "D24"]
    assert shared["what"] == "联系电话100****0001同时是4户的电话"
    assert (shared["statistics"], shared["doubts"]) == ({"households": 4, "rows": 4}, 4)


def test_the_file_is_masked_as_rights_say_and_harmless(
    ledger: Ledger,
    west: TestClient,
    clerk: Callable[[str], TestClient],
    bound: Callable[[list[tuple[str, str]]], None],
) -> None:
    ledger.person(replace(WORK, income=Decimal(45000)), name="=诸葛小明")
    ledger.check()
    ledger.session.commit()
    full = list(csv.DictReader(StringIO(west.get("/v1/doubts.csv").text.removeprefix("\ufeff"))))
    assert clerk("auditor").get("/v1/doubts.csv").status_code == 403, "who reads takes nothing out"
    # Who may take it out and see no number is told no name in full.
    bound([("province", "610728")])
    masked = list(csv.DictReader(StringIO(west.get("/v1/doubts.csv").text.removeprefix("\ufeff"))))
    assert {row["姓名"] for row in full} == {"'=诸葛小明"}
    assert {row["姓名"] for row in masked} == {"'=某某某某"}
    assert all(row["怎么改"] for row in full)


def test_another_county_sees_none_of_it(ledger: Ledger, clerk: Callable[[str], TestClient]) -> None:
    worker = ledger.person(replace(WORK, income=Decimal(45000)))
    ledger.check()
    [doubt] = ledger.of(worker, "D17")
    number = doubt.id
    ledger.session.commit()
    other = clerk("yangxian")
    assert other.get("/v1/doubts").json()["items"] == []
    assert other.get(f"/v1/doubts/{number}").status_code == 404
    assert clerk("auditor").post("/v1/doubts/explain", json={"ids": [1], "reason": "看看"}).status_code == 403


def test_a_long_list_asks_the_database_no_more_than_a_short_one(
    ledger: Ledger, west: TestClient, connection: Connection
) -> None:
    def asked() -> int:
        count = 0

        def counted(*_: Any) -> None:
            nonlocal count
            count += 1

        event.listen(connection, "before_cursor_execute", counted)
        try:
            assert west.get("/v1/doubts", params={"limit": 200}).status_code == 200
        finally:
            event.remove(connection, "before_cursor_execute", counted)
        return count

    ledger.person(replace(WORK, income=Decimal(45000)))
    ledger.check()
    ledger.session.commit()
    west.get("/v1/doubts")
    few = asked()
    for _ in range(12):
        ledger.person(replace(WORK, income=Decimal(45000)))
    ledger.check()
    ledger.session.commit()
    assert asked() == few


def test_every_rule_is_declared_whole(west: TestClient) -> None:
    told = west.get("/v1/doubts/rules").json()
    assert [rule["number"] for rule in told] == [rule.number for rule in EVERY_RULE]
    assert all(rule["mend"] and rule["mend_at"]["label"] and rule["title"] for rule in told)


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        ("本人990914197607080015已核实", 422),
        ("电话１００００００００７８已问过", 422),
        ("合同号9909141976070800", 404),
    ],
)
def test_an_explanation_that_all_read_holds_no_number_of_a_person(
    west: TestClient, reason: str, status: int
) -> None:
    answer = west.post("/v1/doubts/1/explain", json={"reason": reason})
    assert answer.status_code == status, answer.text
    assert ("不要写证件号码或电话号码" in answer.text) is (status == 422)
