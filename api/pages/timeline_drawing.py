"""一个人的时间线 as a drawing: days as places on a line, labels that do not lie on each other. Arithmetic alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from api.schemas.timeline import TimelinePublic, TimelineSpell
from models.confirmation import ConfirmingSide, StillThere
from models.spell import Precision, known_end

WIDTH, LEFT, RIGHT = 1160, 84, 24
_LETTER = 13.5
_LEVEL, _BAR, _LANE = 18, 16, 22
_LEAST = timedelta(days=120)
_SIDES = {ConfirmingSide.ORIGIN: "户", ConfirmingSide.DESTINATION: "就", ConfirmingSide.STATION: "站"}
_LOOKS = {StillThere.AT_WORK: "there", StillThere.NOT_AT_WORK: "gone", StillThere.UNKNOWN: "unclear"}


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of days. `look` is its class, `words` what it says when somebody rests on it."""

    x: float
    y: float
    width: float
    look: str
    words: str


@dataclass(frozen=True, slots=True)
class Mark:
    """One day."""

    x: float
    y: float
    look: str
    words: str
    letter: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """Words on the drawing."""

    x: float
    y: float
    words: str
    end: bool = False


@dataclass(slots=True)
class Drawing:
    """All of it; `lanes` name the rows, `lines` stand upright from top to bottom."""

    height: float = 0
    ticks: list[Label] = field(default_factory=list)
    lanes: list[Label] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    lines: list[Mark] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Scale:
    first: date
    last: date

    def at(self, day: date) -> float:
        """Where a day begins."""
        share = (day - self.first).days / max((self.last - self.first).days, 1)
        return round(LEFT + min(max(share, 0), 1) * (WIDTH - LEFT - RIGHT), 1)

    def bar(self, first: date, last: date, y: float, look: str, words: str) -> Bar:
        """A stretch, the last day included."""
        begins, ends = self.at(first), self.at(last + timedelta(days=1))
        return Bar(begins, y, max(ends - begins, 3), look, words)


def draw(told: TimelinePublic) -> Drawing:
    """The drawing of one person's line of time."""
    scale, made = _scale(told), Drawing()
    labels, height = _stacked([(scale.at(each.from_on), _name(each)) for each in told.spells], 34)
    made.labels += labels
    y = height + 8
    made.lanes.append(Label(0, y + 13, "务工"))
    for each in told.spells:
        made.bars += _work(scale, each, told.today, y)
    y += _BAR + 14
    y = _proofs(made, scale, told.spells, y)
    y = _looks(made, scale, told, y)
    _upright(made, scale, told)
    made.ticks = _ticks(scale, y + 16)
    made.height = y + 26
    return made


def _scale(told: TimelinePublic) -> _Scale:
    first, last = told.from_on.replace(day=1), told.to_on + timedelta(days=15)
    return _Scale(first if last - first >= _LEAST else last - _LEAST, last)


def _name(each: TimelineSpell) -> str:
    spell = each.spell
    place = spell.region.name if spell.region else ""
    return " · ".join(part for part in (spell.employer or spell.kind.label, place[-9:]) if part)


def _stacked(wanted: Sequence[tuple[float, str]], top: float) -> tuple[list[Label], float]:
    """The labels, each on the first level on which it meets no other; and where they end."""
    ends: list[float] = []
    found: list[tuple[float, int, str, bool]] = []
    for x, words in wanted:
        wide = len(words) * _LETTER
        turned = x + wide > WIDTH
        begins = WIDTH - wide if turned else x
        level = next((at for at, end in enumerate(ends) if end < begins), len(ends))
        ends[level : level + 1] = [begins + wide + 12]
        found.append((WIDTH if turned else x, level, words, turned))
    return [Label(x, top + level * _LEVEL, words, turned) for x, level, words, turned in found], top + max(
        len(ends) - 1, 0
    ) * _LEVEL


