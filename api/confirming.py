"""双向核实: which sides an account may look from, and what a finding leads to."""

from datetime import date

from sqlmodel import Session, and_, col, or_, select

from api.deps import Caller, Grant, common, regions_of
from api.errors import Problem, conflict, invalid
from api.schemas.confirmation import ConfirmationCreate
from ledger.history import Written, change_rows, person_keys
from models.account import Role
from models.bulk import insert_rows
from models.confirmation import ConfirmingSide, SpellConfirmation, StillThere
from models.pairing import Pairing
from models.sealing import Keyring
from models.spell import PROVES, EmploymentSpell, Evidence, EvidenceGrade
from models.station import ServiceStation
from outcomes.confirming import Whose, confirmations, days_of, kind_of, proves

_SIDES = {
    Role.VILLAGE: ConfirmingSide.ORIGIN,
    Role.TOWNSHIP: ConfirmingSide.ORIGIN,
    Role.COUNTY: ConfirmingSide.ORIGIN,
    Role.CITY: ConfirmingSide.ORIGIN,
    Role.DESTINATION_COUNTY: ConfirmingSide.DESTINATION,
    Role.DESTINATION_CITY: ConfirmingSide.DESTINATION,
    Role.STATION: ConfirmingSide.STATION,
}
_GRADES = list(EvidenceGrade)


def sides_of(caller: Caller) -> list[ConfirmingSide]:
    """The sides from which the account may look."""
    mine = {_SIDES[role] for role in caller.roles if role in _SIDES}
    return [side for side in ConfirmingSide if side in mine]


def side_told(caller: Caller, told: ConfirmingSide | None) -> ConfirmingSide:
    """The side that was told, or the account's only one.

    Raises
    ------
    Problem
        403 for a side that is not the account's, 422 where it has several and none was told.
    """
    mine = sides_of(caller)
    if told is None and len(mine) != 1:
        raise invalid("side", "missing", "您的账号可以从几方核实，请写明是哪一方。")
    side = told or mine[0]
    if side not in mine:
        raise Problem(
            403, "not-this-side", "不是您这一方核实的", f"{side.label}的核实由{side.label}的账号登记。"
        )
    return side


def looked_after(session: Session, caller: Caller, side: ConfirmingSide, today: date) -> list[Whose]:
    """Whom the account looks after from this side: of the home county its own people wherever they are, of the place of
    work and of a station those of the regions that are paired with it on the day. Without a pairing that is nobody."""
    mine = [grant for grant in caller.grants if _SIDES.get(grant.role) is side and grant.region]
    if side is ConfirmingSide.ORIGIN:
        return [Whose(region, "") for region in regions_of(mine)]
    known = session.exec(
        select(Pairing).where(
            Pairing.valid_from <= today,
            or_(col(Pairing.valid_until).is_(None), col(Pairing.valid_until) >= today),
        )
    ).all()
    found = (whose for grant in mine for row in known for whose in _by_pairing(session, grant, row))
    return list(dict.fromkeys(found))


def _by_pairing(session: Session, grant: Grant, row: Pairing) -> list[Whose]:
    """What one pairing gives to one role: where both its ends and those of the role lie in each other."""
    homes: tuple[str, ...] = ("",)
    if grant.station_id is not None:
        # Who keeps the station looks after its own people there; which pairing it was opened under says no more.
        station = session.get(ServiceStation, grant.station_id)
        homes = () if station is None else (station.kept_by,)
    elif grant.pairing_id is not None:
        homes = ("",) if grant.pairing_id == row.id else ()
    elif grant.role is Role.STATION:
        homes = ()
    return [
        Whose(home, place)
        for home in common((row.origin_region,), homes)
        for place in common((row.destination_region,), (grant.region or "",))
    ]


def is_theirs(
    session: Session, caller: Caller, side: ConfirmingSide, spell: EmploymentSpell, today: date
) -> bool:
    """Whether the account looks after this spell from this side."""
    return any(each.holds(spell) for each in looked_after(session, caller, side, today))


