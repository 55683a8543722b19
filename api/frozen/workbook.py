"""A frozen report as a workbook: the lines, the regions below, and on a sheet each the people of every line, or its entries."""

import io
from collections.abc import Iterable, Iterator, Sequence

from api.schemas.frozen import FrozenLine, FrozenPersonPublic, FrozenReportPublic
from api.workbooks.book import Value
from api.workbooks.plain_sheet import Sheet
from api.workbooks.writing import write_workbook

_LINES = (
    "序号", "计划", "任务或指标", "计入的就业类型", "单位", "任务数", "已做到", "来源", "已上岗", "已稳定", "稳定口径",
    "A级佐证", "B级佐证", "C级佐证", "D级佐证", "起", "止", "依据",
)  # fmt: skip
_PARTS = ("序号", "任务或指标", "地区", "任务数", "单位", "已做到", "已稳定", "说明")
_PEOPLE = (
    "人员编号", "姓名", "户籍地", "帮扶类别", "上岗", "稳定", "佐证等级", "务工单位", "务工地", "佐证", "说明",
)  # fmt: skip
_THINGS = ("名称", "地区", "日期")
_WIDTHS = {
    "名称": 40.0,
    "计划": 34.0, "任务或指标": 34.0, "计入的就业类型": 30.0, "稳定口径": 22.0, "依据": 34.0, "地区": 30.0, "户籍地": 34.0,
    "务工单位": 28.0, "务工地": 28.0, "佐证": 40.0, "说明": 48.0,
}  # fmt: skip


def title_of(report: FrozenReportPublic) -> str:
    """What the report is called."""
    return f"{report.region.name}劳务协作{report.kind.label}"


def workbook(
    report: FrozenReportPublic, people: Iterable[tuple[FrozenLine, Sequence[FrozenPersonPublic]]]
) -> bytes:
    """The whole report."""
    out = io.BytesIO()
    write_workbook(out, _sheets(report, people))
    return out.getvalue()


def _sheets(
    report: FrozenReportPublic, people: Iterable[tuple[FrozenLine, Sequence[FrozenPersonPublic]]]
) -> Iterator[Sheet]:
    period = (
        f"{report.from_on}至{report.as_of}，{report.known_on:%Y-%m-%d}冻结，校验码{report.content_sha256}"
    )
    yield _sheet("汇总", _LINES, [_line(each) for each in report.items], (title_of(report), period))
    yield _sheet("分地区", _PARTS, [row for each in report.items for row in _parts(each)])
    for line, persons in people:
        name = f"{line.line}.{line.label}".replace("：", "-")[:31]
        if line.things:
            rows: list[list[Value]] = [
                [each.name, each.region.name, each.on, each.times] for each in line.things
            ]
            yield _sheet(name, (*_THINGS, line.unit), rows)
        else:
            yield _sheet(name, _PEOPLE, [_person(each) for each in persons])


def _sheet(
    name: str, headings: Sequence[str], rows: Sequence[Sequence[Value]], banner: tuple[str, ...] = ()
) -> Sheet:
    widths = [_WIDTHS.get(heading, 12.0) for heading in headings]
    return Sheet(name, headings, widths, rows, banner)


def _line(line: FrozenLine) -> list[Value]:
    done = line.done if line.done is not None or line.typed is None else line.typed.figure
    source = "台账" if line.done is not None else "填报" if line.typed else "没有数"
    return [
        line.line, line.plan, line.label, "、".join(kind.label for kind in line.kinds), line.unit, line.number, done,
        source, line.started, line.stable, line.rule.name if line.rule else None,
        *(line.verified.get(grade) if line.rule else None for grade in "ABCD"),
        line.from_on, line.to_on, line.typed.proof if line.typed else None,
    ]  # fmt: skip


def _parts(line: FrozenLine) -> Iterator[list[Value]]:
    for part in line.parts:
        started = "—" if part.started is None else part.started
        yield [
            line.line, line.label, part.region.name, part.figure, line.unit, started, part.stable, part.note or None,
        ]  # fmt: skip


def _person(person: FrozenPersonPublic) -> list[Value]:
    told = person.told
    if told is None:
        unread: list[Value] = [person.worker_id, person.readable.label, person.region.name]
        return [*unread, None, None, None, person.grade and person.grade.value, None, None, None, None]
    proofs = "；".join(
        f"{proof.grade.value}级{proof.covers_from}至{proof.covers_to}"
        for spell in told.spells
        for proof in spell.evidence
    )
    return [
        person.worker_id, told.name, told.place.name, told.hardship.label if told.hardship else None,
        told.started_on, told.stable_on, person.grade and person.grade.value,
        "；".join(spell.employer or spell.kind.label for spell in told.spells),
        "；".join(spell.place.name if spell.place else "没有写明" for spell in told.spells), proofs, told.reason,
    ]  # fmt: skip
