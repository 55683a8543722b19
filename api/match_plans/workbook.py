"""A plan as a workbook: what it comes to, the people with their reasons, the posts."""

import io
from collections.abc import Iterator, Sequence

from api.schemas.match_plan import LinePublic, MatchPlanPublic, PostPublic
from api.workbooks.book import Value
from api.workbooks.plain_sheet import Sheet
from api.workbooks.writing import write_workbook
from models.match_plan import DecisionKind

_PEOPLE = (
    "人员编号", "姓名", "性别", "年龄", "户籍地", "帮扶类别", "安排到单位", "岗位", "工作地", "情况", "人工决定", "同行的人",
    "录用可能", "干满三个月可能", "干满半年可能", "理由", "要留意",
)  # fmt: skip
_POSTS = (
    "岗位编号", "单位", "岗位", "工作地", "名额", "安排", "空余", "预计干满半年", "先来先得会安排", "先来先得预计干满半年",
    "再多一个名额", "情况",
)  # fmt: skip
_FIRST_COME = ("先来先得会安排", "先来先得预计干满半年")
_WIDTHS = {
    "户籍地": 30.0, "安排到单位": 30.0, "岗位": 18.0, "工作地": 26.0, "理由": 60.0, "要留意": 40.0, "单位": 30.0,
    "再多一个名额": 34.0, "项目": 26.0, "结果": 60.0, "同行的人": 18.0,
}  # fmt: skip
_NOTE = "到岗、干满三个月和半年的人数和可能都是模型估计，不是对本人的评价"


def workbook(plan: MatchPlanPublic, lines: Sequence[LinePublic], posts: Sequence[PostPublic]) -> bytes:
    """The whole plan."""
    out = io.BytesIO()
    write_workbook(out, _sheets(plan, lines, posts))
    return out.getvalue()


def _sheets(
    plan: MatchPlanPublic, lines: Sequence[LinePublic], posts: Sequence[PostPublic]
) -> Iterator[Sheet]:
    title = f"{plan.region.name}{plan.name}"
    made = f"{plan.state.label}，按{plan.as_of}的记录编制，{plan.departs_on}出发。{_NOTE}"
    yield _sheet("人员", _PEOPLE, [_person(each) for each in lines], (title, made))
    compared = [name for name in _POSTS if plan.first_come is not None or name not in _FIRST_COME]
    told = [dict(zip(_POSTS, _post(each), strict=True)) for each in posts]
    yield _sheet("岗位", compared, [[row[name] for name in compared] for row in told])
    yield _sheet("说明", ("项目", "结果"), list(_summary(plan)))


def _sheet(
    name: str, headings: Sequence[str], rows: Sequence[Sequence[Value]], banner: tuple[str, ...] = ()
) -> Sheet:
    return Sheet(name, headings, [_WIDTHS.get(heading, 12.0) for heading in headings], rows, banner)


def _person(line: LinePublic) -> list[Value]:
    worker, post = line.worker, line.vacancy
    return [
        line.worker_id,
        worker.name if worker else "已移出本辖区",
        worker.sex.label if worker and worker.sex else None,
        worker.age if worker else None,
        worker.region.name if worker else None,
        worker.hardship.label if worker and worker.hardship else None,
        post.employer if post else None,
        post.title if post else None,
        post.region.name if post and post.region else None,
        line.state.label,
        line.decision.label if line.decision else None,
        "、".join(line.together) or None,
        *(_percent(chance) for chance in (line.p_hire, line.p_stay_90, line.p_stay_180)),
        "；".join(each.sentence for each in line.reasons if each.contribution >= 0) or None,
        "；".join(each.sentence for each in line.reasons if each.contribution < 0) or None,
    ]


def _percent(chance: float | None) -> str | None:
    return None if chance is None else f"{chance:.0%}"


def _post(post: PostPublic) -> list[Value]:
    return [
        post.vacancy.id,
        post.vacancy.employer,
        post.vacancy.title,
        post.vacancy.region.name if post.vacancy.region else None,
        post.seats,
        post.filled,
        post.free,
        round(post.stable, 1),
        post.first_come,
        round(post.first_come_stable, 1),
        post.worth,
        DecisionKind.CLOSE.label if post.closed_by is not None else None,
    ]


def _summary(plan: MatchPlanPublic) -> Iterator[list[Value]]:
    yield ["编制目标", plan.objective.label]
    if plan.nobody:
        yield ["没有安排任何人", plan.nobody]
    if plan.plan is not None:
        beside = plan.first_come
        yield ["待安排的人、名额", f"{plan.people}人，{plan.seats}个名额"]
        yield ["安排", f"{plan.plan.placed}人" + (f"（先来先得{beside.placed}人）" if beside else "")]
        yield [
            "预计到岗",
            f"{plan.plan.starts:.0f}人" + (f"（先来先得{beside.starts:.0f}人）" if beside else ""),
        ]
        stay = f"（先来先得{beside.stable:.0f}人）" if beside else ""
        yield ["预计干满半年", f"{plan.plan.stable:.0f}人{stay}"]
    if plan.not_comparable:
        yield ["和先来先得比", plan.not_comparable]
    for quota in plan.quotas:
        yield [quota.words, f"要求{quota.asked}人，安排{quota.reached}人。{quota.costs}"]
    for bus in plan.buses:
        yield [f"包车去{bus.place.name}", bus.words]
    for sentence in plan.shortfalls:
        yield ["达不到的要求", sentence]
    for sentence in plan.left_empty:
        yield ["名额为什么空着", sentence]
    told = {note.code for note in plan.unplaced}
    for note in (*plan.notes, *plan.unplaced):
        if note in plan.unplaced or note.code not in told:
            yield [f"{note.people}人", note.sentence]
    yield ["排序", f"{'学习模型' if plan.ranker == 'learned' else '默认权重'}（版本{plan.ranker_version}）"]
