"""The device door's bodies and answers."""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import AwareDatetime, BaseModel, Field, model_validator

from api.schemas.base import Instant, Plain, RowNumber, Told, example
from models.kiosk import CommandAnswer, CommandKind

Code = Annotated[Plain, Field(min_length=8, max_length=20)]
Number = Annotated[Plain, Field(min_length=15, max_length=30)]
CardName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{22}$")]


class EnrolTold(Told):
    """The code that the fair's page shows once."""

    code: Code

    model_config = example({"code": "7KQ4-MZX9-2HTB"})


class DeviceEnrolled(BaseModel):
    """What a device knows of itself: the token is told this once."""

    device_id: int
    fair_id: int
    name: str
    letter: str
    token: str
    public_key: str = Field(description="P-256 的公钥点，base64url；命令加密用")


class CommandTold(Told):
    """One sealed command (see docs/kiosk.md)."""

    sealed: str = Field(min_length=100, max_length=4000, pattern=r"^[A-Za-z0-9_-]+$")

    model_config = example({"sealed": "A" * 200})


class CommandTaken(BaseModel):
    """What became of a command. `waiting`: nobody knows yet whose it is; nothing is lost, the fair's people see to it."""

    key: str
    answer: CommandAnswer


class Sealed(Told):
    """What is inside a command. Who says it: the card's name of an invitation, or an ID number."""

    v: int = Field(1, ge=1, le=1)
    kind: CommandKind
    at: AwareDatetime
    card: CardName | None = None
    number: Number | None = None
    vacancy_id: RowNumber | None = None
    ticket: str | None = Field(None, pattern=r"^[A-Z]{1,3}[0-9]{1,5}$")
    assisted: bool = False

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.card is None) == (self.number is None):
            raise ValueError("不知道是谁")
        if (self.kind is CommandKind.CHECK_IN) != (self.vacancy_id is None):
            raise ValueError("不知道是哪个岗位")
        if self.ticket is not None and self.kind is not CommandKind.INTEND:
            raise ValueError("排队号不对")
        if not datetime(2000, 1, 1).year <= self.at.year <= 2100:
            raise ValueError("时间不对")
        return self


class CardAsked(Told):
    """An ID number, read or typed."""

    number: Number

    model_config = example({"number": "610728198503152342"})


class CardFound(BaseModel):
    """The card of whoever the number belongs to, if one is invited."""

    found: bool
    name: str | None = Field(None, description="岗位卡的名字，之后的命令用它")
    card: dict[str, Any] | None = None


class KioskBooth(BaseModel):
    """A booth, and how many wait there."""

    id: int
    number: str
    employer: str
    waiting: int


class KioskCard(BaseModel):
    """A card that only its person's code opens."""

    name: str
    sealed: str


class KioskCards(BaseModel):
    """The cards of everybody who is invited. Nothing in it tells of anybody who is not there with a code."""

    cards: list[KioskCard]


class Bundle(BaseModel):
    """The fair as it stands, which changes all day: posts, booths and queues."""

    fair_id: int
    fair: str
    place: str
    region: str
    held_on: str
    made_at: Instant
    booths: list[KioskBooth]
    posts: list[dict[str, Any]] = Field(description="展位顺序，不排名；filters 供按回答筛选")
    ruby: dict[str, str]