def _work(scale: _Scale, each: TimelineSpell, today: date, y: float) -> list[Bar]:
    by_month = each.spell.precision is Precision.MONTH
    look = "work by-month" if by_month else "work"
    ends = f"至{each.to_on:%Y-%m-%d}" if each.to_on else f"起，最后确认在岗{each.seen_until:%Y-%m-%d}"
    words = f"{_name(each)}：{each.from_on:%Y-%m-%d}{ends}" + _how_exactly(each)
    bars = [scale.bar(each.from_on, each.seen_until, y, look, words)]
    if each.to_on is None and each.seen_until < today:
        after = each.seen_until + timedelta(days=1)
        bars.append(scale.bar(after, today, y, "unseen", f"{after:%Y-%m-%d}以后还没有人核实过是否在岗"))
    return bars


def _how_exactly(each: TimelineSpell) -> str:
    if each.spell.precision is Precision.DAY:
        return ""
    told = each.to_on is not None and known_end(each.to_on, Precision.MONTH) is Precision.DAY
    return "（开始只知道月份）" if told else "（只知道月份）"


def _proofs(made: Drawing, scale: _Scale, spells: Sequence[TimelineSpell], y: float) -> float:
    """A lane for each grade that there is."""
    proofs = [proof for each in spells for proof in each.evidence]
    for grade in sorted({proof.grade for proof in proofs}):
        made.lanes.append(Label(0, y + 11, f"佐证 {grade.value}"))
        made.bars += [
            scale.bar(
                proof.covers_from,
                proof.covers_to,
                y,
                f"proof {grade.value}{' beyond' if proof.beyond else ''}",
                f"{proof.label}，{proof.covers_from:%Y-%m-%d}至{proof.covers_to:%Y-%m-%d}，{proof.source}"
                + ("，超出记录" if proof.beyond else ""),
            )
            for proof in proofs
            if proof.grade is grade
        ]
        y += _LANE
    return y


def _looks(made: Drawing, scale: _Scale, told: TimelinePublic, y: float) -> float:
    """A lane each for who looked, calls and money, where there is any."""
    looked = [
        Mark(
            scale.at(each.found_on), 0, _LOOKS[each.found],
            f"{each.found_on:%Y-%m-%d} {each.side.label}核实：{each.found.label}", _SIDES[each.side],
        )
        for spell in told.spells for each in spell.confirmations
    ]  # fmt: skip
    called = [
        Mark(scale.at(each.contacted_on), 0, "call", f"{each.contacted_on:%Y-%m-%d} 随访：{each.found.label}")
        for each in told.contacts
    ]
    paid = [
        Mark(scale.at(each.on), 0, "money", f"{each.on:%Y-%m-%d} {each.name}：{each.state.label}", "¥")
        for each in told.claims
    ]
    for words, marks in (("核实", looked), ("随访", called), ("补贴", paid)):
        if marks:
            made.lanes.append(Label(0, y + 13, words))
            made.marks += [Mark(mark.x, y + 8, mark.look, mark.words, mark.letter) for mark in marks]
            y += _LANE + 2
    return y


def _upright(made: Drawing, scale: _Scale, told: TimelinePublic) -> None:
    made.lines.append(Mark(scale.at(told.today), 0, "today", "今天"))
    stability = told.stability
    if stability is not None and stability.stable_on is not None:
        made.lines.append(Mark(scale.at(stability.stable_on), 0, "stable", "稳定就业"))
    elif stability is not None and stability.possible_on is not None:
        made.lines.append(Mark(scale.at(stability.possible_on), 0, "possible", "预计稳定"))


def _ticks(scale: _Scale, y: float) -> list[Label]:
    """The first days of months, quarters or years, as many as there is room for."""
    months = (scale.last.year - scale.first.year) * 12 + scale.last.month - scale.first.month
    step = next((each for each in (1, 3, 6) if months / each <= 16), 12)
    found: list[Label] = []
    day = scale.first.replace(day=1)
    while day <= scale.last:
        if day >= scale.first and (day.month - 1) % step == 0:
            words = f"{day.month}月"
            if day.month == 1:
                words = f"{day.year}年"
            elif not found:
                words = f"{day.year}年{day.month}月"
            found.append(Label(scale.at(day), y, words))
        day = (day + timedelta(days=32)).replace(day=1)
    return found
