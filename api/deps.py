"""What a route is given: a session that is one transaction, and the caller under whose scope it runs."""

from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated

from fastapi import Depends, Path, Query, Request
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, select

from api import security
from api.asked import current
from api.audit import Actor
from api.errors import Problem, invalid
from api.rights import ALLOWED, AREAS, Action, Area
from api.schemas.base import Day
from api.settings import Settings
from models.account import Account, AccountBinding, Role, TokenKind
from models.login import SecondFactor
from models.sealing import Keyring

SESSION_COOKIE = "wengang_session"


def over_safe_line(request: Request) -> bool:
    """Whether cookies may travel encrypted only: as the settings say, else as this request came."""
    told: bool | None = request.app.state.settings.secure_cookies
    return request.url.scheme == "https" if told is None else told


def session_cookie(request: Request) -> str:
    """The cookie's name: over a safe line one that a browser takes from this host alone, and from no other page of its domain."""
    return f"__Host-{SESSION_COOKIE}" if over_safe_line(request) else SESSION_COOKIE


def get_settings(request: Request) -> Settings:
    """The settings that the application was made with."""
    settings: Settings = request.app.state.settings
    return settings


def get_keyring(request: Request) -> Keyring:
    """The service's keys."""
    keyring: Keyring = request.app.state.keyring
    return keyring


async def get_turn(request: Request) -> AsyncIterator[None]:
    """No more requests at work than there are connections.

    A request holds its connection while it waits for a worker thread: were more let in, those without a connection
    would fill the threads, and those with one could not go on. The turn is taken when the body has arrived and given
    back before the answer leaves, so that slow lines keep nobody waiting.
    """
    async with request.app.state.turns:
        yield


def get_session(
    request: Request, _: Annotated[None, Depends(get_turn, scope="function")]
) -> Iterator[Session]:
    """One request, one transaction: committed when the route has returned, before the answer leaves."""
    with request.app.state.sessions() as session:
        yield session
        try:
            session.commit()
        except OperationalError as error:
            if not error.connection_invalidated:
                raise
            # The database went while it was asked to keep this: it may have.
            raise Problem(
                503,
                "outcome-unknown",
                "不知道是否已保存",
                "保存的一刻数据库断开了，可能已经保存。请先查找核对，没有的再重新办理。",
                headers={"Retry-After": "5"},
            ) from error


SettingsDep = Annotated[Settings, Depends(get_settings)]
KeyringDep = Annotated[Keyring, Depends(get_keyring)]
SessionDep = Annotated[Session, Depends(get_session, scope="function")]
RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]


def get_today(settings: SettingsDep) -> date:
    """The business date."""
    return settings.today()


def get_as_of(
    today: Annotated[date, Depends(get_today)], as_of: Annotated[Day | None, Query()] = None
) -> date:
    """The date as of which a question is asked; the business date unless said otherwise."""
    return as_of or today


def get_reached(
    today: Annotated[date, Depends(get_today)], as_of: Annotated[date, Depends(get_as_of)]
) -> date:
    """The date as of which a question is asked that only a day that has come can answer."""
    if as_of > today:
        raise invalid("as_of", "in_the_future", "时点不能晚于今天，请改为今天或以前的日期")
    return as_of


TodayDep = Annotated[date, Depends(get_today)]
AsOfDep = Annotated[date, Depends(get_as_of)]
ReachedDep = Annotated[date, Depends(get_reached)]


@dataclass(frozen=True, slots=True)
class Grant:
    """One role in one region, and the pairing or the station that it rests on."""

    role: Role
    region: str | None
    pairing_id: int | None = None
    station_id: int | None = None


@dataclass(frozen=True, slots=True)
class Caller:
    """The account that asks, and the rights it has at this moment.

    A role counts in its own region alone ([decision 47](../docs/decisions/0047-role-region-pairing.md)): `regions` are
    those of all its roles until a route says what it is about to do, and from then on those of the roles that allow it.
    `waiting`: roles that count once the account has a second factor; `areas`: what the key is for that it asks by, None
    where it is a person.
    """

    account_id: int
    username: str
    display_name: str
    grants: tuple[Grant, ...]
    regions: tuple[str, ...]
    is_demo: bool
    token_id: int | None = None
    areas: frozenset[Area] | None = None
    waiting: frozenset[Role] = frozenset()

    @property
    def roles(self) -> frozenset[Role]:
        """Its roles, wherever they count."""
        return frozenset(grant.role for grant in self.grants)

    @property
    def actions(self) -> frozenset[Action]:
        """All that its roles allow, each somewhere; by a key, no more than what the key is for."""
        allowed = frozenset(action for role in self.roles for action in ALLOWED[role])
        if self.areas is None:
            return allowed
        return allowed.intersection(action for area in self.areas for action in AREAS[area])

    def regions_of(self, action: Action) -> tuple[str, ...]:
        """The regions of the roles that allow `action`."""
        return regions_of(grant for grant in self.grants if action in ALLOWED[grant.role])

    def may(self, action: Action, region: str | None = None) -> bool:
        """Whether it may do `action` in `region`; where none is told, in all of its present regions."""
        if action not in self.actions:
            return False
        own = self.regions_of(action)
        return all(lies_in(each, own) for each in (self.regions if region is None else (region,)))

    def where(self, *actions: Action) -> "Caller | None":
        """The caller in those of its present regions where it may do all of `actions`; None where there is no such."""
        if not self.actions.issuperset(actions):
            return None
        regions = self.regions
        for action in actions:
            regions = common(regions, self.regions_of(action))
        return None if self.regions and not regions else replace(self, regions=regions)

    def governs(self, region: str) -> bool:
        """Whether `region` lies within one of its present regions."""
        return lies_in(region, self.regions)

    def administers(self, region: str) -> bool:
        """Whether it looks after the accounts of `region`."""
        return lies_in(region, self.administered)

    @property
    def administered(self) -> tuple[str, ...]:
        """Where it looks after accounts."""
        return regions_of(grant for grant in self.grants if grant.role is Role.ADMINISTRATOR)


