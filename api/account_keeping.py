"""What an administrator does with accounts: invite, give and take roles, switch off and on, unlock."""

from sqlalchemy import text, update
from sqlmodel import Session, col, select

from api import security
from api.deps import Caller, common
from api.errors import FieldError, Problem, conflict, invalid, not_found
from api.noting import note
from api.rights import LEVELS
from api.schemas.account import BindingTold
from models.account import AccessToken, Account, AccountBinding, Role, TokenKind
from models.base import now
from models.employer import Employer
from models.pairing import Pairing
from models.region import Region
from models.station import ServiceStation

_MINE = text("SELECT number FROM administered_accounts() AS number WHERE number = ANY(:ids)")


def administered(session: Session, ids: list[int]) -> set[int]:
    """Those of the accounts that the caller may administer."""
    return set(session.connection().scalars(_MINE, {"ids": ids})) if ids else set()


def account_or_404(session: Session, account_id: int) -> Account:
    """An account that is kept, or may do something, where the caller is an administrator; or the caller's own.

    Raises
    ------
    Problem
        404 otherwise.
    """
    row = session.get(Account, account_id)
    if row is None:
        raise not_found("这个账号")
    return row


def mine_or_403(session: Session, caller: Caller, account_id: int) -> Account:
    """An account that the caller may administer.

    Raises
    ------
    Problem
        404 for one that the caller may not see, 403 for the caller's own and for one that may do something elsewhere.
    """
    row = account_or_404(session, account_id)
    if account_id == caller.account_id:
        raise Problem(403, "own-account", "不能办理自己的账号", "自己的权限和状态由另一位管理员办理。")
    if not administered(session, [account_id]):
        raise Problem(
            403,
            "account-elsewhere",
            "这个账号由上级或外地管理",
            "它在您的管理范围以外还有权限，请联系上级管理员办理；在您这里的权限可以取消。",
        )
    return row


def binding_for(session: Session, caller: Caller, told: BindingTold) -> tuple[AccountBinding, str]:
    """The binding that was asked for, of no account yet, and the region whose administrator looks after it.

    Raises
    ------
    Problem
        422 for what does not fit the role, 403 outside of where the caller administers.
    """
    if told.role is Role.STATION:
        return _at_station(session, caller, told)
    if told.role is Role.EMPLOYER:
        employer = session.get(Employer, told.employer_id) if told.employer_id else None
        if employer is None or told.region or told.station_id:
            raise invalid("employer_id", "unknown", "请选择已登记的用人单位，不填行政区划")
        _inside(caller, employer.kept_by, "employer_id")
        return AccountBinding(account_id=0, role=told.role, employer_id=employer.identity), employer.kept_by
    levels = LEVELS.get(told.role)
    if levels is None:
        raise invalid("role", "not_by_hand", f"{told.role.label}的账号不由管理员开通")
    if told.region is None or told.station_id or told.employer_id:
        raise invalid("region", "missing", "请选择这个角色管辖的行政区划")
    if session.get(Region, told.region) is None:
        words = "没有这个行政区划代码，请从区划表中选择。"
        errors = [FieldError(field="region", code="region-unknown", message=words)]
        raise Problem(422, "region-unknown", "行政区划不存在", words, errors=errors)
    if len(told.region) not in levels:
        raise invalid("region", "level", f"{told.role.label}不能管辖这一级的行政区划，请选择相应的一级")
    _inside(caller, told.region, "region")
    return AccountBinding(account_id=0, role=told.role, region=told.region), told.region


