"""岗位: what the law wants of an advertisement, and when it may be published."""

from dataclasses import asdict
from datetime import date
from typing import Any

from ledger.postings.demands import find_demands
from ledger.postings.duties import says_what_the_work_is
from ledger.postings.findings import Ground, Severity
from models.vacancy import Vacancy, VacancyState


class NotPublishable(Exception):
    """The post may not be published as it stands."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("not publishable")
        self.reasons = reasons


MISSING_WORDS = {
    Ground.MISSING_EMPLOYER: "未写明用人单位",
    Ground.MISSING_SEATS: "未写明招聘人数",
    Ground.MISSING_PLACE: "未写明工作地点",
    Ground.MISSING_PAY: "未写明工资（“面议”不算）",
    Ground.MISSING_VALIDITY: "未写明有效期（“长期有效”不算）",
    Ground.MISSING_DUTIES: "未写明工作内容或条件",
}
"""What the law wants stated, as the clerk is told that it is missing."""


def lint(title: str, text: str, occupation: str = "") -> list[dict[str, Any]]:
    """The unlawful demands in a post's words; one that only needs a reason does not hold it back.

    `occupation` is the occupation's name: with the title it tells the posts that law closes to women.
    """
    found = find_demands(gender="", title=title, text=text, occupation=occupation)
    return [asdict(finding) for finding in found if finding.severity is Severity.UNLAWFUL]


def source_demands(vacancy: Vacancy) -> list[dict[str, Any]]:
    """The unlawful demands that stood in a field of the source (性别要求：女): no rewording of the post removes them."""
    return [found for found in vacancy.unlawful_demands if found["field"] not in ("title", "text")]


def relint(
    vacancy: Vacancy, *, occupation: str = "", confirmed_removed: bool = False
) -> list[dict[str, Any]]:
    """Read a changed post's words again; what stood in the source's own fields stays, unless the employer took it back.

    Returns
    -------
    list
        the demands that fell because `confirmed_removed` says so; they are to be recorded.
    """
    stood = source_demands(vacancy)
    words = lint(vacancy.title, vacancy.text, occupation)
    vacancy.unlawful_demands = words if confirmed_removed else [*stood, *words]
    return stood if confirmed_removed else []


def missing_of(vacancy: Vacancy) -> list[Ground]:
    """What is missing before the post may be published."""
    stated = {
        Ground.MISSING_EMPLOYER: vacancy.employer_id is not None,
        Ground.MISSING_SEATS: vacancy.seats is not None,
        Ground.MISSING_PLACE: vacancy.region is not None,
        Ground.MISSING_PAY: vacancy.pay_min is not None,
        Ground.MISSING_VALIDITY: vacancy.valid_until is not None,
        Ground.MISSING_DUTIES: says_what_the_work_is(vacancy.text),
    }
    return [what for what, is_stated in stated.items() if not is_stated]


def settle(vacancy: Vacancy) -> Vacancy:
    """Bring `missing` and, unless it is closed, the state in line with what the post says."""
    missing = missing_of(vacancy)
    vacancy.missing = [what.value for what in missing]
    if vacancy.state is not VacancyState.CLOSED:
        if vacancy.unlawful_demands:
            vacancy.state = VacancyState.HELD
        elif missing or vacancy.state is VacancyState.HELD:
            vacancy.state = VacancyState.DRAFT
    return vacancy


def publish(vacancy: Vacancy, *, today: date) -> Vacancy:
    """Offer the post from today.

    Raises
    ------
    NotPublishable
        with everything that stands against it, in the clerk's words.
    """
    reasons = [MISSING_WORDS[what] for what in missing_of(vacancy)]
    reasons += [f"“{found['phrase']}”:{found['rewording']}" for found in vacancy.unlawful_demands]
    if vacancy.valid_until is not None and vacancy.valid_until < today:
        reasons.append("有效期已过，请先改为今后的日期")
    if vacancy.state is VacancyState.CLOSED:
        reasons.append("岗位已关闭")
    if reasons:
        raise NotPublishable(reasons)
    vacancy.state = VacancyState.PUBLISHED
    vacancy.missing = []
    vacancy.posted_on = vacancy.posted_on or today
    vacancy.valid_from = vacancy.valid_from or today
    vacancy.refreshed_on = today
    return vacancy


class NotRefreshable(Exception):
    """The post cannot be said to be still open as it stands."""

    def __init__(self, reason: str) -> None:
        super().__init__("not refreshable")
        self.reason = reason


def refresh(vacancy: Vacancy, *, today: date, valid_until: date | None = None) -> Vacancy:
    """Note that the employer, asked today, still takes people; `valid_until` puts off the end of an expired post.

    Raises
    ------
    NotRefreshable
        when it is not published, or has expired and no later end is told.
    """
    if vacancy.state is not VacancyState.PUBLISHED:
        raise NotRefreshable("只有已发布的岗位可以刷新，请先发布")
    expired = vacancy.valid_until is not None and vacancy.valid_until < today
    if expired and (valid_until is None or valid_until < today):
        raise NotRefreshable("有效期已过，请问过单位，填写新的有效期")
    if expired:
        vacancy.valid_until = valid_until
    vacancy.refreshed_on = today
    return vacancy
