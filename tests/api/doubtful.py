"""People with reports of work, for the tests of 疑点."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from api.doubts.checking import check
from ledger.history import person_keys
from ledger.intake.sealing import give_key
from ledger.records.reported import Reported
from ledger.records.sealed import digest, record_bytes
from models.doubt import Doubt, DoubtRun
from models.intake import Import, ImportKind, ImportState
from models.report import ReportSource, SpellReport
from models.sealing import Keyring, seal

TODAY = date(2021, 9, 20)
TOWN, OTHER_TOWN, COUNTY = "610728001", "610728101", "610728"
WORK = Reported(
    1,
    working=True,
    started=date(2021, 2, 1),
    region="320612",
    county_text="通州区",
    employer="测试公司",
    income=Decimal(4500),
    industry="制造业",
    channel="自发外出务工",
    point_to_point=False,
)


class Ledger:
    """Puts people with reports of work into the ledger, and looks what the rules made of them."""

    def __init__(self, world: Any, session: Session, keyring: Keyring) -> None:
        self.world, self.session, self.keyring = world, session, keyring

    def person(self, work: Reported | None = None, *, import_id: int | None = None, **told: Any) -> int:
        worker = self.world.worker(**({"labour_capability": "ordinary"} | told))["id"]
        if work is not None:
            self.report(worker, work, import_id)
        return int(worker)

    def report(self, worker: int, work: Reported, import_id: int | None = None) -> SpellReport:
        content = record_bytes(work)
        row = SpellReport(
            worker_id=worker,
            source=ReportSource.IMPORT,
            kind=ImportKind.AWAY,
            import_id=import_id,
            reported_on=TODAY,
            sealed_record=seal(self._key(worker), content, "spell_report.record"),
            digest=digest(self.keyring, worker, content),
        )
        self.session.add(row)
        self.session.flush()
        return row

    def _key(self, worker: int) -> bytes:
        return person_keys(self.session, self.keyring, [worker])[worker]

    def check(self, region: str = COUNTY, day: date = TODAY, **told: Any) -> DoubtRun:
        run = check(self.session, self.keyring, region=region, as_of=day, account_id=None, **told)
        self.session.expire_all()
        return run

    def of(self, worker: int, rule: str) -> list[Doubt]:
        query = select(Doubt).where(Doubt.worker_id == worker, Doubt.rule == rule).order_by(col(Doubt.id))
        return list(self.session.exec(query))

    def file(self, **told: Any) -> Import:
        row = Import(
            kind=ImportKind.AWAY,
            state=ImportState.APPLIED,
            file_name="名册.xlsx",
            file_sha256="0" * 64,
            region=COUNTY,
            as_of=TODAY,
            **told,
        )
        self.key = give_key(self.keyring, row)
        self.session.add(row)
        self.session.flush()
        return row
