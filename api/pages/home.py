"""首页: where things stand, what waits (`api.pages.today`), and how far every task of the work plans is."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from sqlmodel import col, select

from api.pages.desk import Desk, DeskDep
from api.pages.routing import PageRoute
from api.rights import Action
from api.schemas.base import Place
from models.pairing import Pairing
from models.target import Target, TypedFigure, WorkPlan
from outcomes.decomposition import own_number
from outcomes.progress import done_count
from outcomes.typed_figures import figures_in_force

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Task:
    """One task of a plan with how many the ledger counts; `done` is None where it holds nothing that counts.

    `number` is what the count is set against: the task's, or the parts of the account's regions where only part of the
    task's region is the account's; None where the task was not divided down to them. `own` is the account's first region
    inside the task's then.
    """

    row: Target
    done: int | None
    today: date
    covered: bool
    number: int | None
    own: str | None = None
    typed: TypedFigure | None = None

    @property
    def scale(self) -> float:
        """The number at the right end of the bar: the task or what was done, and a little air."""
        return max(self.number or 0, self.done or 0, 1) * 1.06

    @property
    def share(self) -> int:
        """Per cent of the task that is done."""
        return round(100 * (self.done or 0) / (self.number or 1))

    @property
    def elapsed(self) -> int:
        """Per cent of the task's time that is over."""
        days = (self.row.to_on - self.row.from_on).days + 1
        return min(100, max(0, round(100 * ((self.today - self.row.from_on).days + 1) / days)))

    @property
    def left(self) -> int:
        """How many are still to come."""
        return max(0, (self.number or 0) - (self.done or 0))

    @property
    def running(self) -> bool:
        """Whether its time is now."""
        return self.row.from_on <= self.today <= self.row.to_on

    @property
    def state(self) -> str:
        """reached, behind the calendar, on the way, or not begun."""
        if self.today < self.row.from_on:
            return "later"
        if self.left == 0:
            return "reached"
        return "behind" if self.share < self.elapsed - 5 or self.today > self.row.to_on else "going"


@dataclass(frozen=True, slots=True)
class Plan:
    """A work plan, the pair of regions it serves, and its tasks with and without a number."""

    row: WorkPlan
    region: Place
    partner: Place | None
    programme: str | None
    own: bool
    numbered: list[Task]
    worded: list[Target]

    @property
    def from_on(self) -> date:
        """The first day of its first task."""
        return min(row.from_on for row in self._rows)

    @property
    def to_on(self) -> date:
        """The last day of its last task."""
        return max(row.to_on for row in self._rows)

    @property
    def _rows(self) -> list[Target]:
        return [*(task.row for task in self.numbered), *self.worded]


@router.get("/")
def show_home(desk: DeskDep) -> HTMLResponse:
    """The home page."""
    plans = desk.where(_plans, Action.READ_TARGETS) or []
    tasks = [
        task
        for plan in plans
        for task in plan.numbered
        if task.done is not None and task.running and task.number is not None
    ]
    tightest = min(
        (task for task in tasks if task.left), key=lambda task: task.share - task.elapsed, default=None
    )
    return desk.show(
        "home.html",
        plans=[plan for plan in plans if plan.own],
        other_plans=[plan for plan in plans if not plan.own],
        counted=len(tasks),
        states=Counter(task.state for task in tasks),
        tightest=tightest,
        tightest_place=_short(desk, tightest.row.region) if tightest else None,
    )


def _plans(desk: Desk) -> list[Plan]:
    session = desk.session
    pairings = {row.id: row for row in session.exec(select(Pairing))}
    targets = session.exec(select(Target).order_by(col(Target.id))).all()
    numbers = [target.identity for target in targets]
    typed = figures_in_force(session, numbers, desk.today)
    plans = []
    for row in session.exec(select(WorkPlan).order_by(col(WorkPlan.id))):
        own = [target for target in targets if target.work_plan_id == row.id]
        if not own:
            continue
        pairing = pairings.get(row.pairing_id)
        plans.append(
            Plan(
                row,
                desk.present.known_place(row.region),
                desk.present.known_place(pairing.destination_region) if pairing else None,
                pairing.programme if pairing else None,
                any(
                    _overlap(desk, code)
                    for code in (row.region, pairing and pairing.destination_region)
                    if code
                ),
                [_task(desk, target, typed[target.identity]) for target in own if target.number is not None],
                [target for target in own if target.number is None],
            )
        )
    return plans


def _task(desk: Desk, row: Target, typed: dict[str, TypedFigure]) -> Task:
    done = done_count(desk.session, row, desk.today)
    covered, regions = desk.caller.governs(row.region), desk.caller.regions
    own = next((code for code in regions if code.startswith(row.region)), None)
    number = row.number if covered else own_number(desk.session, row, regions)
    figure = typed.get(row.region if covered or own is None else own)
    return Task(row, done, desk.today, covered, number, None if covered else own, figure)


def _overlap(desk: Desk, code: str) -> bool:
    """Whether a region lies within one of the account's, or the other way round."""
    return any(code.startswith(own) or own.startswith(code) for own in desk.caller.regions)


def _short(desk: Desk, region: str) -> str | None:
    return desk.request.app.state.places.short(desk.session, region)  # type: ignore[no-any-return]
