"""两本账对账 over HTTP: a list comes in, is laid beside the ledger, its rows are answered in place, payments prove."""

import csv
from collections.abc import Callable, Sequence
from datetime import date
from io import BytesIO, StringIO
from typing import Any

import pytest
from fastapi import FastAPI
from python_calamine import CalamineWorkbook
from sqlalchemy import text
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from api.worker.working import work_off
from models.attachment import Attachment
from models.id_number import demo_id_number
from models.intake import ComparisonRow
from models.record import AuditEvent
from models.spell import EmploymentSpell, Evidence
from models.worker import Sex, Worker

FIRM = "南通测试家纺有限公司"
AWAY = (
    "户编号", "户类型", "村", "姓名", "证件号码", "文化程度", "联系电话", "是否务工", "开始时间", "结束时间", "务工所在省",
    "务工所在市", "务工所在县", "务工企业名称", "务工月收入",
)  # fmt: skip


def number(sequence: int) -> str:
    return demo_id_number(date(1985, 3, 15), 210_000 + sequence, Sex.FEMALE)


def away(sequence: int, **changes: Any) -> dict[str, str]:
    """One person away at work, as the national system has it."""
    return dict(zip(AWAY, (
        f"H{sequence}", "脱贫户", "测试村", f"测试{sequence:03d}", number(sequence), "初中", f"1000000{sequence:04d}", "是",
        "2021年03月", "", "江苏省", "南通市", "通州区", FIRM, "4500",
    ), strict=True)) | changes  # fmt: skip


