"""核实上报: a person accepts what the rules left open, refuses it, takes a decision back, or reports anew.

Nothing is deleted: decisions are put out of force, spells superseded, and the way back is kept in the decision.
"""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from api.doubts.beyond import look_again
from api.errors import conflict, not_found
from api.placing import in_force
from api.reports.accepting import accept, industries, known_places, load_people, told_of
from api.reports.employers import Firms
from api.reports.opening import Writing
from ledger.applications import withdraw_offers
from ledger.records.reported import Reported
from ledger.reports import NewReport, Report, opened, write_reports
from models.base import now
from models.report import Outcome, ReportDecision, ReportSource, SpellReport
from models.sealing import Keyring
from models.spell import EmploymentSpell
from models.worker import Worker
from outcomes.accepting import BY_ITSELF, judge, title_of
from outcomes.correcting import corrected, hand_on, supersede
from outcomes.told import Told, eve, overlapping, same_employer

WAITING = frozenset({Outcome.CONTRADICTS, Outcome.LACKS})
"""Outcomes that leave a report to a person."""


def refuse(session: Session, report: Report, *, reason: str, account_id: int) -> ReportDecision:
    """Somebody checked it: what was reported is not so."""
    _wait(session, report)
    return _decide(session, report, Outcome.REFUSED, None, reason, {}, account_id)


def accept_anyway(
    session: Session,
    keyring: Keyring,
    report: Report,
    *,
    reason: str,
    region: str,
    account_id: int,
) -> ReportDecision:
    """Somebody checked it: what was reported is so, and what stands against it is corrected.

    Of work with another employer that began before, the end is moved to the eve; other work in those days was
    none. Of the same employer's the days are corrected. By now the rules may have nothing against it: then they
    decide.

    Raises
    ------
    Problem
        409 where it can't be so, because it contradicts itself, lacks what a spell needs, or meets a placement.
    """
    _wait(session, report)
    told = report.told
    if told is None:
        raise conflict("restricted", "信息已删除", "这名劳动力的信息已按规定删除，不能再采纳。")
    row = report.row
    people = load_people(session, {row.worker_id})
    person = people.get(row.worker_id)
    if person is None:
        raise conflict(
            "restricted", "该劳动力信息已限制使用", "本人已撤回同意或申请删除，信息只保存，不能再采纳上报。"
        )
    firms = Firms(session, {told.employer} if told.employer else set(), region)
    work = told_of(told, person, firms, known_places(session, [told]), row.reported_on)
    judgement = judge(work, person.standing)
    if judgement.outcome is Outcome.LACKS:
        raise conflict("report-lacks", title_of(judgement.rule), "先用“更正”补填这一项，再采纳。")
    if judgement.rule in BY_ITSELF and judgement.outcome is Outcome.CONTRADICTS:
        raise conflict(
            "report-contradictory",
            title_of(judgement.rule),
            "这条上报本身有误，请核实后用“更正”改正，再采纳。",
        )
    writing = Writing(session, firms, industries(session), account_id)
    source = (row.import_id, row.import_line)
    if judgement.outcome is not Outcome.CONTRADICTS:
        _put_out(session, report, account_id)
        writing.take(row.identity, person, work, told, judgement, source)
        writing.write(keyring)
        return _in_force(session, report)
    moved: list[dict[str, Any]] = []
    spell_id: int | None = None
    beside = overlapping(work, person.standing)
    # Others make way first: the days of one's own may be moved into theirs.
    for spell in sorted(beside, key=lambda each: same_employer(work, each)):
        other = session.get_one(EmploymentSpell, spell.key)
        in_force(session, other)
        if same_employer(work, spell) and spell_id is None:
            fresh = _as_told(session, other, work, reason)
            spell_id = fresh.identity
        elif spell.first_day < work.first_day:
            fresh = _cut(session, other, work, reason)
        elif other.application_id is not None:
            raise conflict(
                "placed",
                "与一次上岗登记重叠",
                "这些日子有一次经推荐办理的上岗。没有去的，请先在那条务工记录上撤销上岗，再采纳这条上报。",
            )
        else:
            supersede(session, other, because=reason)
            fresh = None
        moved.append({"id": other.identity, "fresh": fresh.identity if fresh else None})
    if spell_id is None:
        person = load_people(session, {row.worker_id})[row.worker_id]
        missing = judge(work, person.standing)
        if missing.outcome is not Outcome.OPENS:
            raise conflict("report-lacks", title_of(missing.rule), "先用“更正”补填这一项，再采纳。")
        spell_id = writing.open(person, work, told, source)
        writing.write(keyring)
    return _decide(session, report, Outcome.OPENS, spell_id, reason, {"others": moved}, account_id)


