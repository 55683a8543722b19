"""Model cards: a training as it is told of, to people and to programs."""

from collections.abc import Sequence

from sqlalchemy import func
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from api.accounts import account_names
from api.errors import not_found
from api.learned.serving import PRIOR_WORDS, edition, last_change, what_serves
from api.presenting import Presenter
from api.schemas.base import Labelled
from api.schemas.ranking_model import ModelChange, ModelPublic, ModelState, ModelSummary, ServingPublic
from models.ranking_model import RankingChange, RankingFault, RankingModel

NOT_FOR = (
    "不能用来拒绝任何人：排序只供参考，由经办人和本人决定，名单都可以“不排序查看”。",
    "不能用来评价个人：可能性说的是情况相近的人有多少留下，不是这个人会不会留下。",
    "不能用到别的地区：它只学过上面写的地区的记录。",
    "不能用来给用人单位打分或处罚：离职快慢也受岗位和季节影响。",
    "性别、民族、残疾、年龄段和困难类别没有参加打分，也不能加进去；法定优先和比例另有规则。",
)


def trainings() -> SelectOfScalar[RankingModel]:
    """Every training that may be seen, without the files."""
    return select(RankingModel).options(defer(RankingModel.file))  # type: ignore[arg-type]  # SQLModel types it as bytes


def model_or_404(session: Session, model_id: int) -> RankingModel:
    """The training.

    Raises
    ------
    Problem
        404 when there is none that may be seen.
    """
    row = session.exec(trainings().where(RankingModel.id == model_id)).first()
    if row is None:
        raise not_found("这个推荐模型")
    return row


def serving_public(session: Session, present: Presenter) -> ServingPublic:
    """What ranks for all that the session may see."""
    serving, change = what_serves(session), last_change(session)
    return ServingPublic(
        label=serving.words,
        model_id=serving.model_id,
        as_of=serving.as_of,
        regions=[present.known_place(code) for code in change.regions] if change else [],
        since=change.created_at if change else None,
        how=_how(change) if change else None,
        reason=change.reason if change else "",
        by=account_names(session, [change.account_id]).get(change.account_id) if change else None,
    )


def summaries(session: Session, present: Presenter, rows: Sequence[RankingModel]) -> list[ModelSummary]:
    """Trainings in a list."""
    ids = [row.identity for row in rows]
    names = account_names(session, (row.account_id for row in rows))
    faults: dict[int, list[str]] = {}
    for model_id, reason in session.exec(
        select(RankingFault.model_id, RankingFault.reason)
        .where(col(RankingFault.model_id).in_(ids))
        .order_by(col(RankingFault.id))
    ):
        faults.setdefault(model_id, []).append(reason)
    serving = {what_serves(session, row.regions).model_id for row in rows if row.may_serve}
    return [
        ModelSummary(
            id=row.identity,
            created_at=row.created_at,
            label=edition(row.as_of),
            regions=[present.known_place(code) for code in row.regions],
            by=names.get(row.account_id),
            monthly=row.monthly,
            begins=row.begins,
            as_of=row.as_of,
            stays=row.stays,
            answers=row.answers,
            version=row.version,
            state=_state(row, serving),
            reasons=row.reasons,
            faults=faults.get(row.identity, []),
        )
        for row in rows
    ]


def _state(row: RankingModel, serving: set[int | None]) -> ModelState:
    if not row.may_serve:
        return ModelState.REFUSED
    return ModelState.SERVING if row.id in serving else ModelState.EARLIER


def card(session: Session, present: Presenter, row: RankingModel) -> ModelPublic:
    """Everything of one training but its file."""
    [summary] = summaries(session, present, [row])
    length = func.coalesce(func.length(RankingModel.file), 0)
    return ModelPublic(
        **dict(summary),
        challenged_id=row.challenged_id,
        challenged=_called(session, row.challenged_id),
        schema_hash=row.schema_hash,
        file_sha256=row.file_sha256,
        file_bytes=session.exec(select(length).where(RankingModel.id == row.id)).one(),
        metrics=row.metrics,
        not_for=list(NOT_FOR),
        changes=changes(session, row.regions),
    )


def changes(session: Session, regions: Sequence[str]) -> list[ModelChange]:
    """What served there and since when, the latest first."""
    rows = session.exec(
        select(RankingChange)
        .where(RankingChange.regions == list(regions))
        .order_by(col(RankingChange.id).desc())
        .limit(50)
    ).all()
    names = account_names(session, (row.account_id for row in rows))
    return [
        ModelChange(
            at=row.created_at,
            label=_called(session, row.model_id),
            how=_how(row),
            reason=row.reason,
            by=names.get(row.account_id),
        )
        for row in rows
    ]


def _how(change: RankingChange) -> Labelled:
    return Labelled(code=change.kind.value, label=change.kind.label)


def _called(session: Session, model_id: int | None) -> str:
    if model_id is None:
        return PRIOR_WORDS
    as_of = session.exec(select(col(RankingModel.as_of)).where(RankingModel.id == model_id)).first()
    return edition(as_of) if as_of else "不在您管辖范围内的模型"
