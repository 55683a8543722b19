"""A person's reports in one line of time: under each accepted spell what was reported of it."""

from dataclasses import dataclass, field

from api.pages.desk import Desk
from api.reports.shown import reports_shown
from api.schemas.placement import SpellPublic
from api.schemas.report import ReportPublic
from ledger.reports import reports_of


@dataclass(slots=True)
class ReportLines:
    """What waits, what stands under which spell, and the rest: without work, refused, or replaced by later ones."""

    waiting: list[ReportPublic] = field(default_factory=list)
    spells: list[tuple[SpellPublic, list[ReportPublic]]] = field(default_factory=list)
    rest: list[ReportPublic] = field(default_factory=list)

    @property
    def any(self) -> bool:
        """Whether anything was ever reported."""
        return bool(self.waiting or self.rest or any(told for _, told in self.spells))


def report_lines(desk: Desk, worker_id: int, spells: list[SpellPublic]) -> ReportLines:
    """The person's reports, newest first."""
    keyring = desk.request.app.state.keyring
    shown = reports_shown(desk.session, reports_of(desk.session, keyring, worker_id), desk.present)
    lines = ReportLines(waiting=[report for report in shown if report.waiting])
    under: dict[int, list[ReportPublic]] = {spell.id: [] for spell in spells}
    for report in shown:
        number = report.decision.spell_id if report.decision else None
        if report.waiting:
            continue
        under.get(number or 0, lines.rest).append(report)
    lines.spells = [(spell, under[spell.id]) for spell in spells if under[spell.id]]
    return lines
