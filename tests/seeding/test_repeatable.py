"""The same seed gives the same content; another seed gives other people."""

import hashlib
from datetime import date

from sqlalchemy import Connection, text

from api.seeding.demo import generate, load_demo
from models.sealing import Keyring

SCALE = 0.05
STABLE = {
    "household": "number, region, relocated",
    "hardship_period": "category, from_on, to_on, risk_cleared_on",
    "worker": "region, name, name_pinyin, sex, birth_date, encode(id_number_index, 'hex'), encode(phone_index, 'hex'), "
    "ethnicity, education, labour_capability, relation_to_head, disability_grade, speaks_mandarin, experience_months, "
    "last_occupation, created_at",
    "worker_skill": "skill, level",
    "work_intention": "wants, reason, accepted_regions, occupations, pay_floor, available_from, needs_lodging",
    "employer": "name, kind, region, kept_by, industry, size",
    "vacancy": "title, region, seats, seats_taken, pay_min, pay_max, valid_until, state, missing, unlawful_demands, text",
    "application": "state, applied_on, decided_on, reason, worker_region, vacancy_region",
    "application_event": "from_state, to_state, at, reason, created_at",
    "employment_spell": "origin_region, region, kind, started_on, ended_on, observed_until, monthly_income, leave_reason",
    "evidence": "grade, covers_from, covers_to, source",
    "spell_confirmation": "side, found, means, found_on, account_id",
    "contact": "contacted_on, means, found, difficulty, returned_home, account_id",
    "public_post_placement": "cadre_relation, declared_on",
    "job_offer": "rung, what, offered_on, answer, reason",
    "course": "region, name, kind, skill, skill_level, started_on, ended_on",
    "enrolment": "completed, certificate",
    "fair": "region, partner, name, kind, held_on, employers, seats, attended, agreed",
    "service_station": "region, kept_by, name, opened_on",
    "station_visit": "visited_on, found, people_seen",
    "support_task": "difficulty, due_on, state, done_on, outcome",
}


def content(connection: Connection) -> dict[str, str]:
    """A hash of each table's rows, whatever their numbers."""
    return {
        table: hashlib.sha256(
            "\n".join(
                connection.execute(text(f"SELECT ROW({columns})::text FROM {table} ORDER BY 1")).scalars()
            ).encode()
        ).hexdigest()
        for table, columns in STABLE.items()
    }


def loaded_once(connection: Connection, keyring: Keyring, seed: int) -> dict[str, str]:
    with connection.begin_nested() as attempt:
        load_demo(connection, keyring, seed=seed, scale=SCALE)
        hashes = content(connection)
        attempt.rollback()
    return hashes


def test_one_seed_one_content(loaded: Connection, keyring: Keyring) -> None:
    first = loaded_once(loaded, keyring, 7)
    assert loaded_once(loaded, keyring, 7) == first
    other = loaded_once(loaded, keyring, 8)
    assert all(other[table] != first[table] for table in STABLE)


def test_counts_are_reported_and_true(loaded: Connection, keyring: Keyring) -> None:
    told: list[int] = []
    counts = load_demo(
        loaded, keyring, scale=SCALE, progress=lambda done, total, words: told.append(total - done)
    )
    assert told == sorted(told, reverse=True) and told[-1] == 0
    for table in STABLE:
        assert loaded.scalar(text(f"SELECT count(*) FROM {table}")) == counts[table], table


def test_any_business_date_can_be_lived_through() -> None:
    for day in (date(2020, 2, 29), date(2021, 2, 13), date(2022, 1, 1), date(2026, 12, 31)):
        world = generate(1, day, 0.02)
        assert world.spells
        assert all(spell.started_on <= (spell.ended_on or day) <= day for spell in world.spells)


def test_the_world_is_small_when_asked(loaded: Connection, keyring: Keyring) -> None:
    assert 300 < load_demo(loaded, keyring, scale=0.03)["worker"] < 420
