"""不采用: what came from a stolen device is not believed, from an instant on."""

from datetime import datetime

from sqlmodel import Session, col, select

from api.audit import record
from api.errors import conflict, not_found
from api.fairs.taking import work_out
from models.base import now
from models.fair import Fair
from models.kiosk import KioskCommand, KioskDevice
from models.visit import Visit


def discard(session: Session, fair: Fair, device_id: int, since: datetime) -> int:
    """Take nothing of what came from a revoked device from that instant on; how many commands that is.

    What visitors want is worked out anew without them; of those that wait, what was said is forgotten.

    Raises
    ------
    Problem
        409 while the device may still send.
    """
    device = session.get(KioskDevice, device_id)
    if device is None or device.fair_id != fair.identity:
        raise not_found("这台终端")
    if device.revoked_at is None:
        raise conflict("device-in-use", "终端还在使用", "请先停用这台终端，再选择不采用它上传的记录。")
    rows = session.exec(
        select(KioskCommand)
        .where(
            KioskCommand.device_id == device_id,
            col(KioskCommand.created_at) >= since,
            col(KioskCommand.discarded_at).is_(None),
        )
        .order_by(col(KioskCommand.id))
        .with_for_update()
    ).all()
    for row in rows:
        row.discarded_at, row.sealed = now(), None
        session.add(row)
    session.flush()
    visits = {row.visit_id for row in rows if row.visit_id is not None}
    for visit in session.exec(
        select(Visit).where(col(Visit.id).in_(visits)).order_by(col(Visit.id)).with_for_update()
    ):
        work_out(session, visit)
    told = {"commands": len(rows), "since": since.isoformat()}
    record(session, "discard", "kiosk_device", device_id, region=fair.region, change=told)
    return len(rows)
