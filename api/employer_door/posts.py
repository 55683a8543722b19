"""本单位的岗位: what an employer does with its posts, and what the linter says of one as it is written."""

from dataclasses import asdict

from sqlmodel import Session, col, func, select

from api.employer_door.asking import Own
from api.employer_door.waiting import to_be_answered
from api.errors import Problem, conflict, not_found
from api.offering import standings_of
from api.posting import occupation_name
from api.presenting import Presenter
from api.schemas.employer_door import (
    DemandPublic,
    LintAsked,
    LintPublic,
    MissingPublic,
    OwnPostCreate,
    OwnPostPublic,
    OwnPostSummary,
)
from ledger.postings.findings import Severity
from ledger.vacancies import MISSING_WORDS, demands, lint, missing_of, settle
from models.application import Application
from models.vacancy import Vacancy, VacancyState


def create_post(session: Session, whose: Own, body: OwnPostCreate) -> Vacancy:
    """Enter a post of the employer's own. It is kept by the bureau that keeps the employer, and marked as the employer's."""
    row = Vacancy(
        **body.model_dump(),
        employer_id=whose.employer.identity,
        kept_by=whose.employer.kept_by,
        by_employer=True,
        is_demo=whose.employer.is_demo,
    )
    row.unlawful_demands = lint(row.title, row.text, occupation_name(session, row))
    session.add(settle(row))
    session.flush()
    session.refresh(row)
    return row


def read_words(session: Session, whose: Own, body: LintAsked) -> LintPublic:
    """What the linter says of a post that is not kept yet."""
    draft = Vacancy(**body.model_dump(), employer_id=whose.employer.identity, kept_by=whose.employer.kept_by)
    found = demands(draft.title, draft.text, occupation_name(session, draft))
    missing = [MissingPublic(what=what, words=MISSING_WORDS[what]) for what in missing_of(draft)]
    unlawful = any(each.severity is Severity.UNLAWFUL for each in found)
    return LintPublic(
        publishable=bool(draft.title) and not unlawful and not missing,
        demands=[DemandPublic(**asdict(each)) for each in found],
        missing=missing,
    )


def post_or_404(session: Session, post_id: int) -> Vacancy:
    """A post of the employer's, whoever entered it.

    Raises
    ------
    Problem
        404 for any other: the session sees none.
    """
    row = session.get(Vacancy, post_id)
    if row is None:
        raise not_found("这个岗位")
    return row


def held_post(session: Session, post_id: int, *, to_write: bool = False) -> Vacancy:
    """The post, locked for a change; `to_write`: of its words, which are the bureau's where a bureau entered it.

    Raises
    ------
    Problem
        409 for one that is closed, 403 for words that are a bureau's.
    """
    row = post_or_404(session, post_id)
    session.refresh(row, with_for_update=True)
    if row.state is VacancyState.CLOSED:
        raise conflict(
            "vacancy-closed", "岗位已停止招聘", "停止招聘的岗位不再改动。还要招人，请新写一个岗位。"
        )
    if to_write and not row.by_employer:
        words = "这个岗位是人社部门登记的，要改内容请联系他们；是否还招人，您可以自己刷新或停止招聘。"
        raise Problem(403, "kept-elsewhere", "岗位由人社部门维护", words)
    return row


def summaries(session: Session, present: Presenter, rows: list[Vacancy]) -> list[OwnPostSummary]:
    """Posts in a list, each with where it stands and how many wait for an answer."""
    numbers = [row.identity for row in rows]
    standing = standings_of(session, present.today, numbers, present.refresh_days)
    waiting = dict(
        session.exec(
            select(Application.vacancy_id, func.count())
            .where(col(Application.vacancy_id).in_(numbers), *to_be_answered(present.today))
            .group_by(col(Application.vacancy_id))
        ).all()
    )
    return [
        OwnPostSummary(**each.model_dump(), standing=standing.get(each.id), waiting=waiting.get(each.id, 0))
        for each in present.vacancies(rows)
    ]


def post_public(session: Session, present: Presenter, row: Vacancy) -> OwnPostPublic:
    """One post."""
    standing = standings_of(session, present.today, [row.identity], present.refresh_days)
    return OwnPostPublic(**present.vacancy(row).model_dump(), standing=standing.get(row.identity))
