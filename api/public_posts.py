"""公益性岗位: placing somebody, what they declare, a longer term; and the answers that tell of it."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, select

from api.audit import record
from api.care_shown import people_by_id
from api.errors import FieldError, Problem, conflict, invalid, not_found
from api.placing import in_force, require_days
from api.presenting import Presenter
from api.schemas.ladder import (
    CheckPublic,
    EligibilityPublic,
    EntrepreneurPublic,
    JobOfferPublic,
    PublicPostCreate,
    PublicPostPublic,
    TermExtended,
    TermPublic,
)
from ledger.applications import RefusalReason
from models.employer import Employer, EmployerKind
from models.public_post import (
    CadreRelation,
    DeclarationChange,
    ExtensionReason,
    PublicPostPlacement,
    TermExtension,
    post_kind_of,
)
from models.spell import Arrangement, EmploymentSpell, SpellKind
from models.worker import Worker
from outcomes.ladder.clock import Term, latest_extension
from outcomes.ladder.eligibility import Verdict
from outcomes.ladder.offers import Offered
from outcomes.ladder.post_rules import post_rule
from outcomes.ladder.standing import (
    Served,
    eligibility,
    extensions_in_force,
    placement_of,
    term_with,
    terms_of,
)
from outcomes.ladder.ventures import Venture


def place(
    session: Session, worker: Worker, body: PublicPostCreate, *, today: date, account_id: int
) -> EmploymentSpell:
    """Open the spell of somebody whom every check lets pass, with what was declared.

    Raises
    ------
    Problem
        409 with each reason where a check does not, or where the person is at work or only stored.
    """
    on = body.started_on or today
    employer = session.get(Employer, body.employer_id)
    if employer is None or employer.kind is not EmployerKind.PUBLIC_POST:
        raise invalid("employer_id", "unknown", "没有这个公益性岗位用人单位，请从用人单位中选择")
    # The person first, as everybody who opens a spell does.
    session.refresh(worker, with_for_update=True)
    require_days(worker, None, started_on=on, ended_on=None, today=today)
    found = eligibility(session, worker, place=employer.region, cadre=body.cadre_relation, on=on)
    failed = [check for check in found if check.verdict is Verdict.FAILED]
    if failed:
        raise Problem(
            409,
            "not-eligible",
            "还不能安置到公益性岗位",
            "".join(f"{check.reason}：{check.to_do}。" for check in failed),
            errors=[FieldError(field="worker_id", code=check.code, message=check.reason) for check in failed],
        )
    spell = EmploymentSpell(
        worker_id=worker.identity,
        employer_id=employer.identity,
        region=employer.region,
        kind=SpellKind.PUBLIC_POST,
        arrangement=Arrangement.ORGANISED,
        industry=employer.industry,
        started_on=on,
        observed_until=on,
        monthly_income=body.monthly_income,
        contract_months=body.contract_months,
        post_kind=post_kind_of(body.post_kind),
        is_demo=worker.is_demo,
    )
    session.add(spell)
    session.flush()
    session.refresh(spell)
    declare(session, spell, body.cadre_relation, today=today, account_id=account_id, reason=body.reason)
    return spell


def declare(
    session: Session,
    spell: EmploymentSpell,
    relation: CadreRelation,
    *,
    today: date,
    account_id: int,
    reason: DeclarationChange | None = None,
) -> None:
    """Keep what the person declared; declared again, the later counts and the record of changes keeps both.

    Raises
    ------
    Problem
        409 for a spell that is out of force, 422 where a declaration is lifted and nobody says why.
    """
    in_force(session, spell)
    before = placement_of(session, spell, today).cadre
    lifted = relation is CadreRelation.NONE and before not in (None, CadreRelation.NONE)
    if lifted and reason is None:
        raise invalid(
            "reason",
            "missing",
            "本人原来申报为村干部或其家属。问过本人，在“改为‘都不是’的原因”里选已不再任职或申报有误；仍是的按原来的关系申报",
        )
    if reason is not None and not lifted:
        raise invalid("reason", "not_needed", "原来申报为村干部或其家属、现在改为“都不是”的才选原因，请清空")
    row = session.exec(
        select(PublicPostPlacement).where(PublicPostPlacement.spell_id == spell.identity)
    ).first()
    if row is None:
        row = PublicPostPlacement(spell_id=spell.identity, cadre_relation=relation, declared_on=today)
    row.cadre_relation, row.declared_on, row.account_id = relation, today, account_id
    session.add(row)
    session.flush()
    if reason is not None:
        record(
            session,
            "update",
            "public_post_placement",
            row.identity,
            region=spell.origin_region,
            change={"reason": [None, reason.value]},
            worker_id=spell.worker_id,
        )


def extend(
    session: Session, spell: EmploymentSpell, body: TermExtended, *, today: date, account_id: int
) -> None:
    """Let a term last longer.

    Raises
    ------
    Problem
        409 where the person has left, 422 for a day that lengthens nothing.
    """
    if body.reason is ExtensionReason.WITHDRAWN:
        raise invalid("reason", "unknown", "请选择延期的原因；要撤回延期，请用“撤回延期”")
    in_force(session, spell)
    if spell.ended_on is not None and spell.ended_on < today:
        raise conflict(
            "already-ended", "这个人已经退出岗位", "已经退出的不用延期；再次安置的，另行登记上岗。"
        )
    worker = session.get_one(Worker, spell.worker_id)
    term = term_with(session, worker, spell, today)
    if body.until <= term.regular:
        raise invalid("until", "not_longer", f"按规定的期限已到{term.regular:%Y-%m-%d}，延期应晚于这一天")
    last = latest_extension(term, born=worker.birth_date, sex=worker.sex.value if worker.sex else "")
    if body.until > last:
        raise invalid(
            "until", "too_long", f"最多延到{last:%Y-%m-%d}：按规定期满后5年，或退休当月月底，取晚的一天"
        )
    session.add(
        TermExtension(
            spell_id=spell.identity,
            until=body.until,
            reason=body.reason,
            basis=body.basis,
            decided_on=today,
            account_id=account_id,
        )
    )
    session.flush()


def withdraw_extension(
    session: Session, spell: EmploymentSpell, reason: str, *, today: date, account_id: int
) -> None:
    """Take back the extension in force: the term lasts as long as before it. The record keeps both.

    Raises
    ------
    Problem
        409 where the placement is out of force, or no extension is.
    """
    in_force(session, spell)
    worker = session.get_one(Worker, spell.worker_id)
    session.refresh(worker, with_for_update=True)
    term = term_with(session, worker, spell, today)
    standing = extensions_in_force(session, term)
    if not standing:
        raise conflict("not-extended", "没有可以撤回的延期", "这个岗位现在没有延期，期限按规定计算。")
    before = standing[-2].until if len(standing) > 1 else term.regular
    session.add(
        TermExtension(
            spell_id=standing[-1].spell_id,
            until=before,
            reason=ExtensionReason.WITHDRAWN,
            basis=reason,
            decided_on=today,
            account_id=account_id,
        )
    )
    session.flush()


def public_post_or_404(session: Session, spell_id: int) -> EmploymentSpell:
    """The spell, if it is one of a public post that the session may see.

    Raises
    ------
    Problem
        404 otherwise.
    """
    row = session.get(EmploymentSpell, spell_id)
    if row is None or row.kind is not SpellKind.PUBLIC_POST or not row.is_main:
        raise not_found("这个公益性岗位安置")
    return row


def eligibility_public(
    session: Session, worker: Worker, *, place: str, cadre: CadreRelation | None, today: date
) -> EligibilityPublic:
    """Every check of a person as it stands today."""
    rule = post_rule(worker.region, today)
    found = eligibility(session, worker, place=place, cadre=cadre, on=today)
    return EligibilityPublic(
        may=all(check.verdict is not Verdict.FAILED for check in found),
        rule=rule.name,
        unconfirmed=list(rule.unconfirmed),
        checks=[
            CheckPublic(code=each.code, verdict=each.verdict, reason=each.reason, to_do=each.to_do)
            for each in found
        ],
        terms=[term_public(term) for term in terms_of(session, worker, today)],
    )


def served_public(session: Session, present: Presenter, rows: Sequence[Served]) -> list[PublicPostPublic]:
    """People in public posts."""
    people = people_by_id(session, present, (row.worker_id for row in rows))
    wanted = {row.employer_id for row in rows if row.employer_id is not None}
    names = dict(session.exec(select(Employer.id, Employer.name).where(col(Employer.id).in_(wanted))).all())
    return [
        PublicPostPublic(
            worker=people[row.worker_id],
            spell_id=row.spell_id,
            employer=names.get(row.employer_id),
            post_kind=row.post_kind,
            term=term_public(row.term),
            days_left=(row.term.until - present.today).days,
            exits=list(row.exits),
            cadre_relation=row.cadre,
        )
        for row in rows
    ]


def term_public(term: Term) -> TermPublic:
    """One placement."""
    return TermPublic(
        number=term.number,
        began=term.began,
        regular=term.regular,
        until=term.until,
        ended=term.ended,
        to_retirement=term.to_retirement,
    )


def offer_public(each: Offered) -> JobOfferPublic:
    """One offer."""
    return JobOfferPublic(
        id=each.offer.id if each.offer else None,
        application_id=each.application_id,
        rung=each.rung,
        what=each.what,
        offered_on=each.on,
        open=each.open,
        answer=each.offer.answer if each.offer else None,
        reason=RefusalReason.read(each.reason) if each.reason else None,
    )


def ventures_public(
    session: Session, present: Presenter, rows: Sequence[Venture]
) -> list[EntrepreneurPublic]:
    """People who work for themselves."""
    people = people_by_id(session, present, (row.worker_id for row in rows))
    return [
        EntrepreneurPublic(
            worker=people[row.worker_id],
            spell_id=row.spell_id,
            region=present.place(row.region),
            started_on=row.started_on,
            precision=row.precision,
            returned=row.returned,
        )
        for row in rows
    ]
