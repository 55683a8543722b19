"""The whole demonstration on a real database: how many, how far, and nothing that could be somebody's."""

from datetime import date

import phonenumbers
import pytest
from sqlalchemy import Connection, text
from sqlmodel import Session, select

from api.seeding.demo import BUSINESS_DATE, load_demo
from ledger.postings.demands import find_demands
from ledger.postings.findings import Severity
from models.id_number import IdNumberFault, InvalidIdNumber, read_id_number
from models.sealing import Keyring, content_mark, open_person_key, unseal
from models.target import Indicator, Population, Target
from outcomes.progress import started_count

WORKERS = {
    "610728": 1500,
    "610723": 600,
    "500236": 600,
    "610925": 800,
    "522302": 1350,
    "522323": 900,
    "522324": 850,
    "522325": 1150,
    "522326": 850,
    "522327": 600,
    "522328": 800,
}


def people(connection: Connection, keyring: Keyring) -> list[tuple[str, str | None, bytes]]:
    """ID number, telephone and stored index of everybody, opened as the service opens them."""
    rows = connection.execute(
        text(
            "SELECT id_number_sealed, phone_sealed, id_number_index, master_key_id, sealed_key "
            "FROM worker JOIN person_key ON worker_id = id"
        )
    )
    opened = []
    for id_number, phone, index, master, sealed in rows:
        key = open_person_key(keyring, master, sealed)
        opened.append(
            (
                unseal(key, id_number, "worker.id_number").decode(),
                unseal(key, phone, "worker.phone").decode() if phone else None,
                index,
            )
        )
    return opened


def test_people_of_each_county(full: Connection) -> None:
    rows = full.execute(text("SELECT left(region, 6), count(*) FROM worker WHERE is_demo GROUP BY 1"))
    counts = dict(rows.all())
    assert counts.keys() == WORKERS.keys()
    assert all(WORKERS[county] <= count < WORKERS[county] + 6 for county, count in counts.items())


@pytest.mark.parametrize(
    ("indicator", "population", "least", "most"),
    [
        (Indicator.TRANSFER, Population.RURAL, 3000, 3500),
        (Indicator.TRANSFER, Population.POVERTY_RELIEVED, 250, 330),
        (Indicator.NEAR_HOME, Population.RURAL, 250, 330),
        (Indicator.NEAR_HOME, Population.POVERTY_RELIEVED, 110, 160),
        (Indicator.COMMUNITY_FACTORY_JOBS, Population.RURAL, 100, 400),
        (Indicator.COMMUNITY_FACTORIES, Population.RURAL, 20, 60),
    ],
)
def test_targets_are_partly_met(
    full: Connection, indicator: Indicator, population: Population, least: int, most: int
) -> None:
    with Session(full) as session:
        target = session.exec(
            select(Target)
            .where(Target.indicator == indicator, Target.population == population)
            .order_by(Target.sequence)  # type: ignore[arg-type]
        ).first()
        assert target is not None
        done = started_count(session, target, BUSINESS_DATE)
        assert done is not None and least <= done <= most < (target.number or 0)


def test_hardship_shares(full: Connection) -> None:
    shares = full.execute(
        text(
            """SELECT left(w.region, 4) = '5223', avg(EXISTS (SELECT FROM hardship_period h
               WHERE h.household_id = w.household_id AND category IN ('relieved', 'unstable')
               AND from_on <= :day AND (to_on IS NULL OR to_on >= :day))::int)::float FROM worker w GROUP BY 1"""
        ),
        {"day": BUSINESS_DATE},
    )
    share = dict(shares.all())
    assert 0.08 < share[True] < 0.13
    assert 0.21 < share[False] < 0.29


def test_every_row_is_marked(full: Connection) -> None:
    for table in ("household", "worker", "employer", "vacancy", "employment_spell"):
        assert full.scalar(text(f"SELECT bool_and(is_demo) AND count(*) > 300 FROM {table}")), table
    assert (
        full.scalar(text("SELECT count(*) FROM employer WHERE uscc IS NOT NULL OR name NOT LIKE '%桥%'"))
        == 11
    )
    villages = "SELECT bool_and(name LIKE '测试%村') AND count(*) > 400 FROM region WHERE source = 'demo'"
    assert full.scalar(text(villages))


