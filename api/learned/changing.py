"""What serves is changed by a training (a job of `KIND`) or by going back; nobody else changes it meanwhile."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlmodel import Session

from api.errors import Problem
from api.learned.serving import last_change
from models.ranking_model import ChangeKind, RankingChange, RankingModel

KIND = "models.train"


def go_back(session: Session, regions: Sequence[str], reason: str, account_id: int) -> RankingChange:
    """What served before what serves now serves again: the model that it was judged against, or the documented prior.

    Raises
    ------
    Problem
        409 when the prior serves already.
    """
    one_at_a_time(session, regions)
    change = last_change(session, regions)
    model = session.get(RankingModel, change.model_id) if change and change.model_id else None
    if model is None:
        raise Problem(
            409, "no-model-serves", "没有可以退回的模型", "现在用的就是默认权重，没有可以退回的模型。"
        )
    back = RankingChange(
        regions=sorted(regions),
        model_id=model.challenged_id,
        kind=ChangeKind.BACK,
        reason=reason,
        account_id=account_id,
    )
    session.add(back)
    session.flush()
    return back


def one_at_a_time(session: Session, regions: Sequence[str]) -> None:
    """Until the transaction ends nobody else changes what serves there."""
    session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended('ranking ' || :regions, 0))"),
        {"regions": ",".join(sorted(regions))},
    )
