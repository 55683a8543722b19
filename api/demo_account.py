"""The demonstration's account: a county clerk, and the administrator, in every home region of the plans."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection
from sqlmodel import Session, col, select

from api.database import sessions_of
from api.security import hash_password, issue_token
from models.account import Account, AccountBinding, Role, TokenKind
from models.target import WorkPlan

USERNAME = "yanshi"


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """How to get into the demonstration."""

    username: str
    password: str
    link_token: str


def ensure_demo_account(connection: Connection, folder: Path) -> None:
    """The demonstration account, made the first time; its password is kept in `folder`, and drawn anew where lost."""
    file = _password_file(folder)
    with sessions_of(connection, join_transaction_mode="create_savepoint")() as session:
        account = session.exec(select(Account).where(Account.username == USERNAME)).first()
        if account is None or not file.exists() or not file.read_text().strip():
            password = secrets.token_urlsafe(9)
            folder.mkdir(parents=True, exist_ok=True)
            file.touch(mode=0o600)
            file.write_text(password)
            account = account or Account(username=USERNAME, display_name="演示账号", is_demo=True)
            account.password_hash = hash_password(password)
            session.add(account)
            session.flush()
        _bind(session, account)
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