def reverse(session: Session, decision: ReportDecision, *, today: date, account_id: int) -> list[int]:
    """Take a decision back: the spells are as they were, the report waits; numbers of the reports that wait now.

    What was decided since about the spell that goes leans on it, and waits as well; who has not left after all needs
    none of the posts that she was offered because of it.

    Raises
    ------
    Problem
        409 where it was taken back before, or the spell was corrected since.
    """
    session.refresh(decision, with_for_update=True)
    if decision.reversed_at is not None:
        raise conflict("already-reversed", "已经撤销", "这次采纳已经撤销过了，请刷新页面。")
    waiting = [decision]
    spell = session.get(EmploymentSpell, decision.spell_id) if decision.spell_id else None
    if spell is not None and decision.outcome is Outcome.OPENS:
        in_force(session, spell)
        supersede(session, spell, because="撤销采纳")
        waiting += session.exec(
            select(ReportDecision).where(
                ReportDecision.spell_id == spell.id,
                ReportDecision.id != decision.id,
                col(ReportDecision.reversed_at).is_(None),
            )
        ).all()
        for moved in decision.before.get("others", []):
            _restore(session, moved)
    elif spell is not None and decision.before:
        in_force(session, spell)
        ended = spell.ended_on
        for name, was in decision.before["was"].items():
            became = decision.before["became"][name]
            value = getattr(spell, name)
            # What was found out since stays.
            if (value.isoformat() if value else None) == became:
                setattr(spell, name, date.fromisoformat(was) if was else None)
        if spell.ended_on is None:
            spell.observed_before = None
        if ended is not None and spell.ended_on is None:
            withdraw_offers(session, spell.worker_id, since=ended, on=today, account_id=account_id)
        session.add(spell)
    for each in waiting:
        each.reversed_at, each.reversed_by = now(), account_id
        session.add(each)
    session.flush()
    return [each.report_id for each in waiting]


def report_anew(
    session: Session,
    keyring: Keyring,
    worker: Worker,
    told: Reported,
    *,
    instead_of: Report | None,
    region: str,
    today: date,
    account_id: int,
) -> Report:
    """更正: a clerk's own report, in the place of an earlier one; then the same rules decide.

    `told` is all that is known of the work from now on; what a correction cannot speak of (plans, needs, a subsidy)
    stays as the earlier one told it. What that one had brought is taken back first; evidence of its spell goes over
    to the new one.
    """
    before: ReportDecision | None = None
    if instead_of is not None:
        if instead_of.row.superseded_at is not None:
            raise conflict("already-corrected", "这条上报已被更正", "请刷新页面，在更正后的上报上办理。")
        before = instead_of.decision
        told = _corrected(instead_of.told, told) if instead_of.told is not None else told
        if before is not None and before.outcome in (Outcome.OPENS, Outcome.EXTENDS, Outcome.ENDS):
            reverse(session, before, today=today, account_id=account_id)
        instead_of.row.superseded_at = now()
        session.add(instead_of.row)
        session.flush()
    [report_id] = write_reports(
        session,
        keyring,
        [NewReport(worker.identity, told)],
        source=ReportSource.CORRECTION,
        kind=None,
        import_id=None,
        reported_on=today,
        account_id=account_id,
    )
    if report_id is None:
        raise conflict("restricted", "信息已删除", "这名劳动力的信息已按规定删除，不能再登记。")
    accept(
        session,
        [(report_id, worker.identity, told)],
        region=region,
        as_of=today,
        account_id=account_id,
        keyring=keyring,
    )
    if before is not None:
        look_again(session, keyring, worker.identity, worker.region, today)
    [report] = opened(session, keyring, [session.get_one(SpellReport, report_id)])
    if before is not None and before.outcome is Outcome.OPENS and report.decision is not None:
        _hand_on(session, before.spell_id, report.decision)
    return report


