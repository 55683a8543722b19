"""What follows when a folder is in the ledger: its spells are accepted by the rules, and proved by what they say proves them."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from api.doubts.checking import check
from api.folder.spells import grade_of
from api.reports.accepting import Item, accept
from api.reports.employers import Firm
from ledger.doubts.thresholds import Thresholds
from ledger.exchange.spells import Work
from ledger.history import Written, change_of, change_rows, person_keys
from ledger.intake.applying import Applied, keep_reports
from ledger.intake.context import Context
from models.base import now
from models.bulk import count_again, insert_rows, update_rows
from models.employer import Employer
from models.intake import ImportKind
from models.report import PART_OF_A_SPELL, Outcome, ReportDecision
from models.sealing import Keyring
from models.spell import EmploymentSpell, Evidence, EvidenceGrade

_ADDED = ("contract_months", "arrangement", "leave_reason")
_MARKS = {"seal": "盖章", "telephone": "电话核实", "uscc": "信用代码相符"}
_MANY = 1_000


def follow_folder(
    session: Session,
    keyring: Keyring,
    context: Context,
    applied: Applied,
    works: Sequence[Work],
    *,
    file_name: str,
    thresholds: Thresholds | None = None,
    progress: Callable[[int, int, str], None] | None = None,
) -> None:
    """Keep and accept the reports, each as of the day of which it tells, and look for findings; in the transaction that
    applied the lines."""
    by_told = {id(work.told): work for work in works}
    firms = _firms(session, works)
    done = 0
    for items in keep_reports(session, keyring, context, applied):
        days: dict[date, list[Item]] = defaultdict(list)
        told: dict[int, Work] = {}
        for item in items:
            # What is told again of other lines, beside one that was mended, is in force already.
            if work := by_told.get(id(item[2])):
                told[item[0]] = work
                days[work.seen].append(item)
        # What ended is told as of the folder's own day: it comes before what was still going on when last seen.
        for day in sorted(days, key=lambda each: (each != context.as_of, each)):
            accept(
                session,
                days[day],
                region=context.region,
                as_of=day,
                account_id=context.account_id,
                keyring=keyring,
                firms_of={
                    number: firms[work.firm.number]
                    for number, work in told.items()
                    if work.firm.number in firms
                },
            )
        _complete(session, keyring, context, told, file_name)
        done += len(items)
        if progress:
            progress(done, len(works), "采纳务工记录")
    if done >= _MANY:
        count_again(session.connection())
    check(
        session,
        keyring,
        region=context.region,
        as_of=context.today,
        account_id=context.account_id,
        import_id=context.import_id,
        worker_ids=sorted(applied.workers),
        thresholds=thresholds,
        progress=progress,
    )


def _firms(session: Session, works: Sequence[Work]) -> dict[int | None, Firm]:
    numbers = {work.firm.number for work in works if work.firm.number}
    return {
        row.id: Firm(row.identity, row.region, row.kind)
        for row in session.exec(select(Employer).where(col(Employer.id).in_(numbers)))
    }


def _complete(
    session: Session, keyring: Keyring, context: Context, told: Mapping[int, Work], file_name: str
) -> None:
    """What no list but this says of a spell that it opened, and what proves the spells that it is part of."""
    decided = session.exec(
        select(ReportDecision.report_id, ReportDecision.spell_id, ReportDecision.outcome).where(
            col(ReportDecision.report_id).in_(list(told)),
            col(ReportDecision.reversed_at).is_(None),
            col(ReportDecision.outcome).in_(PART_OF_A_SPELL),
        )
    ).all()
    spells = {
        row.identity: row
        for row in session.exec(
            select(EmploymentSpell)
            .where(col(EmploymentSpell.id).in_([spell for _, spell, _ in decided]))
            .execution_options(populate_existing=True)
        )
    }
    # What was withdrawn is there too: the folder sent again does not bring it back.
    proved = {
        (row.spell_id, row.grade, row.covers_from, row.covers_to)
        for row in session.exec(select(Evidence).where(col(Evidence.spell_id).in_(list(spells))))
    }
    columns: list[dict[str, Any]] = []
    proofs: list[dict[str, Any]] = []
    written: list[Written] = []
    for report_id, spell_id, outcome in decided:
        spell, work = spells.get(spell_id or 0), told[report_id]
        if spell is None:
            continue

        def note(action: str, noun: str, change: dict[str, Any], spell: EmploymentSpell, line: int) -> None:
            row_id = spell.id if noun == "employment_spell" else None
            written.append(
                Written(
                    action, noun, row_id, change, spell.origin_region,
                    worker_id=spell.worker_id, import_line=line,
                )
            )  # fmt: skip

        if outcome is Outcome.OPENS and work.columns:
            before = {name: getattr(spell, name) for name in _ADDED}
            columns.append({"id": spell.identity} | before | work.columns)
            note(
                "update",
                "employment_spell",
                change_of(before, before | work.columns),
                spell,
                work.judged.line,
            )
        for proof in _proofs(work, spell, proved):
            proof |= {
                "source": f"{ImportKind.EXCHANGE.label}：{file_name}{proof['source']}",
                "import_id": context.import_id,
                "import_line": work.judged.line,
            }
            proofs.append({"created_at": now(), **proof})
            note("create", "evidence", change_of(None, proof), spell, work.judged.line)
    connection = session.connection()
    update_rows(connection, "employment_spell", ("id",), columns)
    insert_rows(connection, "evidence", proofs)
    keys = person_keys(session, keyring, {each.worker_id for each in written if each.worker_id})
    insert_rows(
        connection,
        "audit_event",
        change_rows(
            keys,
            written,
            account_id=context.account_id,
            request_id=context.request_id,
            import_id=context.import_id,
        ),
    )


def _proofs(
    work: Work, spell: EmploymentSpell, proved: set[tuple[int, EvidenceGrade, date, date]]
) -> list[dict[str, Any]]:
    """The evidence that a line names, as far as it lies within the spell and is not there already."""
    found = []
    last = spell.ended_on or spell.observed_until or spell.started_on
    for proof in work.proofs:
        first, until = max(proof.covers_from, spell.started_on), min(proof.covers_to, last)
        grade = grade_of(proof)
        key = (spell.identity, grade, first, until)
        if first > until or key in proved:
            continue
        proved.add(key)
        marks = "、".join(words for mark, words in _MARKS.items() if mark in proof.marks)
        found.append(
            {
                "spell_id": spell.identity,
                "grade": grade,
                "covers_from": first,
                "covers_to": until,
                "source": f"（{marks}）" if marks else "",
            }
        )
    return found