def test_no_id_number_is_taken_outside_demonstration_mode(full: Connection, keyring: Keyring) -> None:
    everybody = people(full, keyring)
    assert len(everybody) == len({number for number, _, _ in everybody}) > 10_000
    for number, _, index in everybody:
        with pytest.raises(InvalidIdNumber) as refused:
            read_id_number(number, ever_assigned=lambda code: True)
        assert refused.value.fault is IdNumberFault.DEMO_ONLY
        assert read_id_number(number, ever_assigned=lambda code: False, demonstration=True).is_demo
        assert content_mark(keyring, "id_number", number) == index


def test_birth_date_and_sex_agree_with_the_number(full: Connection, keyring: Keyring) -> None:
    index = {index: number for number, _, index in people(full, keyring)}
    for stored, born, sex in full.execute(text("SELECT id_number_index, birth_date, sex FROM worker")):
        number = read_id_number(index[stored], ever_assigned=lambda code: False, demonstration=True)
        assert (number.birth_date, number.sex.value) == (born, sex)


def test_no_telephone_could_ring(full: Connection, keyring: Keyring) -> None:
    phones = [phone for _, phone, _ in people(full, keyring) if phone]
    assert len(phones) == len(set(phones)) > 9000
    for phone in phones:
        assert len(phone) == 14 and phone.startswith("+861000")
        assert not phonenumbers.is_valid_number(phonenumbers.parse(phone))


def test_seats_are_the_starts(full: Connection) -> None:
    wrong = """SELECT count(*) FROM vacancy v WHERE seats_taken <>
        (SELECT count(*) FROM application a WHERE a.vacancy_id = v.id AND a.state = 'started')"""
    assert full.scalar(text(wrong)) == 0
    assert full.scalar(text("SELECT count(*) FROM vacancy WHERE seats_taken = seats")) > 10


def test_a_started_application_and_its_spell_agree(full: Connection) -> None:
    rows = full.execute(
        text(
            """SELECT count(*), bool_and(a.worker_id = s.worker_id AND a.vacancy_id = s.vacancy_id
               AND a.decided_on = s.started_on AND s.region = v.region AND s.employer_id = v.employer_id
               AND s.started_on BETWEEN v.valid_from AND v.valid_until)
               FROM application a LEFT JOIN employment_spell s ON s.application_id = a.id
               LEFT JOIN vacancy v ON v.id = a.vacancy_id WHERE a.state = 'started'"""
        )
    ).one()
    assert rows[0] > 1000 and rows[1]
    assert (
        full.scalar(
            text(
                "SELECT count(*) FROM employment_spell WHERE (vacancy_id IS NULL) <> (application_id IS NULL)"
            )
        )
        == 0
    )


def test_events_tell_the_way_to_the_state(full: Connection) -> None:
    rows = full.execute(
        text(
            """SELECT bool_and(state = last_state AND steps = chained + 1 AND at_most_now) FROM
               (SELECT a.id, a.state, count(*) AS steps, count(e.from_state) AS chained,
                       (array_agg(e.to_state ORDER BY e.at DESC, e.id DESC))[1] AS last_state,
                       max(e.at) < :after AS at_most_now
                FROM application a JOIN application_event e ON e.application_id = a.id GROUP BY a.id) told"""
        ),
        {"after": date(2021, 9, 21)},
    )
    assert rows.scalar_one()
    without = "SELECT count(*) FROM application a WHERE NOT EXISTS (SELECT FROM application_event e WHERE e.application_id = a.id)"
    assert full.scalar(text(without)) == 0


