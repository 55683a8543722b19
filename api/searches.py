"""常用筛选: filters under a name, one's own or shared with the bureau; renamed, removed and put back."""

from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy import or_
from sqlmodel import Session, col, select

from api.deps import Caller, refusal
from api.errors import invalid, not_found
from api.people_filter import address_of, kept_filter, read_filter
from api.rights import Action
from ledger.people_sought import Sought
from models.base import now
from models.saved_search import SavedSearch

MOST = 30
"""Filters of one account: more than fit on a page help nobody to find one."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A filter as a page offers it."""

    row: SavedSearch
    sought: Sought
    own: bool
    changeable: bool

    @property
    def name(self) -> str:
        """What it is called."""
        return self.row.name

    @property
    def address(self) -> str:
        """The query of the list's address."""
        return urlencode(address_of(self.sought))


def mine(session: Session, caller: Caller) -> list[Kept]:
    """The account's own filters and those shared with its bureau, by name."""
    rows = session.exec(
        select(SavedSearch)
        .where(
            col(SavedSearch.removed_at).is_(None),
            or_(
                col(SavedSearch.account_id) == caller.account_id,
                col(SavedSearch.shared) & col(SavedSearch.region).in_(caller.regions),
            ),
        )
        .order_by(col(SavedSearch.shared).desc(), col(SavedSearch.name), col(SavedSearch.id))
    )
    return [kept(caller, row) for row in rows]


def kept(caller: Caller, row: SavedSearch) -> Kept:
    """A filter, and whether the account may change it."""
    own = row.account_id == caller.account_id
    managed = row.shared and caller.may(Action.MANAGE, row.region)
    return Kept(row, read_filter(row.wanted), own, (own and not row.shared) or managed)


def save(session: Session, caller: Caller, name: str, sought: Sought, *, shared: bool) -> SavedSearch:
    """Keep a filter under a name. Whom it names is not kept: a filter is for whoever will be found by it tomorrow.

    Raises
    ------
    Problem
        422 for one that asks for nothing, 403 where the account may not share.
    """
    region = caller.regions[0] if caller.regions else ""
    wanted = kept_filter(sought)
    if not wanted:
        raise invalid("wanted", "empty", "还没有选条件。先选好帮扶类别、是否在岗等条件，再存为常用筛选。")
    if shared and not caller.may(Action.MANAGE, region):
        raise refusal(Action.MANAGE)
    if sum(each.own for each in mine(session, caller)) >= MOST:
        raise invalid("name", "too_many", f"一个账号最多存{MOST}个常用筛选，请先删去不用的。")
    row = SavedSearch(account_id=caller.account_id, region=region, name=name, wanted=wanted, shared=shared)
    session.add(row)
    session.flush()
    session.refresh(row)
    return row


def change(
    session: Session,
    caller: Caller,
    row: SavedSearch,
    *,
    name: str | None = None,
    shared: bool | None = None,
    sought: Sought | None = None,
) -> SavedSearch:
    """Another name, other conditions, or shared with the bureau or not any more."""
    _require_changeable(caller, row)
    if shared is not None and shared != row.shared:
        if row.account_id != caller.account_id:
            # It would be gone from the account that asks: a filter that is not shared is its owner's alone.
            raise invalid("shared", "owner", "只有存这个筛选的人能改为只有自己用。不需要的，可以删除。")
        if not caller.may(Action.MANAGE, row.region):
            raise refusal(Action.MANAGE)
        row.shared = shared
    if name is not None:
        row.name = name
    if sought is not None:
        row.wanted = kept_filter(sought)
        if not row.wanted:
            raise invalid("wanted", "empty", "筛选里至少要有一个条件。")
    session.add(row)
    session.flush()
    session.refresh(row)
    return row


def remove(session: Session, caller: Caller, row: SavedSearch) -> SavedSearch:
    """Take it off the list; it can be put back."""
    _require_changeable(caller, row)
    row.removed_at = row.removed_at or now()
    session.add(row)
    session.flush()
    session.refresh(row)
    return row


def restore(session: Session, caller: Caller, row: SavedSearch) -> SavedSearch:
    """Put one back that was removed."""
    _require_changeable(caller, row)
    row.removed_at = None
    session.add(row)
    session.flush()
    session.refresh(row)
    return row


def search_or_404(session: Session, caller: Caller, search_id: int) -> SavedSearch:
    """The filter, if it is the caller's or its bureau's.

    Raises
    ------
    Problem
        404 otherwise.
    """
    row = session.get(SavedSearch, search_id)
    if row is None or (row.account_id != caller.account_id and row.region not in caller.regions):
        raise not_found("这个常用筛选")
    return row


def _require_changeable(caller: Caller, row: SavedSearch) -> None:
    if not kept(caller, row).changeable:
        raise refusal(Action.MANAGE)
