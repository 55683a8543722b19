"""Fields of a reported record as columns of `worker` and `household`, and what does not fit into them."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from ledger.intake.layouts import Complaint, heading_of
from ledger.people import InvalidPhone, read_phone
from ledger.pinyin import pinyin
from ledger.records.reported import Reported
from models.household import HardshipCategory
from models.worker import RelationToHead

_RELATIONS = {
    word: relation
    for relation in RelationToHead
    for word in (relation.label, relation.label.removeprefix("之"))
} | {"本人": RelationToHead.HEAD, "本人或户主": RelationToHead.HEAD, "妻子": RelationToHead.SPOUSE}
_RELATIONS |= {"丈夫": RelationToHead.SPOUSE, "夫": RelationToHead.SPOUSE, "妻": RelationToHead.SPOUSE}
_RELATIONS |= {"父亲": RelationToHead.FATHER, "母亲": RelationToHead.MOTHER, "儿子": RelationToHead.SON}
_RELATIONS |= {"女儿": RelationToHead.DAUGHTER, "儿媳": RelationToHead.DAUGHTER_IN_LAW}

_LONGEST = {"person": 40, "name": 50, "political_status": 20, "village": 60, "household": 60, "ethnicity": 40}

PERSON_COLUMNS: dict[str, str] = {
    "person": "national_number",
    "name": "name",
    "relation": "relation_to_head",
    "ethnicity": "ethnicity",
    "political_status": "political_status",
    "education": "education",
    "student": "at_school",
    "health": "health",
    "capability": "labour_capability",
    "speaks_mandarin": "speaks_mandarin",
    "village": "village",
}
"""The column of `worker` of each field that is kept there in clear."""


def fitting(told: Reported, heading: Callable[[str], str] = heading_of) -> tuple[Reported, list[Complaint]]:
    """The record without what no column can hold, and what is to be told of it; `heading` names a field's column."""
    complaints: list[Complaint] = []
    unfit: dict[str, Any] = {}
    for field, most in _LONGEST.items():
        value = getattr(told, field)
        if value is not None and len(value) > most:
            complaints.append(
                Complaint(heading(field), f"超过{most}个字，请改短", field == "name", field != "name")
            )
            unfit[field] = None
    if told.relation is not None and told.relation not in _RELATIONS:
        complaints.append(
            Complaint(
                heading("relation"), "不是系统里的与户主关系，没有更新这一项，请按下拉项填写", lost=True
            )
        )
        unfit["relation"] = None
    elif told.relation is not None and _RELATIONS[told.relation].label != told.relation:
        unfit["relation"] = _RELATIONS[told.relation].label
    if told.risk_cleared_on is not None and told.risk_cleared is None:
        unfit["risk_cleared"] = True
    since = told.monitored_since
    if told.risk_cleared is False and told.risk_cleared_on is not None:
        complaints.append(
            Complaint(
                heading("risk_cleared_on"),
                "写着风险没有消除，却有消除时间，没有采用这个日期，请核对",
                lost=True,
            )
        )
        unfit["risk_cleared_on"] = None
    elif since is not None and told.risk_cleared_on is not None and told.risk_cleared_on < since:
        complaints.append(
            Complaint(heading("risk_cleared_on"), "早于识别时间，两个日期都没有采用，请核对", lost=True)
        )
        unfit |= {"risk_cleared_on": None, "monitored_since": None}
    if told.phone is not None and not dialled(told.phone):
        complaints.append(Complaint(heading("phone"), "应为11位手机号或带区号的固定电话，请核对", lost=True))
    return (replace(told, **unfit) if unfit else told), complaints


def dialled(phone: str | None) -> str | None:
    """The telephone in E.164 if somebody can be called by it."""
    if phone is None:
        return None
    try:
        return read_phone(phone)
    except InvalidPhone:
        return None


def person_columns(told: Reported, fields: Iterable[str]) -> dict[str, Any]:
    """What `told` says of the fields, as columns of `worker`; blanks say nothing."""
    columns: dict[str, Any] = {}
    for field in fields:
        column, value = PERSON_COLUMNS.get(field), getattr(told, field)
        if column is None or value in (None, (), ""):
            continue
        columns[column] = _WRITTEN.get(field, _as_it_is)(value)
        if field == "name":
            columns["name_pinyin"] = pinyin(value)
    return columns


def category_named(text: str | None) -> HardshipCategory | None:
    """The category that 户类型 or 监测对象类别 names; 一般农户 and the like name none."""
    if not text:
        return None
    plain = {
        "低保户": "低保",
        "特困户": "特困",
        "特困供养户": "特困",
        "边缘户": "边缘易致贫户",
        "脱贫监测户": "脱贫不稳定户",
    }
    try:
        return HardshipCategory.read(plain.get(text, text))
    except ValueError:
        return None


def _as_it_is(value: Any) -> Any:
    return value


_WRITTEN: dict[str, Callable[[Any], Any]] = {"relation": lambda text: _RELATIONS[text], "health": list}
