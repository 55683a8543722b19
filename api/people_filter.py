"""The filters of the ledger as they are asked for in an address, kept under a name, and told in words."""

from typing import Annotated, Any

from fastapi import Depends, Query
from pydantic import ValidationError

from api.presenting import Presenter
from api.schemas.base import RegionCode, Skill, Title
from api.schemas.base import Sought as SoughtText
from api.schemas.people_filter import PeopleFilter
from ledger.people_sought import Sought, Whereabouts
from models.coded import Coded
from models.education import Education
from models.household import HardshipCategory
from models.worker import Sex, Wants

_VILLAGE_CODE = 12


def get_sought(
    q: Annotated[SoughtText | None, Query(description="姓名、拼音或村名")] = None,
    region: Annotated[RegionCode | None, Query()] = None,
    village: Annotated[
        Title | None, Query(description="所选乡镇的台账里的村名，或“未填村”；也可以是12位的村代码")
    ] = None,
    hardship: Annotated[HardshipCategory | None, Query(description="当天属于这一帮扶类别的户")] = None,
    employed: Annotated[bool | None, Query(description="当天是否在岗")] = None,
    wants: Annotated[Wants | None, Query(description="就业意愿")] = None,
    age_from: Annotated[int | None, Query(ge=0, le=120, description="满多少岁")] = None,
    age_to: Annotated[int | None, Query(ge=0, le=120, description="不超过多少岁")] = None,
    sex: Annotated[Sex | None, Query()] = None,
    education: Annotated[Education | None, Query()] = None,
    skill: Annotated[Skill | None, Query(description="技能里有这几个字")] = None,
    relocated: Annotated[bool | None, Query(description="易地搬迁户的人")] = None,
    destination: Annotated[Whereabouts | None, Query(description="当天在岗的人在哪里上班")] = None,
    follow_up: Annotated[
        bool | None, Query(description="有没有未办的回访：要打的回访电话，没有办结的帮扶事项")
    ] = None,
    doubt: Annotated[bool | None, Query(description="有没有没处理的疑点")] = None,
    restricted: Annotated[
        bool, Query(description="只列限制使用的：本人要恢复同意、要副本或要删除时用")
    ] = False,
) -> Sought:
    """Who is sought, out of an address."""
    if village is not None and len(village) == _VILLAGE_CODE and village.isdecimal():
        region, village = village, None
    return Sought(
        q or None, region, village, hardship, employed, wants, age_from, age_to, sex, education, skill,
        relocated, destination, follow_up, doubt, restricted,
    )  # fmt: skip


SoughtDep = Annotated[Sought, Depends(get_sought)]


def kept_filter(sought: Sought) -> dict[str, Any]:
    """What is kept of it under a name: everything but whom it names and whether they are only stored."""
    told = {name: getattr(sought, name) for name in PeopleFilter.model_fields}
    return {
        name: value.value if isinstance(value, Coded) else value
        for name, value in told.items()
        if value is not None and value != ""
    }


def read_filter(wanted: dict[str, Any]) -> Sought:
    """A filter that was kept; a word that there is not any more is passed over."""
    while True:
        try:
            return PeopleFilter.model_validate(wanted).sought()
        except ValidationError as error:
            wrong = {str(each["loc"][0]) for each in error.errors() if each["loc"]}
            if wrong.isdisjoint(wanted):
                return Sought()
            wanted = {name: value for name, value in wanted.items() if name not in wrong}


def address_of(sought: Sought) -> dict[str, str]:
    """The fields of an address, as a form would send them."""
    found = {name: getattr(sought, name) for name in ("q", *PeopleFilter.model_fields)}
    found |= {"restricted": True} if sought.restricted else {}
    return {
        name: ("true" if value else "false") if isinstance(value, bool) else str(value)
        for name, value in found.items()
        if value is not None and value != ""
    }


def filter_words(sought: Sought, present: Presenter) -> str:
    """Who is meant, in words; a name or number that was looked for is not repeated."""
    told = [
        present.known_place(sought.region).name + (sought.village or "") if sought.region else "",
        "按姓名查找的" if sought.q else "",
        sought.hardship.label if sought.hardship else "",
        "" if sought.employed is None else "在岗" if sought.employed else "没有在岗",
        sought.destination.label + "上班" if sought.destination else "",
        sought.wants.label if sought.wants else "",
        _ages(sought),
        sought.sex.label if sought.sex else "",
        sought.education.label if sought.education else "",
        f"会{sought.skill}" if sought.skill else "",
        "" if sought.relocated is None else "易地搬迁户" if sought.relocated else "不是易地搬迁户",
        "" if sought.follow_up is None else "有未办的回访" if sought.follow_up else "没有未办的回访",
        "" if sought.doubt is None else "有疑点" if sought.doubt else "没有疑点",
        "限制使用的" if sought.restricted else "",
    ]
    return "，".join(filter(None, told)) or "全部"


def _ages(sought: Sought) -> str:
    if sought.age_from is None and sought.age_to is None:
        return ""
    if sought.age_to is None:
        return f"满{sought.age_from}岁"
    return f"{sought.age_to}岁以下" if sought.age_from is None else f"{sought.age_from}—{sought.age_to}岁"
