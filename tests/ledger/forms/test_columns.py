"""Every column of every form: what a text is read as can be written and read again."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.forms import ALL_FORMS, FORMS, Column, Form, Unclear, form_named
from ledger.forms.cells import text_of
from ledger.forms.column import is_numbering, month_column, plain_heading
from ledger.forms.exchange import DAY_OR_MONTH
from ledger.forms.places import PARTS, Places
from ledger.forms.proofs import PAID
from ledger.forms.values import DAY, MONTH
from ledger.gazetteer import Gazetteer
from ledger.records.reported import ALL_FIELDS
from models.intake import ImportKind

COLUMNS = [
    pytest.param(column, id=f"{form.code}-{column.field}")
    for form in ALL_FORMS
    for column in {column.field: column for column in (*form.accepted, *form.columns)}.values()
]
EVERY_SORT = list({id(param.values[0].values): param for param in COLUMNS}.values())
DIGITS = "0123456789０９"
SIGNS = "年月日-/.~至到以上下岁周元万千K不限包吃住无;:、，,() 　'=+"
PIECES = st.sampled_from(
    [
        "2025", "202501", "01", "12", "31", "年", "月", "日", "至", "-", "~", "4000", "6000元", "以上", "以下", "18", "55", "岁",
        "包吃", "包住", "不", "面议", "120元/天", "8-10万/年", "若干", "10人", "初中", "大专", "不限", "及", "无", "否", "是", "0",
        "320612", "61", ";", ":3", "缝纫", "1e18", "9.5", "null", "两班倒", "F", "脱贫户", " ", "“",
    ]
)  # fmt: skip
DAYS = st.dates(date(1945, 1, 1), date(2105, 12, 31))
TEXTS = st.one_of(
    st.text(max_size=16),
    st.text(alphabet=DIGITS + SIGNS, max_size=14),
    st.lists(PIECES, min_size=1, max_size=6).map("".join),
    DAYS.map(str),
    DAYS.map(lambda day: f"{day.year}年{day.month}月{day.day}日"),
    DAYS.map(lambda day: f"{day:%Y%m}"),
    DAYS.map(lambda day: f"{day:%Y-%m}"),
    st.tuples(DAYS, st.sampled_from(["至", "-", "~", " - ", "—"]), DAYS).map(
        lambda span: f"{min(span[0], span[2]):%Y%m}{span[1]}{max(span[0], span[2]):%Y%m}"
    ),
    st.tuples(DAYS, st.sampled_from(["至", "~", " - "]), DAYS).map(
        lambda span: f"{span[0]}{span[1]}{span[2]}"
    ),
    st.integers(0, 10**7).map(str),
    st.decimals(0, 10**6, places=2).map(str),
    st.tuples(st.integers(14, 80), st.integers(14, 80)).map(lambda ages: f"{ages[0]}-{ages[1]}"),
    st.tuples(st.integers(300, 20000), st.integers(300, 30000)).map(lambda pay: f"{pay[0]}-{pay[1]}元/月"),
)


def read(column: Column, text: str) -> Any:
    text = text_of(text)
    return column.parse(text) if text else column.values.blank


@pytest.mark.parametrize("column", EVERY_SORT)
@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_what_was_read_is_written_and_read_again(column: Column, data: st.DataObject) -> None:
    known = [text for text in (column.example, *column.choices) if text]
    text = data.draw(st.one_of(TEXTS, st.sampled_from(known)) if known else TEXTS)
    try:
        value = read(column, text)
    except Unclear as problem:
        assert "，" in str(problem) or "应" in str(problem)
        return
    assert read(column, column.write(value)) == value


@pytest.mark.parametrize("column", COLUMNS)
def test_examples_and_choices_can_be_read(column: Column) -> None:
    for text in filter(None, (column.example, *column.choices)):
        value = column.parse(text)
        assert read(column, column.write(value)) == value
    if column.values.closed and column.example:
        assert column.write(column.parse(column.example)) in column.choices


@given(st.dates(), st.sampled_from(["√", "×", "0", "已缴", "4500", "停缴"]))
def test_a_month_of_its_own_column(day: Any, text: str) -> None:
    column = month_column(PAID, day.replace(day=1))
    value = column.parse(text)
    assert column.values.parse(column.values.write(value)) == value


@pytest.mark.parametrize("form", ALL_FORMS, ids=lambda form: form.code)
def test_a_forms_headings_mean_one_column_each(form: Form) -> None:
    for column in form.columns:
        for name in (column.heading, f"*{column.heading} "):
            assert form.named(name) is column
        for name in column.aliases:
            named = form.named(name)
            assert named is not None
            assert named.field == column.field or plain_heading(name) == plain_heading(named.heading)
    fields = [column.field for column in form.columns]
    assert len(fields) == len(set(fields))
    assert not any(is_numbering(column.heading) for column in form.columns)
    assert set(form.whose) <= set(form.by_field)
    for group in form.telling:
        assert group <= set(form.by_field) | ({"months"} if form.months else set())


def test_there_is_a_form_for_each_kind_of_file_that_has_columns() -> None:
    assert set(FORMS) == set(ImportKind) - {ImportKind.POSTINGS, ImportKind.EXCHANGE}
    for form in ALL_FORMS:
        assert form_named(form.code) is form
        assert FORMS.get(form.kind, form) is form


def test_everything_that_a_report_tells_has_a_column_in_the_national_files() -> None:
    fields = {column.field for form in ALL_FORMS for column in form.columns} | set(PARTS)
    assert ALL_FIELDS - {"region", "county_text"} <= fields


def test_numbers_that_must_stay_text_and_what_is_personal() -> None:
    for form in ALL_FORMS:
        for column in form.columns:
            if column.field == "id_number":
                assert column.text_only
            # An employer has a name too, which is no secret.
            if column.field in ("id_number", "phone", "name", "contact") and form.file != "employers":
                assert column.personal


def test_every_place_is_written_and_found_again() -> None:
    places, gazetteer = Places(), Gazetteer.national()
    codes = [code for code in gazetteer._rows if gazetteer.level(code) != "township"]
    assert len(codes) > 3000
    lost = []
    for code in codes:
        texts = places.parts(code)
        found = places.read((texts["place_province"], texts["place_city"], texts["place_county"], ""))
        whole = places.read(("", "", "", texts["place"]))
        if not (found["region"] == whole["region"] == code and found["county_text"] is None):
            lost.append((code, texts, found, whole))
    assert lost == []


@pytest.mark.parametrize(
    ("region", "county", "abroad"), [("3205", "苏州工业园区", False), (None, None, True), (None, None, False)]
)
def test_places_that_no_code_stands_for(region: str | None, county: str | None, abroad: bool) -> None:
    places = Places()
    texts = places.parts(region, county, abroad)
    found = places.read(
        (texts.get("place_province", ""), texts.get("place_city", ""), texts.get("place_county", ""), "")
    )
    told = {"region": region, "county_text": county, "abroad": abroad}
    assert found == told or (not found and not any(told.values()))


@pytest.mark.parametrize(
    ("parse", "text", "words"),
    [
        (MONTH.parse, "2021-02-30", "没有这一天，应写成年月日"),
        (MONTH.parse, "2021年13月", "没有这个月份，应写成年月"),
        (DAY.parse, "2021-02-30", "没有这一天，应写成年月日，例如“2025-06-30”"),
        (DAY.parse, "2021-02", "应写成年月日，例如“2025-06-30”"),
        (DAY_OR_MONTH.parse, "2021-02-30", "没有这一天，应写成年月日，例如“2025-06-30”"),
        (DAY_OR_MONTH.parse, "2021-13", "没有这个月份，应写成“2025-03”"),
    ],
)
def test_a_date_that_cannot_be_is_told_as_its_column_wants_it(
    parse: Callable[[str], object], text: str, words: str
) -> None:
    with pytest.raises(Unclear) as refused:
        parse(text)
    assert str(refused.value).startswith(words)
