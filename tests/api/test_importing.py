"""A file of advertisements: every line is told what became of it, and nothing that is wrong with one keeps out the rest."""

import json
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from api.errors import Problem
from api.importing import LONGEST_FILE, EmptyFile, apply_postings, read_postings
from api.intake.receiving import done, earlier, receive
from api.offering import Standing, on_offer, standings, standings_of
from ledger.postings.reading import FIELDS, LONGEST, LONGEST_FIELD, Rejected
from models.employer import Employer
from models.intake import Import, ImportKind, ImportLine, ImportPurpose, LineStatus
from models.sealing import Keyring
from models.vacancy import Vacancy, VacancyState

TODAY = date(2021, 9, 20)
Take = Callable[..., Import]


def advertisement(**changes: Any) -> bytes:
    fields = {
        "title": "缝纫工",
        "company": "测试家纺有限公司",
        "region": "江苏省南通市通州区",
        "salary": "4000-6000元/月",
        "headcount": "5人",
        "education": "不限",
        "gender_req": "不限",
        "posted": "2021-09-01",
        "deadline": "2021-12-31",
        "description": "负责家纺产品的平车缝制，计件工资，每天八小时，包住。",
    }
    return json.dumps(fields | changes, ensure_ascii=False).encode()


@pytest.fixture
def session(session_as) -> Session:
    return session_as("tongzhou")


@pytest.fixture
def take_in(session: Session, keyring: Keyring) -> Callable[..., Import]:
    """Takes a file in as the command line does, in one transaction."""

    def make(session: Session, content: bytes, **changes: Any) -> Import:
        options = {
            "file_name": "广告.jsonl",
            "kept_by": "320612",
            "as_of": TODAY,
            "today": TODAY,
            "demonstration": True,
            "account_id": None,
            "kind": ImportKind.POSTINGS,
        }
        row, repeated = receive(session, keyring, content, **(options | changes))
        if not repeated:
            apply_postings(session, row, content)
            done(session, row)
        return row

    return make


def lines_of(session: Session, number: int) -> list[ImportLine]:
    query = select(ImportLine).where(ImportLine.import_id == number).order_by(ImportLine.line)
    return list(session.exec(query))


def test_the_rest_comes_in(session: Session, take_in: Take) -> None:
    bad = {
        2: b'{"title": "\xe7\xbc\x9d',
        3: "缝纫工".encode("gbk"),
        4: b"",
        5: b'{"title": "a\x00b"}',
        6: b"[1, 2]",
        7: advertisement(title=""),
        8: advertisement(salary={"min": 1}),
        9: b"\xff\xfe\xff",
        10: b'{"title": "\\ud800"}',
        11: b"9" * 5000,
        12: b'{"title": NaN}',
        13: b"[" * 50_000,
        14: b"x" * 300_000,
    }
    good = [advertisement(), advertisement(title="平车工 😀", headcount="2名")]
    row = take_in(session, b"\n".join([good[0], *bad.values(), good[1]]) + b"\n")

    found = lines_of(session, row.identity)
    assert [line.line for line in found] == list(range(1, 16))
    assert {line.line for line in found if line.status is LineStatus.REJECTED} == set(bad)
    for line in found:
        if line.status is LineStatus.REJECTED:
            assert f"第{line.line}行" in line.reason
    assert row.counts["lines"] == 15
    assert (row.counts["whole"], row.counts["rejected"]) == (2, 13)
    assert standings(session, TODAY, Vacancy.import_id == row.identity) == {Standing.ON_OFFER: 2}


@pytest.mark.parametrize(("field", "label"), FIELDS.items())
def test_a_field_too_long_for_the_table_keeps_out_its_line_alone(
    session: Session, take_in: Take, field: str, label: str
) -> None:
    lengths = (99, 100, 101, 499, 500, 501, 20_001)
    content = b"\n".join(advertisement(**{field: "工" * length}) for length in lengths)
    row = take_in(session, content)
    found = lines_of(session, row.identity)
    refused = [length for line, length in zip(found, lengths, strict=True) if line.reason.endswith("请改短")]
    assert refused == [length for length in lengths if length > LONGEST.get(field, LONGEST_FIELD)]
    assert refused and all(f"“{label}”（{field}）" in line.reason for line in found[-len(refused) :])


def test_no_field_may_be_longer_than_its_column() -> None:
    columns = {"title": Vacancy.__table__.c.title, "company": Employer.__table__.c.name}
    assert {name: column.type.length for name, column in columns.items()} == {
        name: LONGEST[name] for name in columns
    }


def test_the_field_is_named(session: Session, take_in: Take) -> None:
    row = take_in(session, advertisement(salary=["4000"]))
    (line,) = lines_of(session, row.identity)
    assert "薪资" in line.reason
    assert "salary" in line.reason
    assert "4000" not in line.reason


