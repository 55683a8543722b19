"""vacancies.csv becomes posts of the bureau by the rules for every post; a later folder changes what its rows have changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, col, select

from api.importing import vacancy_of
from ledger.exchange.codes import Occupations, known_regions
from ledger.exchange.employers import digest_of, keep_key, keys_of
from ledger.exchange.folder import Folder, Post, Row, begun, complain, meaning, refuse, rejected
from ledger.exchange.posts import beyond, contradictions, heading_of_field, read_post
from ledger.forms import EXCHANGE
from ledger.gazetteer import Gazetteer
from ledger.intake.judged import Judged
from ledger.postings.reading import Rejected
from ledger.postings.report import outcome
from ledger.vacancies import settle
from models.employer import Employer
from models.exchange import ExchangeKey, ExchangeNoun
from models.intake import Import, LineStatus
from models.vacancy import Vacancy

_REQUIRED = tuple(
    column.heading
    for form in EXCHANGE
    if form.file == "vacancies"
    for column in form.columns
    if column.required
)
_COLUMNS = (
    "employer_id", "region", "title", "occupation", "seats", "pay_min", "pay_max", "hours_per_week", "min_age",
    "max_age", "min_education", "required_skills", "preferred_skills", "lodging", "meals", "social_insurance",
    "shift", "valid_from", "valid_until", "text", "unlawful_demands",
)  # fmt: skip
_AGREED = frozenset({"employer_id", "region", "title"})
"""What those who have started were promised."""

_REGION = "没有这个行政区划代码，请核对"
_OCCUPATION = "没有认出这个职业，按岗位名称判断；请写职业代码或常用的工种名称"
_TWICE = "前面已有一行是这个编号，请只留一行"
_STARTED = "已有{}人上岗，单位、地点、岗位名称不能改，人数不能少于已上岗的，没有改动；有变的请另开岗位"


@dataclass(slots=True)
class Offering:
    """One line: the post that it makes, or what it changes of the one that its key means."""

    judged: Judged
    key: str
    told: bytes
    firm: str
    made: Vacancy
    standing: ExchangeKey | None
    post: Vacancy | None
    changed: dict[str, Any] = field(default_factory=dict)


def judge_posts(
    session: Session, row: Import, folder: Folder, rows: Sequence[Row], occupations: Occupations
) -> list[tuple[Judged, Offering | None]]:
    """The lines of a chunk, each with what is to be written."""
    folder.look_up(session, [each for each in rows if each.values.get("employer_id")])
    keys = [str(each.values["vacancy_id"]) for each in rows if each.values.get("vacancy_id")]
    standing = keys_of(session, folder, ExchangeNoun.VACANCY, keys)
    numbers = [each.vacancy_id for each in standing.values()]
    posts = {each.id: each for each in session.exec(select(Vacancy).where(col(Vacancy.id).in_(numbers)))}
    places = known_regions(session, (each.values["region"] for each in rows if each.values.get("region")))
    found = []
    for each in rows:
        judged = begun(each, _REQUIRED, whole=True)
        offering = _read(session, row, folder, judged, each, standing, posts, places, occupations)
        found.append((judged, offering))
        key = str(each.values.get("vacancy_id", ""))
        if offering is not None:
            held = bool(offering.made.unlawful_demands)
            folder.posts[key] = Post(offering.post.id if offering.post else None, held)
            folder.lost.pop(("vacancy_id", key), None)
        elif key and judged.status is not LineStatus.SKIPPED:
            folder.lose("vacancy_id", key)
    return found


def _read(
    session: Session,
    row: Import,
    folder: Folder,
    judged: Judged,
    told: Row,
    standing: dict[str, ExchangeKey],
    posts: dict[int | None, Vacancy],
    places: frozenset[str],
    occupations: Occupations,
) -> Offering | None:
    values, key = told.values, str(told.values.get("vacancy_id", ""))
    meaning(folder, judged, told, "employer_id")
    if values.get("region") and values["region"] not in places:
        refuse(judged, "region", _REGION)
    if all(values.get(heading) is not None for heading in _REQUIRED):
        for heading, why in contradictions(values):
            refuse(judged, heading, why)
    if key in folder.made:
        refuse(judged, "vacancy_id", _TWICE)
    if rejected(judged).status is not LineStatus.NEW:
        return None
    firm = folder.firms[values["employer_id"]]
    read = read_post(told.line, values, firm, as_of=folder.as_of, gazetteer=Gazetteer.national())
    if isinstance(read, Rejected):
        refuse(judged, heading_of_field(read.field or "title"), read.reason)
        rejected(judged)
        return None
    if values.get("occupation") and not occupations.find(values["occupation"]):
        complain(judged, "occupation", _OCCUPATION)
    folder.made.add(key)
    known = standing.get(key)
    # One that comes in with this very folder has no number before it is applied.
    made = vacancy_of(row, read, session.get(Employer, firm.number) if firm.number else None)
    for column, value in beyond(values, occupations).items():
        setattr(made, column, value)
    offering = Offering(
        judged, key, digest_of(values), values["employer_id"], made, known,
        posts.get(known.vacancy_id) if known else None,
    )  # fmt: skip
    if offering.post is None:
        judged.status, judged.reason = read.status, outcome(read).reason
    elif known is not None and known.told == offering.told:
        judged.status = LineStatus.SAME
    else:
        _against(folder, offering)
    return offering


def _against(folder: Folder, offering: Offering) -> None:
    post, made, judged = offering.post, offering.made, offering.judged
    if post is None:
        return
    found = {
        column: getattr(made, column) for column in _COLUMNS if getattr(made, column) != getattr(post, column)
    }
    judged.status = LineStatus.SAME
    if post.seats_taken and (found.keys() & _AGREED or (made.seats or 0) < post.seats_taken):
        complain(judged, "vacancy_id", _STARTED.format(post.seats_taken))
        return
    offering.changed = found
    for column, value in found.items():
        if column == "employer_id":
            judged.changes[column] = "以前的单位", folder.firms[offering.firm].name
        elif column != "unlawful_demands":
            listed = isinstance(value, list)
            before = getattr(post, column)
            judged.changes[column] = (tuple(before), tuple(value)) if listed else (before, value)
    if found:
        judged.status = LineStatus.HELD if made.unlawful_demands else LineStatus.CHANGED


def write_posts(
    session: Session, folder: Folder, found: Sequence[Offering], at_line: Callable[[int], None]
) -> None:
    """Write them, and let the keys mean them from now on."""
    for offering in found:
        at_line(offering.judged.line)
        post = offering.post
        if post is None:
            post = offering.made
        elif offering.changed:
            for column, value in offering.changed.items():
                setattr(post, column, value)
            settle(post)
        session.add(post)
        session.flush()
        blocked = bool(offering.judged.complaints) and offering.post is not None and not offering.changed
        told = offering.standing.told if blocked and offering.standing else offering.told
        keep_key(session, folder, offering.standing, ExchangeNoun.VACANCY, offering.key, post.identity, told)
        folder.posts[offering.key] = Post(post.identity, bool(post.unlawful_demands))
    session.flush()
