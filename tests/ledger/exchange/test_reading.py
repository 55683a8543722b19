"""Rows of the exchange folder by themselves: evidence, what stays in words, posts, and what no post can be."""

from datetime import date
from decimal import Decimal
from typing import Any

from ledger.exchange.employers import digest_of
from ledger.exchange.folder import Firm, Row, begun
from ledger.exchange.posts import contradictions, read_post
from ledger.exchange.spells import noted, superseding
from ledger.forms import EXCHANGE, WORDS_OF, form_named, read_row, recognise
from ledger.gazetteer import Gazetteer
from ledger.intake.layouts import Complaint, Line
from ledger.postings.reading import Posting
from models.education import Education
from models.intake import LineStatus
from models.spell import Precision
from models.vacancy import Shift

FIRM = Firm(1, "南通测试纺织有限公司", "320612")
POST: dict[str, Any] = {
    "vacancy_id": "v1", "employer_id": "e1", "region": "320612", "title": "缝纫工", "seats": 20,
    "pay_min": Decimal(4500), "pay_max": Decimal(6000), "valid_until": date(2021, 12, 31),
    "text": "操作平缝机缝制衬衫，负责质量检查",
}  # fmt: skip


def post(**changes: Any) -> Posting:
    read = read_post(3, POST | changes, FIRM, as_of=date(2021, 9, 20), gazetteer=Gazetteer.national())
    assert isinstance(read, Posting)
    return read


def test_real_people_and_real_employers_have_columns_of_their_own() -> None:
    workers, employers = form_named("exchange/workers"), form_named("exchange/employers")
    for heading in ("name", "id_number", "phone", "village"):
        assert not workers.by_field[heading].required
    assert workers.by_field["id_number"].text_only and workers.by_field["id_number"].personal
    assert employers.by_field["uscc"].text_only and not employers.by_field["name"].required
    layout = recognise("workers", [(1, ["worker_id", "county", "name", "id_number"])])
    assert layout.form is workers
    row = read_row(workers, layout, 2, ["w1", "610728", "测试甲", 990100198001010015])
    assert row.refused, "a number in its cell has lost its last digits"


def test_every_heading_has_chinese_words() -> None:
    for form in EXCHANGE:
        for column in form.columns:
            assert f"{form.file}.{column.field}" in WORDS_OF or column.field in WORDS_OF, column.heading


def test_what_a_report_has_no_field_for_stays_in_words() -> None:
    values = {
        "vacancy_id": "v1", "observed_until": (date(2025, 10, 1), Precision.MONTH), "contract_months": 12,
        "recorded_on": date(2025, 3, 2), "supersedes": "s1", "channel": "亲友介绍", "leave_reason": "",
    }  # fmt: skip
    assert noted(values) == [
        "岗位的交换编号：v1", "最后知道在岗的日期：2025-10", "合同月数：12", "更正的记录编号：s1", "记录日期：2025-03-02",
    ]  # fmt: skip


def test_the_row_in_whose_place_another_stands() -> None:
    rows = [Row(1, 2, Line(None, (), {"spell_id": "s2", "supersedes": "s1"})), Row(2, 3, Line(None, (), {}))]
    assert superseding(rows) == {"s1"}


def test_a_cell_that_cannot_be_read_refuses_the_row_where_the_rest_would_lie() -> None:
    line = Line(None, (Complaint("ended_on", "应写成年月日"),), {"worker_id": "w1"})
    assert begun(Row(1, 2, line), ("worker_id",), whole=True).status is LineStatus.REJECTED
    assert begun(Row(1, 2, line), ("worker_id",), whole=False).status is LineStatus.NEW
    assert begun(Row(1, 2, line), ("ended_on",), whole=False).status is LineStatus.REJECTED
    long = Line(None, (), {"worker_id": "w" * 61})
    assert begun(Row(1, 2, long), ("worker_id",), whole=False).status is LineStatus.REJECTED


def test_a_post_is_read_like_an_advertisement_and_keeps_its_figures() -> None:
    read = post(
        min_age=18,
        max_age=55,
        min_education=Education.JUNIOR_HIGH,
        shift=Shift.TWO,
        lodging=True,
        meals=False,
    )
    assert read.status is LineStatus.WHOLE
    assert (read.pay_min, read.pay_max, read.seats, read.region, read.company) == (
        4500,
        6000,
        20,
        "320612",
        FIRM.name,
    )
    assert (read.min_age, read.max_age, read.schooling.minimum, read.shift, read.lodging, read.meals) == (
        18, 55, Education.JUNIOR_HIGH, Shift.TWO, True, False,
    )  # fmt: skip
    assert (read.posted_on, read.valid_until) == (date(2021, 9, 20), date(2021, 12, 31))


def test_what_law_forbids_holds_a_post_and_what_it_wants_is_told() -> None:
    assert post(text="缝制衬衫，限女性").status is LineStatus.HELD
    assert post(pay_min=None, pay_max=None).status is LineStatus.UNKNOWNS
    assert post(valid_until=None).status is LineStatus.UNKNOWNS


def test_what_no_post_can_be() -> None:
    assert contradictions(POST) == []
    wrong = POST | {"seats": 0, "pay_max": Decimal(1), "min_age": 30, "max_age": 20, "hours_per_week": 0}
    wrong |= {"valid_from": date(2022, 1, 1)}
    assert [heading for heading, _ in contradictions(wrong)] == [
        "seats", "pay_max", "max_age", "valid_until", "hours_per_week",
    ]  # fmt: skip


def test_what_a_row_said_is_known_again() -> None:
    assert digest_of(POST) == digest_of(POST | {"occupation": None, "required_skills": ()})
    assert digest_of(POST) != digest_of(POST | {"seats": 21})
