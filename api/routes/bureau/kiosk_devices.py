"""/v1/fairs/{fair_id}/devices: the devices that stand at a fair, enrolled by a code and revoked at once."""

from typing import Annotated

from fastapi import Depends

from api.deps import Caller, KeyringDep, RowId, SessionDep, allowed
from api.errors import PROBLEMS
from api.fairs.devices import announce, devices_of, revoke_device
from api.fairs.shown import device_public
from api.idempotency import OnceDep
from api.laying import bureau_router
from api.rights import Action
from api.routes.bureau.fair_booths import fair_or_404
from api.schemas.fair_day import DeviceAnnounced, DeviceCreate, DevicePublic

router = bureau_router("/fairs/{fair_id}/devices", tag="fair", responses=PROBLEMS)
Reader = Annotated[Caller, Depends(allowed(Action.READ_TARGETS))]
Manager = Annotated[Caller, Depends(allowed(Action.MANAGE))]


@router.get("", operation_id="list_kiosk_devices")
def list_kiosk_devices(fair_id: RowId, session: SessionDep, _: Reader) -> list[DevicePublic]:
    """The devices of a fair, when each was seen last."""
    fair_or_404(session, fair_id)
    return [device_public(row) for row in devices_of(session, fair_id)]


@router.post("", status_code=201, operation_id="create_kiosk_device")
def create_kiosk_device(
    fair_id: RowId,
    body: DeviceCreate,
    session: SessionDep,
    _: Manager,
    keyring: KeyringDep,
    once: OnceDep,
) -> DeviceAnnounced:
    """Announce a device: the answer holds the code, which is told this once."""
    row, code = announce(session, keyring, fair_or_404(session, fair_id), body.name)
    return once.keep(DeviceAnnounced(**device_public(row).model_dump(), code=code))


@router.post("/{device_id}/revoke", operation_id="revoke_kiosk_device")
def revoke_kiosk_device(fair_id: RowId, device_id: RowId, session: SessionDep, _: Manager) -> DevicePublic:
    """From its next request on the device is nobody."""
    return device_public(revoke_device(session, fair_or_404(session, fair_id), device_id))
