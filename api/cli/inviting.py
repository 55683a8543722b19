"""`./wengang invite`: the first administrator of a region comes by a link, as everybody does after that."""

from sqlmodel import Session

from api.audit import audited
from api.cli.preparing import opened
from api.cli.speaking import Refused, Telling, answer, say
from api.database import owner_connection, sessions_of
from api.noting import note
from api.rights import LEVELS
from api.security import issue_token
from api.settings import Settings
from models.account import Account, AccountBinding, Role, TokenKind
from models.region import Region


def run(settings: Settings, name: str, role: Role, region: str, *, as_json: bool) -> None:
    """Make the account, and print the path of its link.

    Raises
    ------
    Refused
        when there is no such region, or the role is of another level.
    """
    with (
        Telling(quiet=as_json) as tell,
        opened(settings, tell) as ready,
        owner_connection(ready.owner_database_url or "") as owner,
        audited(sessions_of(owner, join_transaction_mode="create_savepoint"), ready.keyring())() as session,
    ):
        code = _invited(session, name, role, region)
        session.commit()
    path = f"/invitation/{code}"
    if as_json:
        answer({"path": path})
    else:
        say(f"请把链接发给{name}，七天内有效，只能用一次：\n  服务的网址后面接 {path}")


def _invited(session: Session, name: str, role: Role, region: str) -> str:
    if session.get(Region, region) is None:
        raise Refused("没有这个行政区划代码，例如镇巴县是 610728。")
    if len(region) not in LEVELS.get(role, ()):
        raise Refused(f"{role.label}不能管辖这一级的行政区划。")
    account = Account(display_name=name, kept_by=region)
    session.add(account)
    session.flush()
    session.add(AccountBinding(account_id=account.identity, role=role, region=region))
    session.flush()
    note(session, "invite", account.identity)
    return issue_token(session, account.identity, TokenKind.INVITATION)
