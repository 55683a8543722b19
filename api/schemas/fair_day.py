"""招聘会现场 over REST: booths, invitations, devices, the board, and who came."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from api.schemas.base import Instant, RowNumber, Title, Told, example
from api.schemas.worker import WorkerSummary
from models.application import ApplicationState
from models.visit import NotCarriedOver


class BoothCreate(Told):
    """An employer's place in the fair, and the posts that it offers there."""

    number: Annotated[Title, Field(max_length=10)]
    employer_id: RowNumber
    vacancy_ids: list[RowNumber] = Field(min_length=1, max_length=100, description="这家单位已发布的岗位")

    model_config = example({"number": "3", "employer_id": 1, "vacancy_ids": [1]})


class BoothPostPublic(BaseModel):
    """A post at a booth. `wishes`: visitors who want it now."""

    vacancy_id: int
    title: str
    pay: str
    seats_left: int
    wishes: int


class BoothPublic(BaseModel):
    """A booth and its queue."""

    id: int
    number: str
    employer_id: int
    employer: str
    posts: list[BoothPostPublic]
    waiting: int
    next_ticket: str | None
    last_called: str | None


class Called(BaseModel):
    """Who is called to a booth; null where nobody waits."""

    ticket: str | None


class InviteTold(Told):
    """Who is asked to come."""

    worker_ids: list[RowNumber] = Field(min_length=1, max_length=500)

    model_config = example({"worker_ids": [1]})


class Invited(BaseModel):
    """How many are newly invited, and how many in all."""

    fresh: int
    invited: int


class InvitationPublic(BaseModel):
    """Somebody who is asked to come. What the QR code says is on the printed invitation alone."""

    id: int
    worker: WorkerSummary
    card_made_at: Instant | None
    arrived_at: Instant | None
    revoked_at: Instant | None


class Revoked(BaseModel):
    """An invitation that opens nothing any more."""

    id: int
    revoked_at: Instant


class DeviceCreate(Told):
    """A device that is to stand at the fair."""

    name: Annotated[Title, Field(max_length=30)]

    model_config = example({"name": "入口1号机"})


class DevicePublic(BaseModel):
    """A device of the fair."""

    id: int
    name: str
    letter: str = Field(description="排队号的字头")
    enrolled_at: Instant | None
    revoked_at: Instant | None
    last_seen_at: Instant | None


class DeviceAnnounced(DevicePublic):
    """A new device, and the code that is typed at it within half an hour; it is told this once."""

    code: str


class BoardPublic(BaseModel):
    """The fair as it stands: numbers, tickets and posts, nobody's name."""

    fair_id: int
    name: str
    as_of: Instant
    invited: int
    arrived: int
    arrived_invited: int
    with_wish: int
    wishes: int
    waiting_for_identity: int
    last_arrival: Instant | None
    booths: list[BoothPublic]
    devices: list[DevicePublic]


class WishPublic(BaseModel):
    """A post that a visitor wants or wanted, and what came of it."""

    vacancy_id: int
    title: str
    employer: str | None
    wanted: bool
    ticket: str | None
    called: bool
    application_id: int | None
    state: ApplicationState | None
    not_carried_over: NotCarriedOver | None


class VisitPublic(BaseModel):
    """Somebody who came. `due_on`: when it must have been asked what came of the wishes; null where nothing is open."""

    id: int
    worker: WorkerSummary
    arrived_at: Instant
    wishes: list[WishPublic]
    due_on: date | None
