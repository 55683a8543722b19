"""One advertisement that came in for several bureaus is one post to the person who reads a list."""

from sqlmodel import Session, col, select

from api.schemas.placement import VacancyMatch
from models.vacancy import Vacancy


def without_twins(
    session: Session, items: list[VacancyMatch]
) -> tuple[list[VacancyMatch], dict[int, list[int]]]:
    """The matches without those that repeat an earlier one, and for each that stays the numbers of its twins.

    Twins stood on the same line of their files, in the same words, and still say the same: title, employer, place and
    pay. Whose file it was only its bureau may see.
    """
    lines = {
        number: (line, text)
        for number, line, text in session.exec(
            select(Vacancy.id, Vacancy.import_line, Vacancy.text).where(
                col(Vacancy.id).in_([item.vacancy.id for item in items]), col(Vacancy.import_id).is_not(None)
            )
        )
    }
    first: dict[object, int] = {}
    kept: list[VacancyMatch] = []
    twins: dict[int, list[int]] = {}
    for item in items:
        post = item.vacancy
        place = post.region.code if post.region else None
        said = (post.title, post.employer, place, post.pay_min, post.pay_max)
        same = first.setdefault((lines.get(post.id, post.id), said), post.id)
        if same == post.id:
            kept.append(item)
        else:
            twins.setdefault(same, []).append(post.id)
    return kept, twins