def _at_station(session: Session, caller: Caller, told: BindingTold) -> tuple[AccountBinding, str]:
    station = session.get(ServiceStation, told.station_id) if told.station_id else None
    if station is None or told.region or told.employer_id:
        raise invalid("station_id", "unknown", "请选择已登记的工作站，不填行政区划")
    _inside(caller, station.kept_by, "station_id")
    # By a pairing of those who keep it with the place where it stands; the county of a paired city is paired too.
    rows = session.exec(select(Pairing).order_by(col(Pairing.valid_from).desc(), col(Pairing.origin_region)))
    pairing = next(
        (
            row.id
            for row in rows
            if common((row.origin_region,), (station.kept_by,))
            and common((row.destination_region,), (station.region,))
        ),
        None,
    )
    if pairing is None:
        raise invalid("station_id", "no_pairing", "派驻的县与工作站所在地没有登记结对关系，不能开通驻站账号")
    row = AccountBinding(
        account_id=0,
        role=told.role,
        region=station.region,
        station_id=station.identity,
        pairing_id=pairing,
    )
    return row, station.kept_by


def _inside(caller: Caller, region: str, field: str) -> None:
    if not caller.administers(region):
        words = "只能在您管理的地区里开通账号和权限。"
        errors = [FieldError(field=field, code="outside-scope", message=words)]
        raise Problem(403, "outside-scope", "不在您的管辖范围内", words, errors=errors)


def invite(session: Session, caller: Caller, display_name: str, told: BindingTold) -> tuple[Account, str]:
    """An account that waits for its owner, and the code by which they come."""
    binding, home = binding_for(session, caller, told)
    account = Account(display_name=display_name, kept_by=home)
    session.add(account)
    session.flush()
    binding.account_id = account.identity
    session.add(binding)
    session.flush()
    return account, invite_again(session, account)


def invite_again(session: Session, account: Account) -> str:
    """A new code; those before are void. Who has a password already sets a new one by it."""
    if not account.active:
        raise conflict("account-off", "账号已停用", "请先启用这个账号，再发链接。")
    void_invitations(session, account.identity)
    code = security.issue_token(session, account.identity, TokenKind.INVITATION)
    note(session, "invite" if account.username is None else "new_link", account.identity)
    return code


def void_invitations(session: Session, account_id: int) -> int:
    """Whatever code is out serves no more; how many there were."""
    live = update(AccessToken).where(
        col(AccessToken.account_id) == account_id,
        col(AccessToken.kind) == TokenKind.INVITATION,
        col(AccessToken.revoked_at).is_(None),
        col(AccessToken.used_at).is_(None),
        col(AccessToken.expires_at) > now(),
    )
    return session.connection().execute(live.values(revoked_at=now())).rowcount


def bind(session: Session, caller: Caller, account: Account, told: BindingTold) -> AccountBinding:
    """Give one role more; one that is given already stands."""
    row, _ = binding_for(session, caller, told)
    row.account_id = account.identity
    standing = session.exec(
        select(AccountBinding).where(
            AccountBinding.account_id == row.account_id,
            AccountBinding.role == row.role,
            AccountBinding.region == row.region,
        )
    ).first()
    if standing is not None:
        return standing
    session.add(row)
    session.flush()
    return row


def unbind(session: Session, caller: Caller, account_id: int, binding_id: int) -> None:
    """Take one role away; it counts no more from the next request on.

    Raises
    ------
    Problem
        404 for a role that is not there, 403 for one's own.
    """
    if account_id == caller.account_id:
        raise Problem(403, "own-account", "不能办理自己的账号", "自己的权限和状态由另一位管理员办理。")
    row = session.get(AccountBinding, binding_id)
    if row is None or row.account_id != account_id:
        raise not_found("这项权限")
    session.delete(row)
    session.flush()


def switch(session: Session, account_id: int, on: bool) -> bool:
    """Let an account in, or not; whether that was a change. Where it is switched off, all that it had open ends."""
    changed = bool(
        session.connection().scalar(
            text("SELECT switch_account(:account, :on)"), {"account": account_id, "on": on}
        )
    )
    if changed:
        note(session, "switch_on" if on else "switch_off", account_id)
    return changed


def unlock(session: Session, account_id: int) -> int:
    """Forget the wrong passwords; how many there were."""
    forgiven = (
        session.connection().scalar(text("SELECT unlock_account(:account)"), {"account": account_id}) or 0
    )
    if forgiven:
        note(session, "unlock", account_id)
    return int(forgiven)
