"""计划 and 任务 written: what a plan and a task must fulfil that only the catalogue of indicators, the plan's other tasks
and what was divided can tell."""

import secrets
from datetime import date
from typing import Any

from sqlmodel import Session, col, func, select

from api.deps import Caller
from api.errors import Problem, invalid
from api.schemas.planning import PlanCreate, PlanUpdate, TargetCreate, TargetUpdate
from models.pairing import Pairing
from models.spell import SpellKind
from models.target import Population, StabilityRule, Target, TargetPart, WorkPlan
from outcomes.indicators.catalogue import INDICATORS
from outcomes.indicators.indicator import Subject

_NULLABLE = frozenset({"document_number", "published_on", "partner", "rule", "number", "parent_id"})


def new_plan(session: Session, body: PlanCreate, region: str, today: date) -> WorkPlan:
    """A plan of a region."""
    row = WorkPlan(
        **body.model_dump(exclude={"region", "partner"}),
        code=f"{region}-{secrets.token_hex(8)}",
        region=region,
        pairing_id=_pairing(session, region, body.partner),
    )
    _published(row, today)
    session.add(row)
    session.flush()
    return row


def change_plan(session: Session, row: WorkPlan, body: PlanUpdate, today: date) -> None:
    """Change what is told of a plan; the row is held already."""
    for name, value in _told(body).items():
        if name == "partner":
            row.pairing_id = _pairing(session, row.region, value)
        else:
            setattr(row, name, value)
    _published(row, today)
    session.add(row)
    session.flush()


def new_target(session: Session, plan: WorkPlan, body: TargetCreate) -> Target:
    """A task at the end of a plan; the plan is locked, so that two do not get one place."""
    session.refresh(plan, with_for_update=True)
    last = session.exec(select(func.max(Target.sequence)).where(Target.work_plan_id == plan.identity)).one()
    indicator = INDICATORS[body.indicator]
    row = Target(
        **body.model_dump(exclude={"rule", "unit", "measure", "kinds"}),
        kinds=[kind.value for kind in body.kinds],
        work_plan_id=plan.identity,
        sequence=(last or 0) + 1,
        region=plan.region,
        rule_id=_rule(session, body.rule),
        unit=body.unit or indicator.unit,
        measure=body.measure or indicator.measure,
    )
    _require(session, row)
    session.add(row)
    session.flush()
    return row


def change_target(session: Session, row: Target, body: TargetUpdate) -> None:
    """Change what is told of a task; the row is held already."""
    for name, value in _told(body).items():
        if name == "rule":
            row.rule_id = _rule(session, value)
        elif name == "kinds":
            row.kinds = [kind.value for kind in value]
        else:
            setattr(row, name, value)
    with session.no_autoflush:
        _require(session, row)
    session.add(row)
    session.flush()


def require_own(caller: Caller, row: WorkPlan | Target) -> None:
    """A plan and its tasks are changed by the bureau whose they are.

    Raises
    ------
    Problem
        403 for another's.
    """
    if not caller.governs(row.region):
        raise Problem(403, "outside-scope", "不在您的管辖范围内", "计划和任务由制定计划的地区登记和修改。")


def _told(body: PlanUpdate | TargetUpdate) -> dict[str, Any]:
    told = {name: getattr(body, name) for name in body.model_fields_set}
    for name, value in told.items():
        if value is None and name not in _NULLABLE:
            raise invalid(name, "missing", "不能为空")
    return told


def _published(row: WorkPlan, today: date) -> None:
    if row.published_on is not None and row.published_on > today:
        raise invalid("published_on", "in_the_future", "印发日期不能晚于今天")


def _pairing(session: Session, region: str, partner: str | None) -> int | None:
    """The pairing of the region, or of one around it, with the partner; the latest."""
    if partner is None:
        return None
    around = [region[:width] for width in range(2, len(region) + 1)]
    found = session.exec(
        select(Pairing.id)
        .where(Pairing.destination_region == partner, col(Pairing.origin_region).in_(around))
        .order_by(col(Pairing.valid_from).desc())
    ).first()
    if found is None:
        raise invalid("partner", "not_paired", "没有与这个地区的结对关系，请从结对表中选择，或不填")
    return found


def _rule(session: Session, code: str | None) -> int | None:
    if code is None:
        return None
    found = session.exec(select(StabilityRule.id).where(StabilityRule.code == code)).first()
    if found is None:
        raise invalid("rule", "unknown", "没有这个稳定口径，请核对代码；计划没有写明的不填")
    return found


def _require(session: Session, row: Target) -> None:
    """What a task must fulfil beside its own fields.

    Raises
    ------
    Problem
        422 naming the field.
    """
    indicator = INDICATORS[row.indicator]
    if row.to_on < row.from_on:
        raise invalid("to_on", "order", "截止日期不能早于开始日期")
    if row.at_least and row.number is None:
        raise invalid("at_least", "no_number", "没有写明数量的任务，不能选“不少于”")
    if foreign := {SpellKind.read(kind) for kind in row.kinds} - indicator.kinds:
        words = "、".join(kind.label for kind in foreign)
        raise invalid("kinds", "not_counted", f"“{indicator.code.label}”不统计{words}，请去掉")
    if row.population is not Population.RURAL and not indicator.by_population:
        raise invalid("population", "not_told_apart", f"“{indicator.code.label}”不分人群，请选农村劳动力")
    if row.rule_id is not None and indicator.subject is not Subject.PEOPLE:
        raise invalid("rule", "no_people", f"“{indicator.code.label}”不统计到人，没有稳定口径，请清空")
    _require_whole(session, row)
    if row.id is not None:
        _require_parts(session, row)


def _require_whole(session: Session, row: Target) -> None:
    if row.parent_id is None:
        return
    whole = session.get(Target, row.parent_id)
    if whole is None or whole.work_plan_id != row.work_plan_id or whole.id == row.id:
        raise invalid("parent_id", "unknown", "“其中”要属于同一计划的另一项任务，请重新选择")
    if whole.parent_id is not None:
        raise invalid("parent_id", "part", "这项任务自己是“其中”，请选择它所属的那一项")
    if row.number is not None and whole.number is not None and row.number > whole.number:
        raise invalid("number", "above_whole", f"“其中”不能大于所属任务的{whole.number}，请改小")


def _require_parts(session: Session, row: Target) -> None:
    """A number may not fall below what was made part of it."""
    among = session.exec(
        select(func.max(Target.number)).where(Target.parent_id == row.id, Target.id != row.id)
    ).one()
    given = session.exec(
        select(func.max(TargetPart.number)).where(
            TargetPart.target_id == row.id, col(TargetPart.withdrawn_at).is_(None)
        )
    ).one()
    if row.number is None:
        if given is not None:
            raise invalid("number", "divided", "任务已经分解，不能清空任务数，请先撤回分解数")
        return
    for most, words in ((among, "其中的任务数"), (given, "已分给一个地区的数")):
        if most is not None and row.number < most:
            raise invalid("number", "below_parts", f"任务数不能小于{words}{most}，请先改小那一个")
