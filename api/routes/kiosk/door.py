"""/kiosk/v1: enrolment, what a device goes on with, and what is said at it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request, Response

from api.deps import KeyringDep, SessionDep, SettingsDep, TodayDep
from api.errors import PROBLEMS
from api.fairs.bundle import bundle, cards, find_card
from api.fairs.devices import DeviceDep, redeem
from api.fairs.envelopes import to_text
from api.fairs.taking import take
from api.schemas.kiosk import (
    Bundle,
    CardAsked,
    CardFound,
    CommandTaken,
    CommandTold,
    DeviceEnrolled,
    EnrolTold,
    KioskCards,
)
from api.strict import known_query

router = APIRouter(
    prefix="/kiosk/v1", tags=["kiosk"], responses=PROBLEMS, dependencies=[Depends(known_query)]
)
Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[A-Za-z0-9-]{16,64}$",
        description="每条命令自己的编号，重发时不变；永久有效",
    ),
]


@router.post("/enrol", status_code=201, operation_id="enrol_device")
def enrol_device(body: EnrolTold, session: SessionDep) -> DeviceEnrolled:
    """Become the device that a code is for. The token is told this once."""
    row, token = redeem(session, body.code)
    return DeviceEnrolled(
        device_id=row.identity,
        fair_id=row.fair_id,
        name=row.name,
        letter=row.letter,
        token=token,
        public_key=to_text(row.public_key),
    )


@router.get("/bundle", operation_id="read_bundle")
def read_bundle(request: Request, session: SessionDep, settings: SettingsDep, device: DeviceDep) -> Bundle:
    """The fair as it stands: posts, booths, and how many wait at each."""
    return bundle(session, request.app.state.places, settings, device)


@router.get(
    "/cards",
    operation_id="read_cards",
    response_model=KioskCards,
    responses={304: {"description": "没有变化"}},
)
def read_cards(
    session: SessionDep,
    keyring: KeyringDep,
    device: DeviceDep,
    today: TodayDep,
    response: Response,
    if_none_match: Annotated[str, Header(max_length=100)] = "",
) -> KioskCards | Response:
    """The sealed cards of all who are invited; nothing where the device has them already."""
    tag, found = cards(session, keyring, device, if_none_match, today)
    if found is None:
        return Response(status_code=304, headers={"ETag": tag})
    response.headers["ETag"] = tag
    return found


@router.post("/cards/find", operation_id="find_card")
def find_card_by_number(
    body: CardAsked, session: SessionDep, keyring: KeyringDep, device: DeviceDep, today: TodayDep
) -> CardFound:
    """The card of whoever shows an ID card instead of the invitation; with the network only, on the fair's day and before."""
    return find_card(session, keyring, device, body.number, today)


@router.post("/commands", operation_id="take_command")
def take_command(
    body: CommandTold,
    session: SessionDep,
    keyring: KeyringDep,
    device: DeviceDep,
    key: Key,
    response: Response,
) -> CommandTaken:
    """One sealed command. Sent again it gets the first answer again, however much later."""
    taken, repeated = take(session, keyring, device, key, body.sealed)
    if repeated:
        response.headers["Idempotent-Replayed"] = "true"
    return taken