def regions_of(grants: Iterable[Grant]) -> tuple[str, ...]:
    """Their regions, as they were bound: the first is the one that is taken where none is chosen."""
    return tuple(dict.fromkeys(grant.region for grant in grants if grant.region))


def lies_in(region: str, others: Iterable[str]) -> bool:
    """Whether `region` lies within one of the others."""
    return any(region.startswith(other) for other in others)


def common(some: Iterable[str], others: Collection[str]) -> tuple[str, ...]:
    """What lies in one of `some` and in one of `others`: of two of which one holds the other, the smaller."""
    both = (
        (one, other) for one in some for other in others if lies_in(one, (other,)) or lies_in(other, (one,))
    )
    return tuple(dict.fromkeys(max(pair, key=len) for pair in both))


def unknown_caller() -> Problem:
    """401: nobody that the service knows."""
    return Problem(
        401, "not-logged-in", "请先登录", "没有登录，或登录已过期。", headers={"WWW-Authenticate": "Bearer"}
    )


def act_as(session: Session, account_id: int, request_id: str | None = None) -> Caller:
    """Put the session's transaction under the scope of all the account's roles, as its bindings stand now."""
    session.info["actor"] = Actor(account_id, request_id)
    if (asked := current()) is not None:
        asked.account_id = account_id
    _set(session, "app.account", str(account_id))
    # For whom alone an account may speak is said afterwards, where it is.
    _set(session, "app.worker", "")
    account = session.get(Account, account_id)
    if account is None or not account.active:
        raise unknown_caller()
    bindings = session.exec(
        select(AccountBinding).where(AccountBinding.account_id == account_id).order_by(col(AccountBinding.id))
    ).all()
    grants = tuple(Grant(row.role, row.region, row.pairing_id, row.station_id) for row in bindings)
    caller = Caller(
        account_id,
        account.username or "",
        account.display_name,
        grants,
        regions_of(grants),
        account.is_demo,
    )
    put_scope(session, caller)
    return caller


def put_scope(session: Session, caller: Caller) -> None:
    """From here on the transaction sees the caller's present regions and no others."""
    _set(session, "app.regions", scope_of(caller.regions))


def narrow(session: Session, caller: Caller, *actions: Action) -> Caller:
    """The caller where it may do all of `actions`, and the transaction under no more than that scope.

    Raises
    ------
    Problem
        403 where there is no such region.
    """
    narrowed = caller.where(*actions)
    if narrowed is None:
        raise refusal(next((each for each in actions if each not in caller.actions), actions[-1]))
    put_scope(session, narrowed)
    return narrowed


def secured(session: Session, settings: Settings, caller: Caller) -> Caller:
    """The caller without the roles that need a second factor, and without their regions, if it has none."""
    needing = caller.roles & settings.needing_second_factor()
    if not needing:
        return caller
    confirmed = select(SecondFactor.id).where(
        SecondFactor.account_id == caller.account_id, col(SecondFactor.confirmed_at).is_not(None)
    )
    if session.exec(confirmed).first() is not None:
        return caller
    grants = tuple(grant for grant in caller.grants if grant.role not in needing)
    left = replace(caller, grants=grants, regions=regions_of(grants), waiting=needing)
    put_scope(session, left)
    return left


def scope_of(regions: tuple[str, ...]) -> str:
    """The regions as a multirange of twelve-digit numbers, in the database's spelling."""
    ranges = (f"[{region.ljust(12, '0')},{str(int(region) + 1).ljust(12, '0')})" for region in regions)
    return "{" + ",".join(ranges) + "}"


def _set(session: Session, name: str, value: str) -> None:
    session.connection().execute(
        text("SELECT set_config(:name, :value, true)"), {"name": name, "value": value}
    )


def get_caller(request: Request, session: SessionDep, settings: SettingsDep) -> Caller:
    """Who asks over REST, by a bearer token or a program's key."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    found = None
    if scheme.lower() == "bearer" and token:
        found = security.account_by_token(session, token.strip(), TokenKind.BEARER, TokenKind.API_KEY)
    if found is None:
        raise unknown_caller()
    caller = secured(session, settings, act_as(session, found.account_id, request.state.request_id))
    if found.read_only and request.method not in ("GET", "HEAD"):
        raise Problem(403, "key-reads-only", "这个密钥只能读取", "要登记和修改，请另建一个可以写入的密钥。")
    areas = None if found.areas is None else frozenset(Area.read(area) for area in found.areas)
    return replace(caller, token_id=found.token_id, areas=areas)


CallerDep = Annotated[Caller, Depends(get_caller)]


def get_person(caller: CallerDep) -> Caller:
    """Who asks, if it is a person: what is the account's own is not a program's to change."""
    if caller.areas is not None:
        raise Problem(
            403, "not-by-key", "接口密钥不能办理", "账号、密码和密钥由本人登录后办理，不能用接口密钥。"
        )
    return caller


PersonDep = Annotated[Caller, Depends(get_person)]


def refusal(action: Action) -> Problem:
    """403: the caller's roles do not allow `action`."""
    return Problem(
        403, "not-allowed", "没有这项权限", f"您的账号不能{action.label}，需要时请联系本单位管理员。"
    )


def allowed(*actions: Action) -> Callable[[Caller, Session], Caller]:
    """A dependency that lets only callers pass who may do all of `actions`, and from there on only where they may."""

    def check(caller: CallerDep, session: SessionDep) -> Caller:
        return narrow(session, caller, *actions)

    return check
