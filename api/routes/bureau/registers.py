"""/v1/registers: every register and return, what it is and its first rows."""

from typing import Annotated

from fastapi import Depends, Path, Query

from api.deps import Caller, KeyringDep, SessionDep, TodayDep, allowed
from api.errors import PROBLEMS, invalid
from api.exporting.answering import preview, register_public
from api.exporting.asking import asked_of, view_or_404
from api.laying import bureau_router
from api.presenting import PresenterDep
from api.rights import Action
from api.schemas.base import Day, RegionCode, Title
from api.schemas.register import RegisterPreview, RegisterPublic
from ledger.registers.catalogue import VIEWS
from ledger.registers.quarterly import QUARTERLY, people_of

router = bureau_router("/registers", tag="register", responses=PROBLEMS)
Reader = Annotated[Caller, Depends(allowed(Action.READ_LEDGER))]


@router.get("", operation_id="list_registers")
def list_registers(_: Reader) -> list[RegisterPublic]:
    """Every register and return there is."""
    return [register_public(view) for view in VIEWS.values()]


@router.get("/{code}", operation_id="read_register")
def read_register(
    code: Annotated[str, Path(max_length=40)],
    session: SessionDep,
    caller: Reader,
    keyring: KeyringDep,
    present: PresenterDep,
    today: TodayDep,
    region: Annotated[RegionCode | None, Query(description="本辖区内任一级地区")] = None,
    village: Annotated[Title | None, Query(description="一个乡镇的台账里的村名，或“未填村”")] = None,
    as_of: Annotated[Day | None, Query()] = None,
    period: Annotated[str | None, Query(max_length=10, description="月份 2025-06 或季度 2025Q2")] = None,
    batch: Annotated[int | None, Query(ge=1, le=2**63 - 1, description="输送批次")] = None,
    line: Annotated[int | None, Query(ge=1, le=99, description="结对季报：列出这一项背后的人")] = None,
    limit: Annotated[int, Query(ge=0, le=200)] = 50,
) -> RegisterPreview:
    """The first rows of a register, numbers masked, and how many rows there are, also by the regions below."""
    view = view_or_404(code)
    asked = asked_of(
        session,
        caller,
        view,
        region=region,
        village=village,
        as_of=as_of,
        period=period,
        batch=batch,
        today=today,
    )
    table = None
    if line is not None:
        table = people_of(session, keyring, asked, line) if view is QUARTERLY else None
        if table is None:
            raise invalid("line", "unknown", "只有结对季报中统计人数的项目可以列出名单")
    return preview(session, keyring, present, view, asked, limit=limit, table=table)
