"""A spell ended or corrected against its own proof: asked once, then done, kept and looked into as 疑点."""

from datetime import date

from sqlmodel import Session

from api.doubts.beyond import look_again
from api.errors import FieldError, Problem, invalid
from api.schemas.against import Against
from ledger.history import Written, change_rows, person_keys
from models.bulk import insert_rows
from models.sealing import Keyring
from models.spell import EmploymentSpell
from outcomes.beyond import beyond


def require_agreed(
    session: Session, spell: EmploymentSpell, told: Against, days: tuple[date, date | None]
) -> bool:
    """Whether evidence in force says otherwise of these days, and whoever asks knows it and said why.

    Parameters
    ----------
    days : the first and the last day that the record is to have, of whole months where only the month is known.

    Raises
    ------
    Problem
        409 that names the evidence where it was not agreed to; 422 where it was, without a reason.
    """
    proofs = beyond(session, [spell], days=days).get(spell.identity, [])
    if not proofs:
        return False
    if told.against_evidence and told.against_because is None:
        raise invalid("against_because", "missing", "请选择为什么与佐证不一致。")
    if told.against_evidence:
        return True
    words = [f"{each.label}，{each.covers_from:%Y-%m-%d}至{each.covers_to:%Y-%m-%d}" for each in proofs]
    raise Problem(
        409,
        "against-evidence",
        "有佐证证明那以后或以前还在岗",
        f"与{'；'.join(words)}不一致。日期填错的请改日期；材料登记错的请先撤回佐证；"
        "确实如此的，勾选确认并选择原因，超出的佐证不作数，并列为疑点核实。",
        errors=[FieldError(field="against_evidence", code="contradicted", message=each) for each in words],
    )


def note_agreed(
    session: Session,
    keyring: Keyring,
    spell: EmploymentSpell,
    told: Against,
    *,
    agreed: bool,
    today: date,
) -> None:
    """Why it was done against evidence stands in the person's history; what goes beyond the record is looked into."""
    if agreed and told.against_because is not None:
        actor = session.info["actor"]
        change = {"against_because": told.against_because.value}
        written = Written(
            "decide",
            "employment_spell",
            spell.identity,
            change,
            spell.origin_region,
            worker_id=spell.worker_id,
        )
        keys = person_keys(session, keyring, [spell.worker_id])
        rows = change_rows(keys, [written], account_id=actor.account_id, request_id=actor.request_id)
        insert_rows(session.connection(), "audit_event", rows)
    look_again(session, keyring, spell.worker_id, spell.origin_region, today)
