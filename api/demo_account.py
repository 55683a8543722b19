"""The demonstration's accounts: a county clerk and administrator in every home region of the plans, an employer, a station."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection
from sqlmodel import Session, col, func, select

from api.account_keeping import posting
from api.database import sessions_of
from api.security import hash_password, issue_token
from ledger.consents.disclosing import Occasion, disclose
from models.account import Account, AccountBinding, Role, TokenKind
from models.application import OPEN_STATES, Application
from models.disclosure import DisclosureReason
from models.station import ServiceStation
from models.target import WorkPlan
from models.vacancy import Vacancy

USERNAME = "yanshi"
EMPLOYER, STATION = "yanshi-qiye", "yanshi-zhan"
"""The accounts at the other doors; their password is the clerk's."""


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """How to get into the demonstration."""

    username: str
    password: str
    link_token: str


def ensure_demo_account(connection: Connection, folder: Path) -> None:
    """The demonstration's accounts, made the first time; their password is kept in `folder`, and drawn anew where lost."""
    file = _password_file(folder)
    with sessions_of(connection, join_transaction_mode="create_savepoint")() as session:
        password = file.read_text().strip() if file.exists() else ""
        drawn = not password
        if drawn:
            password = secrets.token_urlsafe(9)
            folder.mkdir(parents=True, exist_ok=True)
            file.touch(mode=0o600)
            file.write_text(password)
        for username, words, bind in (
            (USERNAME, "演示账号", _bind),
            (EMPLOYER, "演示用人单位", _hire),
            (STATION, "演示驻外人员", _staff),
        ):
            account = session.exec(select(Account).where(Account.username == username)).first()
            if account is None or drawn:
                account = account or Account(username=username, display_name=words, is_demo=True)
                account.password_hash = hash_password(password)
                session.add(account)
                session.flush()
            bind(session, account)
        session.commit()


def demo_login(connection: Connection, folder: Path) -> DemoLogin:
    """The account's name and password, and a fresh one-time link."""
    with sessions_of(connection, join_transaction_mode="create_savepoint")() as session:
        account = session.exec(select(Account).where(Account.username == USERNAME)).one()
        token = issue_token(session, account.identity, TokenKind.LOGIN_LINK)
        session.commit()
    return DemoLogin(USERNAME, _password_file(folder).read_text().strip(), token)


def _password_file(folder: Path) -> Path:
    return folder / "demo-password.txt"


def _bind(session: Session, account: Account) -> None:
    """A county clerk's role in the home region of every plan that is loaded, and the administrator's there."""
    query = select(AccountBinding.role, AccountBinding.region)
    bound = set(session.exec(query.where(AccountBinding.account_id == account.identity)).all())
    # Bound one by one, so that the account's regions stand in the order of the plans.
    regions = list(dict.fromkeys(session.exec(select(WorkPlan.region).order_by(col(WorkPlan.id)))))
    for role in (Role.COUNTY, Role.ADMINISTRATOR):
        for region in regions:
            if (role, region) not in bound:
                session.add(AccountBinding(account_id=account.identity, role=role, region=region))
    if account.kept_by is None and regions:
        account.kept_by = regions[0]
        session.add(account)


def _hire(session: Session, account: Account) -> None:
    """The employer with the most applicants, who was told of them when they were put forward."""
    if _has_a_role(session, account):
        return
    query = (
        select(Vacancy.employer_id, Vacancy.kept_by)
        .join(Application, col(Application.vacancy_id) == Vacancy.id)
        .where(col(Application.state).in_(OPEN_STATES), Vacancy.is_demo)
        .group_by(col(Vacancy.employer_id), col(Vacancy.kept_by))
        .order_by(func.count().desc(), col(Vacancy.employer_id))
    )
    employer, kept_by = session.exec(query.limit(1)).first() or (None, None)
    if employer is None:
        return
    account.kept_by = kept_by
    session.add(account)
    session.add(AccountBinding(account_id=account.identity, role=Role.EMPLOYER, employer_id=employer))
    for row in session.exec(
        select(Application)
        .join(Vacancy, col(Vacancy.id) == col(Application.vacancy_id))
        .where(Vacancy.employer_id == employer, col(Application.state).in_(OPEN_STATES))
    ).all():
        put_forward = Occasion(DisclosureReason.PROPOSAL, application_id=row.identity)
        disclose(session, put_forward, [row.worker_id], employer, on=row.applied_on, account_id=None)


def _staff(session: Session, account: Account) -> None:
    """The first station of the demonstration."""
    if _has_a_role(session, account):
        return
    query = select(ServiceStation).where(ServiceStation.is_demo).order_by(col(ServiceStation.id))
    station = session.exec(query.limit(1)).first()
    posted = posting(session, station) if station is not None else None
    if station is not None and posted is not None:
        account.kept_by, posted.account_id = station.kept_by, account.identity
        session.add(account)
        session.add(posted)


def _has_a_role(session: Session, account: Account) -> bool:
    bound = select(AccountBinding.id).where(AccountBinding.account_id == account.identity)
    return session.exec(bound.limit(1)).first() is not None