def test_what_is_whole_is_published_and_what_is_not_is_kept_back(session: Session, take_in: Take) -> None:
    content = b"\n".join(
        [
            advertisement(),
            advertisement(salary="面议"),
            advertisement(gender_req="女"),
            advertisement(company=""),
        ]
    )
    row = take_in(session, content)
    posts = session.exec(
        select(Vacancy).where(Vacancy.import_id == row.identity).order_by(Vacancy.import_line)
    ).all()
    assert [post.state is VacancyState.PUBLISHED for post in posts] == [True, False, False, False]
    statuses = [line.status for line in lines_of(session, row.identity)]
    assert statuses == [LineStatus.WHOLE, LineStatus.UNKNOWNS, LineStatus.HELD, LineStatus.UNKNOWNS]
    assert row.counts["held:sex"] == 1
    assert row.counts["unknown:missing_pay"] == 1
    assert row.counts["unknown:missing_employer"] == 1


@pytest.mark.parametrize(("demonstration", "days"), [(True, 2364), (False, 0)])
def test_dates_move_in_the_demonstration_only(
    session: Session, take_in: Take, demonstration: bool, days: int
) -> None:
    content = advertisement(posted="2015-03-20", deadline="2015-05-01")
    row = take_in(session, content, as_of=date(2015, 4, 1), demonstration=demonstration)
    assert row.shifted_days == days
    (post,) = session.exec(select(Vacancy).where(Vacancy.import_id == row.identity)).all()
    moved = date(2015, 5, 1).toordinal() + days
    assert post.valid_until == date.fromordinal(moved)
    standing = Standing.ON_OFFER if demonstration else Standing.EXPIRED
    assert standings(session, TODAY, Vacancy.import_id == row.identity) == {standing: 1}


def test_published_posts_are_told_apart_by_where_they_stand_today(session: Session, take_in: Take) -> None:
    spans = {
        Standing.ON_OFFER: ("2021-09-20", "2021-09-20"),
        Standing.LATER: ("2021-09-21", "2021-12-31"),
        Standing.EXPIRED: ("2021-08-01", "2021-09-19"),
        Standing.UNREFRESHED: ("2021-06-21", "2021-12-31"),
        Standing.FULL: ("2021-09-01", "2021-12-31"),
    }
    lines = [advertisement(posted=begin, deadline=end, headcount="1人") for begin, end in spans.values()]
    row = take_in(session, b"\n".join(lines))
    mine = Vacancy.import_id == row.identity
    posts = session.exec(select(Vacancy).where(mine).order_by(Vacancy.import_line)).all()
    assert session.connection().scalar(text("SELECT take_seat(:vacancy)"), {"vacancy": posts[-1].id})
    assert row.counts["whole"] == len(spans)
    assert standings(session, TODAY, mine) == dict.fromkeys(Standing, 1)
    told = standings_of(session, TODAY, [post.identity for post in posts])
    assert [told[post.identity] for post in posts] == list(spans)
    assert session.exec(select(Vacancy.id).where(mine, on_offer(TODAY))).all() == [posts[0].id]


def test_the_same_file_again_changes_nothing(session: Session, take_in: Take) -> None:
    content = advertisement()
    first = take_in(session, content)
    again = {"kept_by": "320612", "as_of": TODAY, "purpose": ImportPurpose.APPLY}
    assert earlier(session, sha256(content).hexdigest(), **again) == first
    assert take_in(session, content, file_name="另一个名字.jsonl").identity == first.identity
    assert len(session.exec(select(Vacancy).where(Vacancy.import_id == first.identity)).all()) == 1
    assert take_in(session, content, as_of=date(2021, 9, 19)).identity != first.identity


@pytest.mark.parametrize("content", [b"", b"\n\n \r\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n"])
def test_an_empty_file_is_refused(content: bytes) -> None:
    with pytest.raises(EmptyFile):
        read_postings(content)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"PK\x03\x04" + bytes(100), "Excel"),
        (b"\xd0\xcf\x11\xe0" + bytes(100), "Excel"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\x1f\x8b\x08", "压缩包"),
        ("缝纫工".encode("utf-16"), "UTF-16"),
    ],
)
def test_another_kind_of_file_is_named(content: bytes, kind: str) -> None:
    with pytest.raises(Problem) as refused:
        read_postings(content)
    assert refused.value.body.status == 422
    assert kind in refused.value.body.detail
    assert ".jsonl" in refused.value.body.detail


def test_a_file_of_too_many_lines_is_refused() -> None:
    with pytest.raises(Problem) as refused:
        read_postings(b"{}\n" * (LONGEST_FILE + 1))
    assert "10万行" in refused.value.body.detail


def test_carriage_returns_and_a_byte_order_mark_do_no_harm() -> None:
    read = read_postings(b"\xef\xbb\xbf" + advertisement() + b"\r\n" + advertisement() + b"\r\n")
    assert [line.line for line in read] == [1, 2]
    assert not any(isinstance(line, Rejected) for line in read)


def test_a_workbook_over_rest_is_a_client_error(login) -> None:
    files = {"file": ("招聘.xlsx", b"PK\x03\x04" + bytes(64))}
    answer = login("tongzhou").post("/v1/imports", files=files, data={"kind": "postings"})
    assert answer.status_code == 422
    assert "Excel" in answer.json()["detail"]
    answer = login("tongzhou").post("/v1/imports", files=files)
    assert answer.status_code == 403, "a list of people is not for those who only keep posts"