def test_a_year_of_spells_that_nothing_in_the_future_belongs_to(full: Connection) -> None:
    row = full.execute(
        text(
            """SELECT min(started_on), max(started_on), max(ended_on), max(observed_until),
               bool_and((ended_on IS NULL) = (observed_until IS NOT NULL)), bool_and((ended_on IS NULL) = (leave_reason IS NULL))
               FROM employment_spell WHERE kind <> 'public_post'"""
        )
    ).one()
    assert date(2020, 7, 31) < row[0] < date(2020, 9, 30)
    assert max(row[1], row[2], row[3]) <= BUSINESS_DATE
    assert row[4] and row[5]
    early = "SELECT count(*) FROM employment_spell s JOIN worker w ON w.id = worker_id WHERE started_on < birth_date + interval '16 years'"
    assert full.scalar(text(early)) == 0


def test_people_set_out_after_the_festival_and_leave_early(full: Connection) -> None:
    by_month = dict(
        full.execute(
            text("SELECT to_char(started_on, 'YYYY-MM'), count(*) FROM employment_spell GROUP BY 1")
        ).all()
    )
    assert by_month["2021-03"] > 2 * by_month["2021-06"]
    assert by_month.get("2021-01", 0) < 50
    stays = full.execute(
        text(
            """SELECT count(*) FILTER (WHERE ended_on - started_on < 60)::float
               / count(*) FILTER (WHERE ended_on - started_on BETWEEN 60 AND 119)
               FROM employment_spell WHERE vacancy_id IS NOT NULL AND started_on BETWEEN '2021-02-01' AND '2021-05-01'"""
        )
    ).scalar_one()
    assert stays > 1.3


def test_evidence_of_every_grade_lies_inside_its_spell(full: Connection) -> None:
    grades = full.execute(text("SELECT DISTINCT grade FROM evidence ORDER BY 1")).scalars().all()
    assert grades == ["A", "B", "C", "D"]
    outside = """SELECT count(*) FROM evidence e JOIN employment_spell s ON s.id = spell_id
        WHERE covers_from < started_on OR covers_to > coalesce(ended_on, observed_until)"""
    assert full.scalar(text(outside)) == 0


def test_most_vacancies_are_on_offer_and_lawful_and_the_held_are_held_for_cause(full: Connection) -> None:
    rows = full.execute(
        text("SELECT state, title, text, valid_until, unlawful_demands, missing FROM vacancy")
    ).all()
    live = [row for row in rows if row.state == "published" and row.valid_until >= BUSINESS_DATE]
    assert len(live) > 0.6 * len(rows)
    for row in rows:
        found = [
            finding.phrase
            for finding in find_demands(gender="", title=row.title, text=row.text)
            if finding.severity is not Severity.MISSING
        ]
        assert bool(found) == (row.state == "held"), (row.text, found)
        assert bool(row.unlawful_demands) == (row.state == "held")
        assert bool(row.missing) == (row.state == "draft")
    assert sum(row.state == "held" for row in rows) == 8
    assert any(row.state == "published" and row.valid_until < BUSINESS_DATE for row in rows)


def test_every_pairing_has_vacancies_at_its_destination(full: Connection) -> None:
    rows = full.execute(
        text(
            """SELECT destination_region, count(DISTINCT e.id), count(*) FROM pairing
               JOIN vacancy v ON v.region LIKE destination_region || '%' AND v.state = 'published' AND v.valid_until >= :day
               JOIN employer e ON e.id = v.employer_id GROUP BY 1"""
        ),
        {"day": BUSINESS_DATE},
    ).all()
    assert len(rows) == 4
    assert all(firms >= 15 and posts >= 20 for _, firms, posts in rows)


def test_companions_are_couples(full: Connection) -> None:
    row = full.execute(
        text(
            """SELECT count(*), bool_and(two.companion_id = one.worker_id AND a.household_id = b.household_id AND a.sex <> b.sex)
               FROM work_intention one JOIN work_intention two ON two.worker_id = one.companion_id
               JOIN worker a ON a.id = one.worker_id JOIN worker b ON b.id = two.worker_id"""
        )
    ).one()
    assert row[0] > 500 and row[1]


def test_loading_again_does_nothing(full: Connection, keyring: Keyring) -> None:
    assert load_demo(full, keyring) == {}