def confirm(
    session: Session,
    keyring: Keyring,
    caller: Caller,
    spell: EmploymentSpell,
    body: ConfirmationCreate,
    *,
    today: date,
) -> SpellConfirmation:
    """Keep what one side found; who was found at work is proved to have been there. The record itself stays.

    Raises
    ------
    Problem
        403 where it is not this side's spell; 409 for one out of force or a person whose data is put away; 422 for
        days that cannot be.
    """
    side = side_told(caller, body.side)
    if not is_theirs(session, caller, side, spell, today):
        raise Problem(
            403,
            "not-this-side",
            "不是您这一方核实的",
            "户籍地核实本地的人，就业地和工作站核实结对地区在本地务工的人，请联系对方核实。",
        )
    if spell.superseded_at is not None:
        raise conflict("already-corrected", "这条务工记录已被更正", "请刷新页面，在更正后的记录上办理。")
    on = body.found_on or today
    first, last = days_of(spell)
    if on > today:
        raise invalid("found_on", "in_the_future", "核实日期不能晚于今天")
    if on < first:
        raise invalid("found_on", "before_start", f"核实日期不能早于开始务工的日期（{first:%Y-%m-%d}）")
    if body.since is not None and not first <= body.since <= on:
        raise invalid("since", "outside", f"连续在岗的起始日期应在{first:%Y-%m-%d}至核实日期之间")
    row = SpellConfirmation(
        spell_id=spell.identity,
        side=side,
        found=body.found,
        means=body.means,
        found_on=on,
        since=body.since,
        account_id=caller.account_id,
        is_demo=spell.is_demo,
    )
    seen = spell.observed_until
    session.add(row)
    session.flush()
    # The database has carried the observation on; what the mapper holds is the state before.
    session.refresh(spell)
    if spell.observed_until != seen:
        _record_seen(session, keyring, spell, seen, caller)
    if body.found is StillThere.AT_WORK and (last is None or on <= last):
        _prove(session, spell.identity, row)
    return row


def prove_again(session: Session, spell: EmploymentSpell) -> None:
    """Better evidence of the spell is gone: what was found at work proves what it was not needed for before."""
    _, last = days_of(spell)
    for row in confirmations(session, [spell.identity]).get(spell.identity, []):
        if row.found is StillThere.AT_WORK and (last is None or row.found_on <= last):
            _prove(session, spell.identity, row)


def _record_seen(
    session: Session, keyring: Keyring, spell: EmploymentSpell, before: date | None, caller: Caller
) -> None:
    moved = {"observed_until": [before, spell.observed_until]}
    written = Written(
        "update", "employment_spell", spell.identity, moved, spell.origin_region, worker_id=spell.worker_id
    )
    keys = person_keys(session, keyring, [spell.worker_id])
    request_id = session.info["actor"].request_id
    rows = change_rows(keys, [written], account_id=caller.account_id, request_id=request_id)
    insert_rows(session.connection(), "audit_event", rows)


def _prove(session: Session, spell_id: int, row: SpellConfirmation) -> None:
    """Evidence of the days that were found, unless as good covers them already, or this very evidence was withdrawn."""
    source = f"{row.side.label}核实：{row.means.label}"
    for grade, begins in proves(row.side, row.means, row.since, row.found_on):
        good = _GRADES[: _GRADES.index(grade) + 1]
        covering = select(Evidence.id).where(
            Evidence.spell_id == spell_id,
            col(Evidence.grade).in_(good),
            Evidence.covers_from <= begins,
            Evidence.covers_to >= row.found_on,
            or_(PROVES, and_(Evidence.source == source, Evidence.covers_to == row.found_on)),
        )
        if session.exec(covering).first() is None:
            session.add(
                Evidence(
                    spell_id=spell_id,
                    grade=grade,
                    kind=kind_of(grade),
                    covers_from=begins,
                    covers_to=row.found_on,
                    source=source,
                )
            )
            session.flush()
