"""vacancies.csv: its rows as advertisements, read by the rules for all of them; what they state exactly stays exact."""

from dataclasses import replace
from datetime import date
from typing import Any

from ledger.exchange.codes import Occupations
from ledger.exchange.folder import Firm
from ledger.forms import posting_of
from ledger.forms.values import write_money
from ledger.gazetteer import Gazetteer
from ledger.postings.pay import Pay
from ledger.postings.reading import Posting, Rejected
from ledger.postings.schooling import Schooling
from ledger.postings.seats import MOST_SEATS

_YES: dict[bool | None, str] = {True: "是", False: "否"}
_FIELD = {
    "title": "title", "company": "employer_id", "region": "region", "salary": "pay_min", "headcount": "seats",
    "deadline": "valid_until", "posted": "valid_from", "description": "text", "education": "min_education",
}  # fmt: skip
"""The heading of each field of an advertisement."""


def heading_of_field(field: str) -> str:
    """Where in vacancies.csv a field of an advertisement stands."""
    return _FIELD.get(field, field)


def read_post(
    line: int, values: dict[str, Any], firm: Firm, *, as_of: date, gazetteer: Gazetteer
) -> Posting | Rejected:
    """The row as an advertisement of the employer; one that names no first day was posted on the folder's day."""
    low, high = values.get("pay_min"), values.get("pay_max")
    texts = {
        "title": values["title"],
        "company": firm.name,
        "region": gazetteer.name(values["region"][:6]) if values["region"][:6] in gazetteer else "",
        "pay": _pay(low, high),
        "seats": str(values["seats"]),
        "education": f"{values['min_education'].label}以上" if values.get("min_education") else "",
        "skills": "、".join((*values.get("required_skills", ()), *values.get("preferred_skills", ()))),
        "ages": _ages(values.get("min_age"), values.get("max_age")),
        "keep": _keep(values.get("lodging"), values.get("meals")),
        "social_insurance": _YES.get(values.get("social_insurance"), ""),
        "shift": values["shift"].label if values.get("shift") else "",
        "hours": str(values.get("hours_per_week") or ""),
        "posted_on": (values.get("valid_from") or as_of).isoformat(),
        "valid_until": values["valid_until"].isoformat() if values.get("valid_until") else "",
        "duties": values.get("text") or "",
    }
    read = posting_of(line, {name: text for name, text in texts.items() if text}, gazetteer=gazetteer)
    if isinstance(read, Rejected):
        return read
    exact: dict[str, Any] = {"seats": values["seats"], "region": values["region"]}
    if low is not None:
        exact["pay"] = Pay(int(low), int(high) if high is not None else None)
    if values.get("min_education"):
        exact["schooling"] = Schooling(values["min_education"])
    for heading in ("min_age", "max_age", "lodging", "meals", "social_insurance", "shift"):
        if values.get(heading) is not None:
            exact[heading] = values[heading]
    return replace(read, **exact)


def beyond(values: dict[str, Any], occupations: Occupations) -> dict[str, Any]:
    """Columns of a post that no advertisement has fields for."""
    found: dict[str, Any] = {
        "required_skills": list(values.get("required_skills", ())),
        "preferred_skills": list(values.get("preferred_skills", ())),
    }
    if values.get("hours_per_week"):
        found["hours_per_week"] = values["hours_per_week"]
    if values.get("occupation") and (code := occupations.find(values["occupation"])):
        found["occupation"] = code
    return found


def contradictions(values: dict[str, Any]) -> list[tuple[str, str]]:
    """Headings of a row and what no post can be."""
    found = []
    if not 1 <= (values.get("seats") or 0) <= MOST_SEATS:
        found.append(("seats", f"应在1到{MOST_SEATS}人之间"))
    low, high = values.get("pay_min"), values.get("pay_max")
    if low is not None and (low < 1 or low > 1_000_000):
        found.append(("pay_min", "应在1到100万元之间"))
    if high is not None and (high > 1_000_000 or (low is not None and high < low)):
        found.append(("pay_max", "小于最低月工资，或超过100万元"))
    for first, last, why in (
        ("min_age", "max_age", "小于最低年龄"),
        ("valid_from", "valid_until", "早于有效期起"),
    ):
        one, other = values.get(first), values.get(last)
        if one is not None and other is not None and other < one:
            found.append((last, why))
    if values.get("hours_per_week") == 0:
        found.append(("hours_per_week", "应在1到168之间"))
    return found


def _pay(low: Any, high: Any) -> str:
    if low is None:
        return f"{write_money(high)}元/月以下" if high is not None else ""
    return (
        f"{write_money(low)}元/月" if high in (None, low) else f"{write_money(low)}-{write_money(high)}元/月"
    )


def _ages(low: int | None, high: int | None) -> str:
    if low is None and high is None:
        return ""
    if high is None:
        return f"{low}周岁以上"
    return f"{high}周岁以下" if low is None else f"{low}-{high}周岁"


def _keep(lodging: bool | None, meals: bool | None) -> str:
    told = [{True: "包住", False: "不包住"}.get(lodging, "") if lodging is not None else ""]
    told.append({True: "包吃", False: "不包吃"}.get(meals, "") if meals is not None else "")
    return "，".join(part for part in told if part)
