"""The generated ladder as rows of its tables."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from sqlalchemy import Connection

from api.seeding.copying import Rows, reserve_ids
from api.seeding.ladder import Ladder
from models.public_post import ExtensionReason
from models.spell import Arrangement, Precision

_SHANGHAI = timezone(timedelta(hours=8))
STEPS = 11
"""How many tables are written."""


def ladder_tables(
    connection: Connection, ladder: Ladder, person: range, firm: range, post: range, today: date
) -> Iterator[tuple[str, Rows]]:
    """Each table with its rows, what is referred to before what refers."""
    spell = reserve_ids(connection, "employment_spell", len(ladder.held))
    course = reserve_ids(connection, "course", len(ladder.courses))
    station = reserve_ids(connection, "service_station", len(ladder.stations))
    yield (
        "employment_spell",
        [
            {
                "id": spell[i],
                **_new(each.started_on),
                "worker_id": person[each.person],
                "origin_region": "",
                "employer_id": None if each.firm is None else firm[each.firm],
                "region": each.region,
                "kind": each.kind,
                "arrangement": Arrangement.ORGANISED if each.post_kind else Arrangement.SELF,
                "channel": None if each.post_kind else "返乡创业",
                "started_on": each.started_on,
                "observed_until": max(each.started_on, today - timedelta(days=20)),
                "precision": Precision.DAY,
                "monthly_income": each.income,
                "post_kind": each.post_kind,
                "is_main": True,
            }
            for i, each in enumerate(ladder.held)
        ],
    )
    yield (
        "public_post_placement",
        [
            _new(ladder.held[held].started_on)
            | {
                "spell_id": spell[held],
                "cadre_relation": relation,
                "declared_on": ladder.held[held].started_on,
            }
            for held, relation in ladder.declared
        ],
    )
    yield (
        "term_extension",
        [
            _new(today - timedelta(days=30))
            | {"spell_id": spell[held], "until": until, "reason": ExtensionReason.HARDSHIP}
            | {"basis": "测试文号1号", "decided_on": today - timedelta(days=30)}
            for held, until in ladder.extended
        ],
    )
    yield (
        "job_offer",
        [
            _new(each["offered_on"]) | {"worker_id": person[each["person"]]} | _rest(each, "person")
            for each in ladder.offers
        ],
    )
    yield (
        "workshop_recognition",
        [
            _new(each["recognised_on"])
            | {"employer_id": firm[each["firm"]], "basis": "测试文号2号", "revoked_because": ""}
            | _rest(each, "firm")
            for each in ladder.recognitions
        ],
    )
    yield (
        "workshop_rating",
        [
            _new(each["rated_on"]) | {"employer_id": firm[each["firm"]], "note": ""} | _rest(each, "firm")
            for each in ladder.ratings
        ],
    )
    yield (
        "course",
        [
            _new(each["started_on"])
            | {"id": course[i], "vacancy_id": None if each["post"] is None else post[each["post"]]}
            | _rest(each, "post")
            for i, each in enumerate(ladder.courses)
        ],
    )
    yield (
        "enrolment",
        [
            {"created_at": _at(ladder.courses[of]["started_on"]), "course_id": course[of]}
            | {"worker_id": person[who], "completed": completed, "certificate": number}
            for of, who, completed, number in ladder.enrolments
        ],
    )
    yield (
        "fair",
        [
            _new(min(today, each["held_on"]) - timedelta(days=20)) | {"called_off": False} | each
            for each in ladder.fairs
        ],
    )
    yield (
        "service_station",
        [
            _new(each["opened_on"]) | {"id": station[i], "address": ""} | each
            for i, each in enumerate(ladder.stations)
        ],
    )
    yield (
        "station_visit",
        [
            _new(each["visited_on"])
            | {"station_id": station[each["station"]], "employer_id": firm[each["firm"]], "note": ""}
            | _rest(each, "station", "firm")
            for each in ladder.visits
        ],
    )


def _new(day: date) -> dict[str, Any]:
    return {"created_at": _at(day), "is_demo": True}


def _rest(row: dict[str, Any], *indices: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in indices}


def _at(day: date) -> datetime:
    return datetime.combine(day, time(9), _SHANGHAI)
