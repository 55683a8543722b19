"""The posts of a fair, as visitors are told of them: in words that are read aloud, with the syllables beside them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from api.offering import on_offer
from api.places import Places
from api.post_words import pay
from api.settings import Settings
from ledger.ruby import syllables
from models.booth import Booth, BoothPost
from models.employer import Employer
from models.fair import Fair
from models.vacancy import Vacancy

_LODGING = {True: "包住", False: "不包住", None: "住宿没有写明"}
_MEALS = {True: "包吃", False: "不包吃", None: ""}


@dataclass(frozen=True, slots=True)
class FairPost:
    """A post at its booth."""

    vacancy: Vacancy
    booth: Booth
    employer: str

    @property
    def seats_left(self) -> int:
        """Seats that nobody has begun at."""
        return max((self.vacancy.seats or 0) - self.vacancy.seats_taken, 0)


def posts_of(session: Session, fair_id: int) -> list[FairPost]:
    """Every post of a booth that stands, booth by booth; those not on offer any more are among them."""
    rows = session.exec(
        select(Vacancy, Booth, Employer.name)
        .join(BoothPost, col(BoothPost.vacancy_id) == col(Vacancy.id))
        .join(Booth, col(Booth.id) == col(BoothPost.booth_id))
        .join(Employer, col(Employer.id) == col(Booth.employer_id))
        .where(Booth.fair_id == fair_id, col(Booth.withdrawn_at).is_(None))
        .order_by(col(Booth.id), col(BoothPost.id))
    )
    return [FairPost(*row) for row in rows]


def offered_at(session: Session, fair: Fair, settings: Settings) -> list[FairPost]:
    """Those of them that may be offered today and will be on the fair's day: published, valid, with a seat."""
    posts, day = posts_of(session, fair.identity), max(settings.today(), fair.held_on)
    standing = set(
        session.exec(
            select(Vacancy.id).where(
                col(Vacancy.id).in_([post.vacancy.identity for post in posts]),
                on_offer(settings.today(), settings.vacancy_refresh_days),
                col(Vacancy.valid_until) >= day,
            )
        )
    )
    return [post for post in posts if post.vacancy.id in standing]


def booths_of_posts(session: Session, fair_id: int) -> dict[int, int]:
    """The booth of every post that is or was offered; of several the one that stands, else the last."""
    rows = session.exec(
        select(BoothPost.vacancy_id, BoothPost.booth_id)
        .join(Booth, col(Booth.id) == col(BoothPost.booth_id))
        .where(BoothPost.fair_id == fair_id)
        .order_by(col(Booth.withdrawn_at).is_(None), col(BoothPost.id))
    )
    return dict(rows.all())


def told_post(session: Session, places: Places, post: FairPost) -> dict[str, Any]:
    """What anybody may read of a post: on the list without a ranking, and on every card."""
    row = post.vacancy
    return {
        "vacancy_id": row.identity,
        "booth_id": post.booth.identity,
        "booth": post.booth.number,
        "title": row.title,
        "employer": post.employer,
        "pay": pay(row.pay_min, row.pay_max),
        "place": places.name(session, row.region) or "",
        "lodging": _LODGING[row.lodging],
        "meals": _MEALS[row.meals],
        "shift": row.shift.label if row.shift else "",
        "ages": ages(row),
    }


def filters_of(post: FairPost, region: str) -> dict[str, Any]:
    """By what a visitor's answers choose among the posts; null is not known and rules nothing out."""
    row = post.vacancy
    return {
        "near": (row.region or "").startswith(region[:6]),
        "lodging_given": row.lodging,
        "pay_from": row.pay_min or row.pay_max,
        "pay_to": row.pay_max or row.pay_min,
        "age_from": row.min_age,
        "age_to": row.max_age,
        "nights": None if row.shift is None else row.shift.value != "day",
        "seats_left": post.seats_left,
    }


def ages(row: Vacancy) -> str:
    """18—50岁."""
    if row.min_age is None and row.max_age is None:
        return ""
    if row.max_age is None:
        return f"{row.min_age}岁以上"
    return f"{row.max_age}岁以下" if row.min_age is None else f"{row.min_age}—{row.max_age}岁"


def read_aloud(texts: Iterable[str]) -> Mapping[str, str]:
    """The syllables of each text, one for each Chinese character."""
    return {text: " ".join(syllables(text)) for text in texts if text}
