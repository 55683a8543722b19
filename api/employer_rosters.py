"""给用人单位的名单: what an employer needs to meet those who arrive, or to claim for its workers, and nothing besides."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from io import BytesIO
from urllib.parse import quote

from fastapi import Response
from pydantic import BaseModel
from sqlmodel import Session, col, select

from api.audit import record
from api.deps import Caller
from api.errors import conflict
from api.idempotency import Once
from api.presenting import Presenter
from api.public_posts_file import XLSX
from api.workbooks.book import Value
from api.workbooks.plain_sheet import Sheet
from api.workbooks.writing import write_workbook
from ledger.consents.disclosing import Disclosed, Occasion, disclose
from ledger.gathering import for_nothing
from ledger.people import hardship_on, reveal
from models.age import age_on
from models.benefit import BenefitClaim
from models.disclosure import DisclosureReason, Told
from models.dispatch import Dispatch, DispatchMember
from models.employer import Employer
from models.sealing import Keyring, Unsealable
from models.vacancy import Vacancy
from models.worker import Worker
from outcomes.benefits.benefit import Benefit
from outcomes.benefits.people import firms_of

_WIDTHS = {Told.NAME: 12, Told.HOME: 34, Told.PHONE: 16, Told.POST: 24, Told.HARDSHIP: 18}
Tell = Callable[[Worker], Value]


class RosterTold(BaseModel):
    """What is remembered of a list: how many were told of, and nobody of them."""

    people: int
    kept_back: int


def dispatch_roster(
    session: Session,
    keyring: Keyring,
    caller: Caller,
    present: Presenter,
    batch: Dispatch,
    employer: Employer,
    today: date,
    once: Once,
) -> Response:
    """Who of a batch goes to this employer, with the telephone to find them by."""
    rows = session.exec(
        select(DispatchMember.worker_id, Vacancy.title)
        .join(Vacancy, col(Vacancy.id) == col(DispatchMember.vacancy_id))
        .where(
            DispatchMember.dispatch_id == batch.identity,
            Vacancy.employer_id == employer.identity,
            col(DispatchMember.departed).is_not(False),
            ~for_nothing(),
        )
        .order_by(col(DispatchMember.worker_id))
    ).all()
    posts = dict(rows)
    occasion = Occasion(DisclosureReason.DISPATCH, dispatch_id=batch.identity)
    tell = {Told.POST: lambda worker: posts[worker.identity], Told.PHONE: _phone(session, keyring)}
    return _roster(
        session, caller, present, occasion, list(posts), employer, tell, today, once, region=batch.region
    )


def claim_roster(
    session: Session,
    caller: Caller,
    present: Presenter,
    claim: BenefitClaim,
    employer: Employer,
    benefits: Mapping[str, Benefit],
    today: date,
    once: Once,
) -> Response:
    """Of whom an employer's claim is made up: those who were poverty-relieved and worked there when it was opened, as far
    as they have agreed to just that."""
    firm = firms_of(session, benefits, claim.opened_on, [employer]).get(employer.identity)
    hands = firm.hands if firm else ()
    people = [
        hand.key
        for hand in hands
        if hand.relieved and isinstance(hand.key, int) and hand.at_work(claim.opened_on)
    ]
    categories = _hardship(session, people, claim.opened_on)
    occasion = Occasion(DisclosureReason.CLAIM, claim_id=claim.identity)
    tell: dict[Told, Tell] = {Told.HARDSHIP: lambda worker: categories.get(worker.identity)}
    return _roster(
        session, caller, present, occasion, people, employer, tell, today, once, region=claim.region
    )


def employers_of(session: Session, batch: Dispatch) -> Sequence[tuple[int, str]]:
    """The employers to whose posts the people of a batch go."""
    rows = session.exec(
        select(Employer.id, Employer.name)
        .join(Vacancy, col(Vacancy.employer_id) == col(Employer.id))
        .join(DispatchMember, col(DispatchMember.vacancy_id) == col(Vacancy.id))
        .where(DispatchMember.dispatch_id == batch.identity)
        .distinct()
        .order_by(col(Employer.name))
    ).all()
    return [(number, name) for number, name in rows if number is not None]


def _roster(
    session: Session,
    caller: Caller,
    present: Presenter,
    occasion: Occasion,
    people: Sequence[int],
    employer: Employer,
    tell: Mapping[Told, Tell],
    today: date,
    once: Once,
    *,
    region: str,
) -> Response:
    found = disclose(
        session, occasion, people, employer.identity, on=today, account_id=caller.account_id, again=once.again
    )
    if not found.told:
        raise conflict("nobody-to-tell-of", "没有可以提供的人", _kept_back_words(found, employer.name))
    workers = session.exec(select(Worker).where(col(Worker.id).in_(found.told)).order_by(col(Worker.id)))
    ways = _ways(present, today) | dict(tell)
    fields = [field for field in Told if field in occasion.fields and field in ways]
    told = {"employer": employer.identity, "people": len(found.told), "kept_back": len(found.kept_back)}
    if not once.again:
        record(session, "disclose", "employer", employer.identity, region=region, change=told)
    once.keep(RosterTold(people=len(found.told), kept_back=len(found.kept_back)), status=200)
    file = BytesIO()
    banner: tuple[str, ...] = (f"提供给{employer.name}，只用于{occasion.reason.label}，用后删除",)
    if found.kept_back:
        banner += (_kept_back_words(found, employer.name),)
    lines = _lines(list(workers), fields, ways)
    widths = [float(_WIDTHS.get(field, 10)) for field in fields]
    write_workbook(file, [Sheet("名单", [field.label for field in fields], widths, lines, banner)])
    name = f"{employer.name}_{occasion.reason.label}_{today:%Y%m%d}.xlsx"
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "Cache-Control": "no-store",
    }
    if once.again:
        headers["Idempotent-Replayed"] = "true"
    return Response(file.getvalue(), media_type=XLSX, headers=headers)


def _kept_back_words(found: Disclosed, employer: str) -> str:
    if not found.kept_back:
        return f"没有要提供给{employer}的人。"
    return f"有{len(found.kept_back)}人没有同意向{employer}提供，没有列入。"


def _ways(present: Presenter, today: date) -> dict[Told, Tell]:
    return {
        Told.NAME: lambda worker: worker.name,
        Told.SEX: lambda worker: worker.sex.label if worker.sex else None,
        Told.AGE: lambda worker: age_on(worker.birth_date, today) if worker.birth_date else None,
        Told.HOME: lambda worker: present.known_place(worker.region[:6]).name,
    }


def _lines(workers: list[Worker], fields: list[Told], ways: Mapping[Told, Tell]) -> Iterator[list[Value]]:
    for worker in workers:
        yield [ways[field](worker) for field in fields]


def _phone(session: Session, keyring: Keyring) -> Tell:
    def tell(worker: Worker) -> Value:
        try:
            return reveal(session, keyring, worker)[1]
        except Unsealable:
            return None

    return tell


def _hardship(session: Session, people: Sequence[int], day: date) -> dict[int, str]:
    homes = {
        worker: household
        for worker, household in session.exec(
            select(Worker.id, Worker.household_id).where(col(Worker.id).in_(people))
        )
        if worker is not None and household is not None
    }
    found = hardship_on(session, list(set(homes.values())), day)
    return {worker: found[home].label for worker, home in homes.items() if home in found}