_BESIDE = ("travel_subsidy", "plans", "needs", "intention", "id_kind", "phone")
_BEYOND = ("county_text", "abroad")


def _corrected(earlier: Reported, told: Reported) -> Reported:
    """What was told anew, with what only the earlier report tells."""
    names = _BESIDE if told.region else (*_BESIDE, *_BEYOND)
    return replace(told, asked=told.asked | earlier.asked, **{name: getattr(earlier, name) for name in names})


def _wait(session: Session, report: Report) -> None:
    """Lock the report; only one that waits can be decided about."""
    session.refresh(report.row, with_for_update=True)
    if report.row.superseded_at is not None:
        raise conflict("already-corrected", "这条上报已被更正", "请刷新页面，在更正后的上报上办理。")
    decision = _decision_of(session, report.row.identity)
    if decision is not None and decision.outcome not in WAITING:
        raise conflict(
            "already-decided", f"这条上报已处理：{decision.outcome.label}", "需要改变时，请先撤销原来的处理。"
        )


def _decision_of(session: Session, report_id: int) -> ReportDecision | None:
    return session.exec(
        select(ReportDecision).where(
            ReportDecision.report_id == report_id, col(ReportDecision.reversed_at).is_(None)
        )
    ).first()


def _in_force(session: Session, report: Report) -> ReportDecision:
    decision = _decision_of(session, report.row.identity)
    if decision is None:
        raise not_found("这条上报的处理")
    return decision


def _put_out(session: Session, report: Report, account_id: int) -> None:
    decision = _decision_of(session, report.row.identity)
    if decision is not None:
        decision.reversed_at, decision.reversed_by = now(), account_id
        session.add(decision)
        session.flush()


def _decide(
    session: Session,
    report: Report,
    outcome: Outcome,
    spell_id: int | None,
    reason: str,
    before: dict[str, Any],
    account_id: int,
) -> ReportDecision:
    _put_out(session, report, account_id)
    decision = ReportDecision(
        report_id=report.row.identity,
        spell_id=spell_id,
        outcome=outcome,
        rule="person",
        reason=reason,
        before=before,
        account_id=account_id,
    )
    session.add(decision)
    session.flush()
    return decision


def _as_told(session: Session, other: EmploymentSpell, work: Told, reason: str) -> EmploymentSpell:
    """The same work, with the days and the place that are told."""
    fresh = corrected(
        session,
        other,
        started_on=work.first_day,
        ended_on=work.recorded_end,
        because=reason,
        precision=work.precision,
    )
    if work.last_day is None and work.still:
        fresh.observed_until = max(fresh.observed_until or work.as_of, work.as_of)
    fresh.region = work.region or fresh.region
    session.add(fresh)
    session.flush()
    return fresh


def _cut(session: Session, other: EmploymentSpell, work: Told, reason: str) -> EmploymentSpell:
    """The other work, ended on the eve of what is told."""
    return corrected(
        session, other, started_on=other.started_on, ended_on=eve(work.first_day), because=reason
    )


def _restore(session: Session, moved: dict[str, Any]) -> None:
    """Put back what made way."""
    if moved["fresh"] is not None:
        fresh = session.get_one(EmploymentSpell, moved["fresh"])
        if fresh.superseded_at is None:
            supersede(session, fresh, because="撤销采纳")
    other = session.get_one(EmploymentSpell, moved["id"])
    other.superseded_at = other.superseded_by = other.superseded_because = None
    session.add(other)
    session.flush()


def _hand_on(session: Session, spell_id: int | None, decision: ReportDecision) -> None:
    """The spell that came of the correction stands in the place of the one before, with its evidence."""
    before = session.get(EmploymentSpell, spell_id) if spell_id else None
    if before is None or decision.spell_id is None or before.superseded_by is not None:
        return
    before.superseded_by = decision.spell_id
    session.add(before)
    hand_on(session, before.identity, decision.spell_id)
