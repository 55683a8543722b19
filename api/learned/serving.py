"""What ranks: the model that serves where an account looks, loaded once a process; the one before it where that is broken.

What opens and fits models is imported where one is opened: it takes seconds, which who only asks what serves need not wait.
"""

import hashlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy import Row, literal_column, text
from sqlalchemy import select as sa_select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from models.ranking_model import RankingChange, RankingFault, RankingModel

if TYPE_CHECKING:
    from matching.learning.training import Learned
    from matching.rankers import PriorRanker

_log = structlog.get_logger("wengang.models")
_KEPT = 8
"""Models that a process holds at once."""
_held: "dict[tuple[int, str], Learned | str]" = {}
_lock = threading.Lock()
PRIOR_WORDS = "默认权重"


@dataclass(frozen=True, slots=True)
class Serving:
    """What ranks: a model, or the documented prior where `learned` is None. `as_of` is the last day that it knows of."""

    model_id: int | None = None
    as_of: date | None = None
    learned: "Learned | None" = None

    @property
    def words(self) -> str:
        """As people are told of it: 学习模型（2026年10月版）."""
        return PRIOR_WORDS if self.as_of is None else edition(self.as_of)

    def ranker(self, objective: str = "surplus") -> "PriorRanker":
        """Not yet fitted to a market."""
        from matching.learning.ranker import LearnedRanker
        from matching.rankers import PriorRanker

        return LearnedRanker(self.learned, objective) if self.learned else PriorRanker(objective)


def edition(as_of: date) -> str:
    """A model's name: what it knew by then."""
    return f"学习模型（{as_of.year}年{as_of.month}月版）"


def what_serves(session: Session, regions: Sequence[str] | None = None) -> Serving:
    """For all that the session may see, or for these regions. A broken model is on record as such and never serves."""
    change = last_change(session, regions)
    wanted = change.model_id if change else None
    while wanted is not None:
        row = _row(session, wanted)
        if row is None:
            break
        found = _loaded(session, row)
        if not isinstance(found, str):
            return Serving(row.id, row.as_of, found)
        wanted = row.challenged_id
    return Serving()


def last_change(session: Session, regions: Sequence[str] | None = None) -> RankingChange | None:
    """The one that decides there: of the narrowest regions that hold them all the last."""
    scope = "app_scope()" if regions is None else "regions_span(:wanted)"
    held: Any = text(f"NOT isempty({scope}) AND {scope} <@ regions_span(regions)")
    width: Any = literal_column(
        "(SELECT sum(upper(part) - lower(part)) FROM unnest(regions_span(regions)) part)"
    )
    query = select(RankingChange).where(held).order_by(width, col(RankingChange.id).desc()).limit(1)
    return session.exec(query, params={"wanted": list(regions)} if regions is not None else None).first()


def fault_here(model_id: int, file_sha256: str) -> bool | None:
    """Whether this process could not open the model; None where it has not tried."""
    with _lock:
        held = _held.get((model_id, file_sha256))
    return None if held is None else isinstance(held, str)


def _row(session: Session, model_id: int) -> Row[Any] | None:
    columns: tuple[Any, ...] = (
        RankingModel.id, RankingModel.as_of, RankingModel.file_sha256, RankingModel.challenged_id,
    )  # fmt: skip
    return session.execute(sa_select(*columns).where(col(RankingModel.id) == model_id)).first()


def _loaded(session: Session, row: Row[Any]) -> "Learned | str":
    key = (row.id, row.file_sha256)
    with _lock:
        if key not in _held:
            while len(_held) >= _KEPT:
                _held.pop(next(iter(_held)))
            _held[key] = _opened(session, row)
        return _held[key]


def _opened(session: Session, row: Row[Any]) -> "Learned | str":
    from matching.learning.keeping import Unusable, unpacked

    content = session.exec(select(RankingModel.file).where(RankingModel.id == row.id)).one() or b""
    try:
        if hashlib.sha256(content).hexdigest() != row.file_sha256:
            raise Unusable("模型文件与登记的校验值不符")
        learned, _ = unpacked(content)
    except Unusable as unusable:
        note_fault(session, row.id, str(unusable))
        return str(unusable)
    return learned


def note_fault(session: Session, model_id: int, reason: str) -> None:
    """Put on record that a model could not serve; a page never fails for it."""
    _log.error("model_unusable", model=model_id, reason=reason)
    actor = session.info.get("actor")
    told = {"model_id": model_id, "reason": reason[:300], "account_id": actor.account_id if actor else None}
    try:
        with session.begin_nested():
            session.execute(
                insert(RankingFault)
                .values(**told, created_at=text("clock_timestamp()"))
                .on_conflict_do_nothing()
            )
    except DBAPIError:
        _log.exception("fault_not_noted", model=model_id)


def forget() -> None:
    """Whatever this process holds is loaded anew."""
    with _lock:
        _held.clear()