def table(rows: Sequence[dict[str, str]]) -> bytes:
    stream = StringIO(newline="")
    writer = csv.DictWriter(stream, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode("utf-8-sig")


def paid(sequence: int, months: str, **changes: str) -> dict[str, str]:
    return {
        "姓名": f"测试{sequence:03d}",
        "证件号码": number(sequence),
        "参保单位": "南通测试家纺有限责任公司",
        "费款所属期": months,
        "险种": "企业职工基本养老保险",
    } | changes


class Books:
    """Sends lists as one clerk and works the jobs off."""

    def __init__(self, client: TestClient, work: Callable[[], int]) -> None:
        self.client, self.work = client, work

    def sent(self, rows: Sequence[dict[str, str]], **form: str) -> int:
        """A list that was read; its number."""
        answer = self.client.post(
            "/v1/imports", files={"file": ("名单.csv", table(rows))}, data={"as_of": "2021-09-20"} | form
        )
        assert answer.status_code == 202, answer.text
        self.work()
        found = self.client.get(f"/v1/imports/{answer.json()['id']}").json()
        assert found["state"]["code"] == "ready", found
        return int(found["id"])

    def ledger(self, rows: Sequence[dict[str, str]]) -> None:
        """These people are in our ledger."""
        import_id = self.sent(rows, kind="away")
        assert self.client.post(f"/v1/imports/{import_id}/apply").status_code == 202
        self.work()
        assert self.client.get(f"/v1/imports/{import_id}").json()["state"]["code"] == "applied"

    def compared(self, rows: Sequence[dict[str, str]], kind: str = "away") -> dict[str, Any]:
        """The list, compared."""
        return self.again(self.sent(rows, kind=kind, purpose="compare"))

    def again(self, import_id: int) -> dict[str, Any]:
        answer = self.client.post("/v1/comparisons", json={"import_id": import_id})
        assert answer.status_code == 202, answer.text
        self.work()
        return self.read(import_id)

    def read(self, import_id: int) -> dict[str, Any]:
        answer = self.client.get(f"/v1/comparisons/{import_id}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        assert found["job"]["state"]["code"] == "done", found["job"]
        return found

    def rows(self, import_id: int, **query: Any) -> list[dict[str, Any]]:
        answer = self.client.get(f"/v1/comparisons/{import_id}/rows", params=query)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["items"]
        return found

    def settle(self, import_id: int, row_id: int, status: int = 200, **told: Any) -> dict[str, Any]:
        answer = self.client.post(f"/v1/comparisons/{import_id}/rows/{row_id}/settle", json=told)
        assert answer.status_code == status, answer.text
        found: dict[str, Any] = answer.json()
        return found


@pytest.fixture
def books(app: FastAPI, west: TestClient) -> Books:
    return Books(west, lambda: work_off(app.state.sessions, app.state.keyring, app.state.settings))


@pytest.fixture
def session(session_as: Callable[[str], Session]) -> Session:
    return session_as("zhenba")


def worker(session: Session, name: str) -> Worker:
    session.expire_all()
    return session.exec(select(Worker).where(Worker.name == name)).one()


def sums(found: dict[str, Any]) -> dict[str, int]:
    return {each["standing"]["code"]: each["people"] for each in found["standings"]}


def test_each_stands_where_it_belongs(books: Books) -> None:
    books.ledger([away(1), away(2), away(3)])
    found = books.compared([away(1), away(2, 联系电话="10000009999", 文化程度="高中"), away(4)])
    assert (found["theirs"], found["agreeing"], found["open"]) == (3, 1, 3)
    assert sums(found) == {"only_here": 1, "only_there": 1, "differs": 1}
    assert {each["field"] for each in found["fields"]} == {"phone", "education"}
    import_id = found["import_id"]
    [here] = books.rows(import_id, standing="only_here")
    assert (here["name"], here["line"]) == ("测试003", None)
    [there] = books.rows(import_id, standing="only_there")
    assert (there["name"], there["row"], there["worker_id"]) == ("测试004", 4, None)
    assert number(4) not in str(there)
    [differs] = books.rows(import_id, standing="differs", field="phone")
    assert [(each["field"], each["ours"], each["theirs"]) for each in differs["differences"]] == [
        ("education", "初中", "高中"),
        ("phone", "100****0002", "100****9999"),
    ]


def test_numbers_that_differ_are_masked_and_said_to_differ(books: Books, session: Session) -> None:
    books.ledger([away(1)])
    import_id = books.compared([away(1, 联系电话="10099990001")])["import_id"]
    [differs] = books.rows(import_id)
    shown = {each["field"]: (each["ours"], each["theirs"]) for each in differs["differences"]}
    assert shown["phone"] == ("100****0001", "100****0001（遮盖的几位不同）")
    books.settle(import_id, differs["id"], how="taken", fields=["phone"])
    person = worker(session, "测试001")
    history = books.client.get(f"/v1/workers/{person.identity}/history").json()["items"]
    told = [
        (each["before"], each["after"])
        for change in history
        if change["action"]["code"] == "update"
        for each in change["fields"]
        if each["field"]["code"] == "phone"
    ]
    assert told == [("100****0001", "100****0001（遮盖的几位不同）")]


def test_an_id_number_with_a_slip_is_masked_and_said_to_differ(books: Books) -> None:
    books.ledger([away(1)])
    import_id = books.compared([away(1, 证件号码=number(2))])["import_id"]
    [shown] = [
        (each["ours"], each["theirs"])
        for row in books.rows(import_id)
        for each in row["differences"]
        if each["field"] == "id_number"
    ]
    mask = number(1)[:6] + "*" * 12
    assert shown == (mask, f"{mask}（遮盖的几位不同）")


def test_spelling_is_no_difference(books: Books) -> None:
    books.ledger([away(1)])
    found = books.compared([away(1, 务工企业名称="南通测试家纺有限责任公司", 联系电话="1000000 0001")])
    assert (found["agreeing"], found["open"]) == (1, 0)


def test_theirs_is_taken_with_file_and_row_in_the_history(books: Books, session: Session) -> None:
    books.ledger([away(1)])
    found = books.compared([away(1, 联系电话="10000009999", 文化程度="高中")])
    import_id = found["import_id"]
    [row] = books.rows(import_id)
    part = books.settle(import_id, row["id"], how="taken", fields=["education"])
    assert part["settlement"] is None
    assert [each["open"] for each in part["differences"]] == [False, True]
    assert worker(session, "测试001").education.value == "senior_high"  # type: ignore[union-attr]
    event = session.exec(
        select(AuditEvent).where(AuditEvent.noun == "worker").order_by(col(AuditEvent.id).desc())
    ).first()
    assert event is not None
    assert (event.import_id, event.import_line) == (import_id, row["line"])
    whole = books.settle(import_id, row["id"], how="kept")
    assert whole["settlement"]["code"] == "taken"
    assert books.read(import_id)["open"] == 0
    assert books.settle(import_id, row["id"], 409, how="kept")["type"] == "/problems/already-settled"


def test_what_was_taken_of_a_person_is_put_back(books: Books, session: Session) -> None:
    books.ledger([away(1, 联系电话="")])
    found = books.compared([away(1, 文化程度="高中")])
    import_id = found["import_id"]
    [row] = books.rows(import_id)
    assert books.settle(import_id, row["id"], how="taken")["reversible"]
    person = worker(session, "测试001")
    assert person.phone_sealed is not None
    answer = books.client.post(f"/v1/comparisons/{import_id}/rows/{row['id']}/reopen")
    assert answer.status_code == 200, answer.text
    person = worker(session, "测试001")
    assert (person.education.value, person.phone_sealed) == ("junior_high", None)  # type: ignore[union-attr]
    assert books.read(import_id)["open"] == 1
    assert {each["field"] for each in answer.json()["differences"] if each["open"]} == {"education", "phone"}


def test_what_was_changed_since_is_not_put_back(books: Books, west: TestClient) -> None:
    books.ledger([away(1)])
    import_id = books.compared([away(1, 文化程度="高中")])["import_id"]
    [row] = books.rows(import_id)
    books.settle(import_id, row["id"], how="taken")
    read = west.get(f"/v1/workers/{row['worker_id']}")
    changed = west.patch(
        f"/v1/workers/{row['worker_id']}",
        json={"education": "bachelor"},
        headers={"If-Match": read.headers["ETag"]},
    )
    assert changed.status_code == 200
    answer = west.post(f"/v1/comparisons/{import_id}/rows/{row['id']}/reopen")
    assert answer.json()["type"] == "/problems/changed-since"


def test_work_that_is_taken_changes_the_accepted_spell(books: Books, session: Session) -> None:
    books.ledger([away(1)])
    import_id = books.compared([away(1, 务工月收入="5200", 结束时间="2021年08月", 是否务工="否")])[
        "import_id"
    ]
    [row] = books.rows(import_id)
    assert {each["field"] for each in row["differences"]} == {"income", "ended", "working"}
    told = books.settle(import_id, row["id"], how="taken")
    assert told["settlement"]["code"] == "taken"
    assert not told["reversible"]
    session.expire_all()
    spell = session.exec(select(EmploymentSpell).where(col(EmploymentSpell.superseded_at).is_(None))).one()
    assert (spell.monthly_income, spell.ended_on) == (5200, date(2021, 8, 31))
    again = books.again(import_id)
    assert (again["agreeing"], again["open"]) == (1, 0)


def test_who_is_only_there_is_registered_by_the_ordinary_way(books: Books, session: Session) -> None:
    books.ledger([away(1)])
    import_id = books.compared([away(1), away(2)])["import_id"]
    [row] = books.rows(import_id)
    told = books.settle(import_id, row["id"], how="registered")
    assert told["settlement"]["code"] == "registered"
    person = worker(session, "测试002")
    assert told["worker_id"] == person.id
    spells = session.exec(select(EmploymentSpell).where(EmploymentSpell.worker_id == person.id)).all()
    assert [spell.started_on for spell in spells] == [date(2021, 3, 1)]
    again = books.again(import_id)
    assert (again["agreeing"], again["open"], again["settled"]) == (2, 0, 1)


def test_an_explanation_is_kept_and_taken_back(books: Books) -> None:
    books.ledger([away(1), away(2)])
    import_id = books.compared([away(1)])["import_id"]
    [row] = books.rows(import_id)
    assert books.settle(import_id, row["id"], 422, how="explained")["type"] == "/problems/invalid"
    told = books.settle(import_id, row["id"], how="explained", note="上月底才返乡，国家系统还没有更新")
    assert told["note"].startswith("上月底")
    assert books.again(import_id)["open"] == 0  # what was settled is not asked again
    reopened = books.client.post(f"/v1/comparisons/{import_id}/rows/{row['id']}/reopen").json()
    assert reopened["settlement"] is None
    assert books.settle(import_id, row["id"], 409, how="taken")["type"] == "/problems/nothing-to-take"


def test_one_answer_for_one_field_of_many_rows(books: Books, session: Session) -> None:
    books.ledger([away(each) for each in range(1, 6)])
    theirs = [away(each, 文化程度="高中", 联系电话=f"1000002{each:04d}") for each in range(1, 6)]
    import_id = books.compared(theirs)["import_id"]
    path = f"/v1/comparisons/{import_id}/settle"
    answer = books.client.post(path, json={"standing": "differs", "field": "education", "how": "taken"})
    assert answer.status_code == 202
    books.work()
    assert books.read(import_id)["job"]["result"]["answered"] == 5
    assert worker(session, "测试003").education.value == "senior_high"  # type: ignore[union-attr]
    assert books.read(import_id)["fields"] == [{"field": "phone", "label": "联系电话", "open": 5}]
    answer = books.client.post(path, json={"standing": "differs", "how": "kept"})
    assert books.client.post(path, json={"standing": "differs", "how": "kept"}).status_code == 409
    books.work()
    told = books.read(import_id)["job"]["result"]
    assert (told["answered"], told["settled"], told["refused"]) == (5, 5, 0)
    assert books.rows(import_id, settled=False) == []


def test_a_number_is_not_taken_from_a_list(books: Books) -> None:
    books.ledger([away(1)])
    import_id = books.compared([away(1, 证件号码=number(2))])["import_id"]
    [row] = books.rows(import_id)
    assert [each["field"] for each in row["differences"]] == ["id_number"]
    assert number(2) not in str(row)
    assert books.settle(import_id, row["id"], 409, how="taken")["type"] == "/problems/not-takable"


def test_what_is_sealed_is_sealed(books: Books, session: Session) -> None:
    books.ledger([away(1)])
    books.compared([away(1, 联系电话="10000009999")])
    row = session.exec(select(ComparisonRow)).one()
    assert row.sealed_differences is not None
    whole = session.connection().scalar(
        text("SELECT string_agg(row_to_json(r)::text, '') FROM comparison_row r")
    )
    assert "10000009999" not in str(whole)


def test_only_what_was_sent_to_be_compared_is_compared(
    books: Books, clerk: Callable[[str], TestClient]
) -> None:
    import_id = books.sent([away(1)], kind="away")
    assert books.client.post("/v1/comparisons", json={"import_id": import_id}).status_code == 404
    compared = books.sent([away(1)], kind="away", purpose="compare")
    assert clerk("yangxian").get(f"/v1/comparisons/{compared}").status_code == 404
    assert clerk("jingyang").post("/v1/comparisons", json={"import_id": compared}).status_code == 403


def test_a_number_with_a_slip_is_judged_side_by_side(books: Books) -> None:
    books.ledger([away(1)])
    rows = [away(1, 证件号码=number(2))]
    import_id = books.compared(rows)["import_id"]
    [pair] = books.client.get("/v1/duplicates", params={"import_id": import_id}).json()["items"]
    assert books.client.get(f"/v1/duplicates/{pair['id']}").status_code == 200
    told = books.client.post(f"/v1/duplicates/{pair['id']}/decide", json={"verdict": "same"})
    assert told.status_code == 200, told.text
    assert books.read(import_id)["open"] == 0
    # The next list with that number means the same person.
    assert books.compared([*rows, away(3)])["open"] == 1


def test_who_is_said_to_be_another_is_only_there(books: Books) -> None:
    books.ledger([away(1)])
    import_id = books.compared([away(1, 证件号码=number(2))])["import_id"]
    [pair] = books.client.get("/v1/duplicates", params={"import_id": import_id}).json()["items"]
    assert books.client.post(f"/v1/duplicates/{pair['id']}/decide", json={"verdict": "different"}).is_success
    assert sums_open(books.read(import_id)) == {"only_here": 0, "only_there": 1, "differs": 0}
    assert sums_open(books.again(import_id)) == {"only_here": 1, "only_there": 1, "differs": 0}


def test_who_has_a_record_in_another_county_is_asked_for(
    books: Books, clerk: Callable[[str], TestClient]
) -> None:
    other = clerk("yangxian")
    body = {"name": "别县人", "region": "610723", "id_number": number(9)}
    assert other.post("/v1/workers", json=body).status_code == 201
    import_id = books.compared([away(9)])["import_id"]
    [row] = books.rows(import_id)
    told = books.settle(import_id, row["id"], how="registered")
    assert (told["settlement"]["code"], told["worker_id"]) == ("registered", None)
    assert "移交" in told["note"]
    assert "别县人" not in str(told)
    [asked] = books.client.get("/v1/handovers", params={"side": "asked"}).json()["items"]
    assert (asked["state"]["code"], asked["worker"]) == ("open", None)


def test_work_that_is_not_ours_is_taken_beside_ours(books: Books, session: Session) -> None:
    books.ledger([away(1)])
    earlier = away(
        1, 是否务工="否", 开始时间="2020年03月", 结束时间="2020年10月", 务工企业名称="南通另一家纺有限公司"
    )
    import_id = books.compared([away(1), earlier])["import_id"]
    [row] = books.rows(import_id)
    assert (row["standing"]["code"], row["worker_id"] is None) == ("only_there", False)
    books.settle(import_id, row["id"], how="taken")
    person = worker(session, "测试001")
    spells = session.exec(
        select(EmploymentSpell)
        .where(EmploymentSpell.worker_id == person.id)
        .order_by(col(EmploymentSpell.started_on))
    ).all()
    assert [each.started_on for each in spells] == [date(2020, 3, 1), date(2021, 3, 1)]
    import_id = books.compared([earlier])["import_id"]
    [lacking] = books.rows(import_id, standing="only_here")
    assert lacking["worker_id"] == person.id


def sums_open(found: dict[str, Any]) -> dict[str, int]:
    return {each["standing"]["code"]: each["open"] for each in found["standings"]}


# --- payments -----------------------------------------------------------------------------------------------------


def test_payments_stand_where_they_belong(books: Books) -> None:
    books.ledger(
        [away(1), away(2), away(3, 结束时间="2021年05月", 是否务工="否"), away(4, 务工企业名称="别的厂")]
    )
    found = books.compared(
        [
            paid(1, "202103至202108"),
            paid(3, "202104至202107"),
            paid(4, "202104"),
            paid(5, "202104"),
        ],
        "social_insurance",
    )
    assert (found["theirs"], found["agreeing"]) == (4, 1)
    # Who left in May is insured in June and July: a month of ours that is not theirs, and odd by itself.
    assert sums(found) == {"only_here": 1, "only_there": 2, "differs": 1, "odd": 1}
    import_id = found["import_id"]
    assert [row["name"] for row in books.rows(import_id, standing="only_here")] == ["测试002"]
    assert [bool(row["worker_id"]) for row in books.rows(import_id, standing="only_there")] == [True, False]
    [differs] = books.rows(import_id, standing="differs")
    assert [(each["field"], each["theirs"]) for each in differs["differences"]] == [
        ("months", "2021-06、2021-07")
    ]
    assert books.settle(import_id, differs["id"], 409, how="taken")["type"] == "/problems/not-takable"


def test_payments_become_evidence_once(books: Books, session: Session) -> None:
    books.ledger([away(1), away(2)])
    import_id = books.compared(
        [paid(1, "202103至202105"), paid(1, "202106"), paid(2, "202108至202109"), paid(3, "202104")],
        "social_insurance",
    )["import_id"]
    path = f"/v1/comparisons/{import_id}/evidence"
    plan = books.client.post(f"{path}/preview", json={}).json()
    assert (plan["grade"]["code"], plan["people"], plan["pieces"], plan["unmatched"]) == ("A", 2, 2, 1)
    assert session.exec(select(Evidence)).all() == []
    assert books.client.post(path, json={}).status_code == 202
    books.work()
    assert books.read(import_id)["evidence"] == 2
    session.expire_all()
    spans = {(each.grade.value, each.covers_from, each.covers_to) for each in session.exec(select(Evidence))}
    assert spans == {
        ("A", date(2021, 3, 1), date(2021, 6, 30)),
        ("A", date(2021, 8, 1), date(2021, 9, 20)),
    }
    # Again, and the same payments in another list: nothing is doubled; one month more is one piece more.
    assert books.client.post(f"{path}/preview", json={}).json()["pieces"] == 0
    more = books.compared([paid(1, "202103至202107")], "social_insurance")["import_id"]
    assert (
        books.client.post(f"/v1/comparisons/{more}/evidence/preview", json={}).json()
        | {
            "pieces": 1,
            "first": "2021-07-01",
            "last": "2021-07-31",
        }
        == books.client.post(f"/v1/comparisons/{more}/evidence/preview", json={}).json()
    )


def test_evidence_is_taken_back_with_what_it_observed(books: Books, session: Session) -> None:
    books.ledger([away(1)])

    def observed() -> date | None:
        session.expire_all()
        return session.exec(select(EmploymentSpell)).one().observed_until

    session.connection().execute(text("UPDATE employment_spell SET observed_until = '2021-04-30'"))
    import_id = books.compared([paid(1, "202103至202108")], "social_insurance")["import_id"]
    path = f"/v1/comparisons/{import_id}/evidence"
    assert books.client.post(path, json={}).status_code == 202
    books.work()
    assert observed() == date(2021, 8, 31)
    events = session.exec(select(AuditEvent).where(AuditEvent.noun == "evidence")).all()
    assert [(event.action, event.import_id, event.sealed_change is not None) for event in events] == [
        ("create", import_id, True)
    ]
    assert books.client.post(f"{path}/undo").json() == {"pieces": 1}
    assert observed() == date(2021, 4, 30)
    assert session.exec(select(Evidence)).all() == []
    assert books.client.post(f"{path}/undo").json() == {"pieces": 0}


def test_a_wage_list_is_graded_by_who_paid(books: Books) -> None:
    books.ledger([away(1)])
    import_id = books.compared([wages(1, "2021年05月", "4320.5")], "payroll")["import_id"]
    path = f"/v1/comparisons/{import_id}/evidence/preview"
    assert books.client.post(path, json={}).json()["grade"]["code"] == "B"
    assert books.client.post(path, json={"grade": "A"}).json()["grade"]["code"] == "A"
    assert books.client.post(path, json={"grade": "C"}).status_code == 422
    people = books.compared([away(1)])["import_id"]
    answer = books.client.post(f"/v1/comparisons/{people}/evidence/preview", json={})
    assert answer.json()["type"] == "/problems/proves-nothing"


def wages(at: int, month: str, income: str) -> dict[str, str]:
    """A row of a wage list."""
    return {
        "姓名": f"测试{at:03d}", "证件号码": number(at), "单位": FIRM, "发放月份": month, "实发工资": income,
    }  # fmt: skip


def test_what_can_not_be_quite_so_is_told_by_line_and_proves_no_more_than_it_can(
    books: Books, session: Session
) -> None:
    books.ledger([away(1), away(2), away(3, 结束时间="2021年05月", 是否务工="否")])
    rows = [
        wages(1, "2021年05月", "4320.5"), wages(1, "2021年05月", "300"), wages(1, "2021年06月", "0"),
        wages(1, "2021年12月", "4000"), wages(1, "2011年07月", "4000"), wages(2, "2021年05月", "52000"),
        wages(2, "2021年06月", "45"), wages(3, "2021年07月", "4000"), wages(2, "2021年07月", "-100"),
    ]  # fmt: skip
    import_id = books.compared(rows, "payroll")["import_id"]
    found = {row["row"]: row for row in books.rows(import_id, standing="odd")}
    told = {
        line: {each["field"]: each["theirs"] for each in row["differences"]} for line, row in found.items()
    }
    first = min(found) - 1  # the row that is as it should be stands before all of these
    assert {line - first: said for line, said in told.items()} == {
        1: {"twice": "2021-05：4320.5元、300元"},
        2: {"unpaid": "0元"},
        3: {"ahead": "2021-12"},
        4: {"far": "2011-07"},
        5: {"too_much": "52000元"},
        6: {"too_little": "45元"},
        7: {"after_leaving": "2021-07"},
        8: {"unread": "2021-07"},
    }
    assert "不作佐证" in found[first + 2]["differences"][0]["ours"]
    counts = books.client.get(f"/v1/comparisons/{import_id}").json()
    assert {each["standing"]["code"]: each["open"] for each in counts["standings"]}["odd"] == 8

    row = found[first + 2]
    path = f"/v1/comparisons/{import_id}/rows/{row['id']}/settle"
    assert books.client.post(path, json={"how": "taken"}).status_code == 409
    settled = books.settle(import_id, row["id"], how="explained", note="当月停工，没有发")
    assert settled["settlement"]["code"] == "explained"

    assert books.client.post(f"/v1/comparisons/{import_id}/evidence", json={}).status_code == 202
    books.work()
    spans = {(each.covers_from, each.covers_to) for each in session.exec(select(Evidence))}
    assert spans == {(date(2021, 5, 1), date(2021, 5, 31)), (date(2021, 5, 1), date(2021, 6, 30))}
    # Compared again, what was explained is not asked again.
    books.client.post("/v1/comparisons", json={"import_id": import_id})
    books.work()
    again = books.rows(import_id, standing="odd")
    assert sorted(each["row"] - first for each in again if each["settlement"] is None) == [
        1,
        3,
        4,
        5,
        6,
        7,
        8,
    ]


def test_a_roster_from_before_its_people_came_proves_nothing(books: Books) -> None:
    books.ledger([away(1), away(2)])
    rows = [staff(1, 入职日期="2021-12-01"), staff(2, 入职日期="2021-06-01", 离职日期="2021-05-01")]
    import_id = books.compared(rows, "staff")["import_id"]
    told = [each["field"] for row in books.rows(import_id, standing="odd") for each in row["differences"]]
    assert sorted(told) == ["joined_ahead", "left_first"]
    preview = books.client.post(f"/v1/comparisons/{import_id}/evidence/preview", json={}).json()
    assert preview["pieces"] == 0


def test_payments_without_work_of_ours_are_reported_as_work(books: Books, session: Session) -> None:
    books.ledger(
        [
            away(
                1,
                是否务工="否",
                开始时间="",
                务工企业名称="",
                务工月收入="",
                务工所在省="",
                务工所在市="",
                务工所在县="",
            )
        ]
    )
    books.ledger([away(2)])
    import_id = books.compared([paid(1, "202104至202109")], "social_insurance")["import_id"]
    [row] = books.rows(import_id, standing="only_there")
    told = books.settle(import_id, row["id"], how="taken")
    assert told["settlement"]["code"] == "taken"
    spell = session.exec(select(EmploymentSpell).where(EmploymentSpell.worker_id == row["worker_id"])).one()
    assert spell.started_on == date(2021, 4, 1)
    assert books.client.post(f"/v1/comparisons/{import_id}/evidence/preview", json={}).json()["pieces"] == 1


def staff(at: int, **told: str) -> dict[str, str]:
    """A row of an employer's roster."""
    return {
        "姓名": f"测试{at:03d}",
        "证件号码": number(at),
        "单位": FIRM,
        "入职日期": "2021-04-12",
        "离职日期": "",
    } | told


def test_a_stamped_roster_proves_everybody_at_once_and_each_keeps_her_own_rows(
    books: Books, session: Session
) -> None:
    books.ledger([away(1), away(2)])
    import_id = books.compared([staff(1), staff(2, 离职日期="2021-06-30"), staff(3)], "staff")["import_id"]
    path = f"/v1/comparisons/{import_id}/evidence"
    assert books.client.post(f"{path}/preview", json={"grade": "A"}).status_code == 422
    plan = books.client.post(f"{path}/preview", json={}).json()
    assert (plan["grade"]["code"], plan["people"], plan["pieces"], plan["unmatched"]) == ("B", 2, 2, 1)
    assert books.client.post(path, json={"grade": "C"}).status_code == 202
    books.work()
    one, two = session.exec(select(Evidence).order_by(col(Evidence.id))).all()
    assert (one.grade, one.covers_from, one.covers_to) == ("C", date(2021, 4, 1), date(2021, 9, 20))
    assert (two.covers_from, two.covers_to) == (date(2021, 4, 1), date(2021, 6, 30))

    found = books.client.get(f"/v1/spells/{one.spell_id}/evidence").json()["items"][0]["attachments"]
    assert [(file["sort"]["code"], file["excerpt"]) for file in found] == [("xlsx", True)]
    excerpt = books.client.get(f"{found[0]['link']}?reason=check").content
    [sheet] = read_workbook(excerpt)
    assert "第2行" in str(sheet[0])
    assert sheet[2] == ["姓名", "证件号码", "单位", "入职日期", "离职日期"]
    assert [row[0] for row in sheet[3:]] == ["测试001"]
    assert number(2) not in str(sheet)
    # One of them is deleted: of her nothing can be read, the other's proof stands.
    gone = session.get_one(EmploymentSpell, two.spell_id).worker_id
    session.connection().execute(
        text("UPDATE person_key SET sealed_key = '' WHERE worker_id = :id"), {"id": gone}
    )
    other = books.client.get(f"/v1/spells/{two.spell_id}/evidence").json()["items"][0]["attachments"]
    assert books.client.get(f"{other[0]['link']}?reason=check").status_code == 410
    assert books.client.get(f"{found[0]['link']}?reason=check").content == excerpt
    assert books.client.post(f"{path}/undo").json() == {"pieces": 2}
    assert session.exec(select(Attachment)).all() == []


def read_workbook(content: bytes) -> list[list[list[Any]]]:
    """The cells of each sheet."""
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    return [
        [[cell for cell in row if cell != ""] for row in book.get_sheet_by_name(name).to_python()]
        for name in book.sheet_names
    ]
