"""驻站人员: who works for a station is who has its role. An administrator gives it; whoever keeps the station may end it."""

from sqlalchemy import text
from sqlmodel import Session, select

from api.account_keeping import bind, mine_or_403
from api.audit import record
from api.deps import Caller
from api.errors import Problem
from api.schemas.account import BindingTold
from models.account import AccountBinding, Role
from models.station import ServiceStation

_END = text("SELECT binding_id, kept_by, place FROM end_posting(:station, :account)")


def may_give(caller: Caller, kept_by: str) -> bool:
    """Whether the caller may let somebody work at a station that this county keeps: rights are people's to give."""
    return caller.areas is None and caller.administers(kept_by)


def require_may_give(caller: Caller, kept_by: str) -> None:
    """Only an administrator gives rights.

    Raises
    ------
    Problem
        403 for anybody else.
    """
    if not may_give(caller, kept_by):
        raise Problem(
            403,
            "not-allowed",
            "驻站账号由管理员开通",
            "请派驻县的系统管理员在“账号”里邀请，角色选“劳务协作工作站”，再选这个工作站。",
        )


def begin_work(session: Session, caller: Caller, station: ServiceStation, account_id: int) -> bool:
    """Give an account the role at the station; False where it has it.

    Raises
    ------
    Problem
        403 for an account that is another's to administer.
    """
    account = mine_or_403(session, caller, account_id)
    query = select(AccountBinding.id).where(AccountBinding.account_id == account_id)
    had = set(session.exec(query))
    told = BindingTold(role=Role.STATION, station_id=station.identity)
    return bind(session, caller, account, told).id not in had


def end_work(session: Session, caller: Caller, station: ServiceStation, account_id: int) -> bool:
    """Take the role at the station away from an account; False where it has none.

    Raises
    ------
    Problem
        403 for one's own.
    """
    if account_id == caller.account_id:
        raise Problem(403, "own-account", "不能办理自己的账号", "自己的权限由另一位经办人或管理员取消。")
    told = {"station": station.identity, "account": account_id}
    ended = session.connection().execute(_END, told).all()
    for row in ended:
        taken = {
            "account_id": account_id,
            "role": Role.STATION.value,
            "region": row.place,
            "station_id": station.identity,
        }
        record(session, "delete", "account_binding", row.binding_id, region=row.kept_by, change=taken)
    session.expire_all()
    return bool(ended)
