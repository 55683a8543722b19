"""What a body must fulfil that only the database, the scope or the date can tell."""

from datetime import date

from sqlmodel import Session, col, select

from api.deps import Caller
from api.errors import FieldError, Problem, invalid
from api.schemas.worker import IntentionTold
from ledger.villages import TOWNSHIP_DIGITS, UNFILLED, villages_of
from models.household import Household
from models.region import Region, RegionLevel
from models.taxonomy import Occupation


def require_scope(session: Session, caller: Caller, region: str, field: str = "region") -> None:
    """The region must be there and one of the caller's, before the database has to say so.

    Raises
    ------
    Problem
        422 when there is none of that code, 403 when it is another's.
    """
    if session.get(Region, region) is None:
        words = "没有这个行政区划代码，请从区划表中选择。"
        told = [FieldError(field=field, code="region-unknown", message=words)]
        raise Problem(422, "region-unknown", "行政区划不存在", words, errors=told)
    if not caller.governs(region):
        raise Problem(403, "outside-scope", "不在您的管辖范围内", "只能登记和修改本辖区的记录。")


def require_county(session: Session, region: str) -> None:
    """Lists of people come into the ledger of one county, or of a city that has no counties.

    Raises
    ------
    Problem
        422 for a region that is made of counties.
    """
    below = select(Region.code).where(
        Region.parent_code == region, col(Region.level).in_((RegionLevel.CITY, RegionLevel.COUNTY))
    )
    if session.exec(below).first() is not None:
        raise invalid("kept_by", "county_needed", "人员名单要进入一个县的台账，请选择县（市、区）或乡镇")


def require_household(session: Session, household_id: int | None) -> None:
    """A household that the caller may not see is not there.

    Raises
    ------
    Problem
        422 when there is none.
    """
    if household_id is not None and session.get(Household, household_id) is None:
        raise invalid("household_id", "unknown", "没有找到这一户，请先登记户信息")


def require_born(birth_date: date | None, today: date) -> None:
    """Nobody is born after today.

    Raises
    ------
    Problem
        422 for a date in the future.
    """
    if birth_date is not None and birth_date > today:
        raise invalid("birth_date", "in_the_future", "出生日期不能晚于今天")


def require_known(session: Session, told: IntentionTold | None) -> None:
    """The places and occupations that somebody accepts must be there: a list can't refer to a table by itself.

    Raises
    ------
    Problem
        422 when one of them is not.
    """
    if told is None:
        return
    regions = session.exec(select(Region.code).where(col(Region.code).in_(told.accepted_regions)))
    if set(told.accepted_regions) - set(regions):
        raise invalid("intention.accepted_regions", "unknown", "有的行政区划代码不存在，请从区划表中选择")
    occupations = session.exec(select(Occupation.code).where(col(Occupation.code).in_(told.occupations)))
    if set(told.occupations) - set(occupations):
        raise invalid("intention.occupations", "unknown", "有的职业代码不存在，请从职业表中选择")


def require_village(session: Session, region: str | None, village: str | None) -> None:
    """A village is one of those that the ledger of the township names.

    Raises
    ------
    Problem
        422 for a village without its township, or one that the township's ledger does not name.
    """
    if village is None:
        return
    if region is None or len(region) != TOWNSHIP_DIGITS:
        raise invalid("village", "needs-township", "按村看要先选乡镇")
    if village != UNFILLED and village not in villages_of(session, region):
        raise invalid("village", "unknown", "这个乡镇的台账里没有这个村名，请从列出的村里选")
