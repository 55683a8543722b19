"""Accounts as they are answered: how they stand, what they may do where, when they were last here."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, text
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from api.account_keeping import administered
from api.accounts import account_names
from api.deps import Caller
from api.noting import ALARMS, EVENTS
from api.open_sessions import LOGINS
from api.presenting import Presenter
from api.schemas.account import AccountEvent, AccountPublic, AccountState, BindingPublic
from api.settings import Settings
from models.account import AccessToken, Account, AccountBinding, Role, TokenKind
from models.base import now
from models.employer import Employer
from models.login import LoginAttempt, LoginOutcome, SecondFactor
from models.record import AuditEvent
from models.station import ServiceStation

_OWN_EVENTS = text("SELECT * FROM own_account_events(CAST(:actions AS text[]), :most)")
_OWN_SHOWN = 20


def accounts_public(
    session: Session, present: Presenter, caller: Caller, settings: Settings, rows: Sequence[Account]
) -> list[AccountPublic]:
    """Accounts in a list, asking the database once for all of them."""
    ids = [row.identity for row in rows]
    bindings = _bindings(session, present, caller, ids)
    mine = administered(session, ids)
    locked = _locked_until(session, settings, ids)
    seen = _latest(session, ids, *LOGINS)
    invited = _invited_until(session, ids)
    secured = set(
        session.exec(
            select(SecondFactor.account_id).where(
                col(SecondFactor.account_id).in_(ids), col(SecondFactor.confirmed_at).is_not(None)
            )
        )
    )
    return [
        AccountPublic(
            id=row.identity,
            version=row.version,
            username=row.username,
            display_name=row.display_name,
            state=_state(row, locked.get(row.identity), invited.get(row.identity)),
            kept_by=present.place(row.kept_by),
            bindings=bindings[row.identity],
            last_login=seen.get(row.identity),
            locked_until=locked.get(row.identity),
            invited_until=invited.get(row.identity),
            second_factor=row.identity in secured,
            mine=row.identity in mine,
            is_demo=row.is_demo,
        )
        for row in rows
    ]


def _state(row: Account, locked: datetime | None, invited: datetime | None) -> AccountState:
    if not row.active:
        return AccountState.OFF
    if row.username is None:
        return AccountState.INVITED if invited else AccountState.LAPSED
    return AccountState.LOCKED if locked else AccountState.ACTIVE


def _bindings(
    session: Session, present: Presenter, caller: Caller, ids: list[int]
) -> dict[int, list[BindingPublic]]:
    """What the caller may see of what they may do; of whom the station and the employer are."""
    found: dict[int, list[BindingPublic]] = defaultdict(list)
    query = (
        columns(AccountBinding, ServiceStation, Employer)
        .outerjoin(ServiceStation, col(ServiceStation.id) == col(AccountBinding.station_id))
        .outerjoin(Employer, col(Employer.id) == col(AccountBinding.employer_id))
        .where(col(AccountBinding.account_id).in_(ids))
        .order_by(col(AccountBinding.id))
    )
    for row, station, employer in session.execute(query):
        home = station.kept_by if station else employer.kept_by if employer else row.region
        found[row.account_id].append(
            BindingPublic(
                id=row.identity,
                role=row.role,
                region=present.place(row.region),
                station=station.name if station else None,
                employer=employer.name if employer else None,
                mine=row.account_id != caller.account_id and home is not None and caller.administers(home),
            )
        )
    return found


def _locked_until(session: Session, settings: Settings, ids: list[int]) -> dict[int, datetime]:
    """Those with so many wrong passwords, since the last right one, that they must wait, and until when."""
    window = timedelta(minutes=settings.login_minutes)
    right = (
        columns(col(LoginAttempt.account_id), func.max(col(LoginAttempt.created_at)).label("at"))
        .where(col(LoginAttempt.account_id).in_(ids), col(LoginAttempt.outcome) == LoginOutcome.RIGHT)
        .group_by(col(LoginAttempt.account_id))
        .subquery()
    )
    last = func.max(col(LoginAttempt.created_at))
    query = (
        columns(col(LoginAttempt.account_id), last)
        .outerjoin(right, right.c.account_id == col(LoginAttempt.account_id))
        .where(
            col(LoginAttempt.account_id).in_(ids),
            col(LoginAttempt.outcome) == LoginOutcome.FAILED,
            col(LoginAttempt.created_at) > now() - window,
            func.coalesce(col(LoginAttempt.created_at) > right.c.at, True),
        )
        .group_by(col(LoginAttempt.account_id))
        .having(func.count() >= settings.login_failures)
    )
    return {int(account): at + window for account, at in session.execute(query)}


def _latest(session: Session, ids: list[int], *kinds: TokenKind) -> dict[int, datetime]:
    rows = session.execute(
        columns(col(AccessToken.account_id), func.max(col(AccessToken.created_at)))
        .where(col(AccessToken.account_id).in_(ids), col(AccessToken.kind).in_(kinds))
        .group_by(col(AccessToken.account_id))
    )
    return {int(account): at for account, at in rows}


def _invited_until(session: Session, ids: list[int]) -> dict[int, datetime]:
    rows = session.execute(
        columns(col(AccessToken.account_id), func.max(col(AccessToken.expires_at)))
        .where(
            col(AccessToken.account_id).in_(ids),
            col(AccessToken.kind) == TokenKind.INVITATION,
            col(AccessToken.revoked_at).is_(None),
            col(AccessToken.used_at).is_(None),
            col(AccessToken.expires_at) > now(),
        )
        .group_by(col(AccessToken.account_id))
    )
    return {int(account): until for account, until in rows}


def events_public(session: Session, present: Presenter, rows: Sequence[AuditEvent]) -> list[AccountEvent]:
    """What happened to accounts, to whom and by whom."""
    of = {row.identity: _account_of(row) for row in rows}
    names = account_names(session, [*of.values(), *(row.account_id for row in rows)])
    return [
        AccountEvent(
            id=row.identity,
            at=row.created_at,
            action=row.action,
            words=_words(present, row),
            account_id=of[row.identity],
            account=names.get(of[row.identity], ""),
            by=names.get(row.account_id or 0, ""),
            alarming=row.noun == "account" and row.action in ALARMS,
        )
        for row in rows
    ]


def own_events(session: Session, present: Presenter) -> list[AccountEvent]:
    """The latest of what happened to the caller's own account."""
    wanted = select(AuditEvent).from_statement(_OWN_EVENTS.bindparams(actions=list(EVENTS), most=_OWN_SHOWN))
    return events_public(session, present, list(session.scalars(wanted)))


def _account_of(row: AuditEvent) -> int:
    """Of a role the change says whose it is."""
    told = (row.change or {}).get("account_id") if row.noun == "account_binding" else row.row_id
    return int(told or 0)


def _words(present: Presenter, row: AuditEvent) -> str:
    if row.noun != "account_binding":
        return EVENTS.get(row.action, row.action)
    change = row.change or {}
    place = present.place(change.get("region"))
    words = f"{'开通' if row.action == 'create' else '取消'}“{Role.read(change['role']).label}”权限"
    return f"{words}：{place.name}" if place else words
