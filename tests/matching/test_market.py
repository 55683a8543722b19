"""The loader against a real database built by the migrations."""

from collections.abc import Iterator
from datetime import date

import numpy as np
import pytest
from sqlalchemy import create_engine
from sqlmodel import Session

from api.database import migrate, owner_connection
from api.postgres.embedded import temporary_cluster
from matching.columns import Market, Pairs
from matching.companions import LOOKING
from matching.eligibility import eligible_vacancies
from matching.market import load_market, load_townspeople, load_vacancies, load_workers
from matching.rankers import PriorRanker
from matching.ranking import rank_vacancies
from matching.told import companion_there
from models.education import Education
from models.employer import Employer
from models.pairing import Pairing
from models.region import Region, RegionLevel
from models.spell import EmploymentSpell, SpellKind
from models.taxonomy import Occupation
from models.vacancy import Shift, Vacancy, VacancyState
from models.worker import LabourCapability, Wants, Worker, WorkerSkill, WorkIntention

AS_OF = date(2021, 9, 20)


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    with temporary_cluster() as cluster:
        cluster.ensure_database("market")
        with owner_connection(cluster.owner_url("market")) as owner:
            migrate(owner)
        yield cluster.owner_url("market")


@pytest.fixture
def session(database) -> Iterator[Session]:
    engine = create_engine(database)
    with engine.connect() as connection, connection.begin() as transaction:
        with Session(connection) as session:
            _fill(session)
            yield session
        transaction.rollback()
    engine.dispose()


def _region(
    code: str, name: str, level: RegionLevel, parent: str | None, lon: float | None, lat: float | None
) -> Region:
    return Region(
        code=code,
        name=name,
        short_name=name,
        level=level,
        parent_code=parent,
        longitude=lon,
        latitude=lat,
        source="test",
    )


def _add(session: Session, *rows):
    for row in rows:
        session.add(row)
        session.flush()
    return rows


def _fill(session: Session) -> None:
    _add(
        session,
        _region("61", "陕西", RegionLevel.PROVINCE, None, 108.9, 34.3),
        _region("6107", "汉中", RegionLevel.CITY, "61", 107.0, 33.1),
        _region("610728", "镇巴", RegionLevel.COUNTY, "6107", 107.9, 32.5),
        _region("610728101", "泾洋", RegionLevel.TOWNSHIP, "610728", None, None),
        _region("32", "江苏", RegionLevel.PROVINCE, None, 118.8, 32.1),
        _region("3206", "南通", RegionLevel.CITY, "32", 120.9, 32.0),
        _region("320612", "通州", RegionLevel.COUNTY, "3206", 121.1, 32.1),
        Occupation(code="6", name="生产", level=1),
        Occupation(code="62001", name="缝纫工", level=3),
        Pairing(origin_region="610728", destination_region="320612", programme="苏陕协作", valid_from=date(2017, 1, 1)),
        Pairing(
            origin_region="610728", destination_region="32", programme="苏陕协作",
            valid_from=date(2016, 1, 1), valid_until=date(2016, 12, 31),
        ),
    )  # fmt: skip
    (firm,) = _add(session, Employer(name="通州服装厂", region="320612", kept_by="320612"))
    whole = {"employer_id": firm.identity, "kept_by": "320612", "state": VacancyState.PUBLISHED}
    _add(
        session,
        Vacancy(
            **whole, region="320612", title="缝纫工", occupation="62001", seats=5, seats_taken=2, pay_min=4000,
            pay_max=5000, valid_until=date(2021, 12, 31), lodging=True, meals=None, shift=Shift.DAY,
            min_education=Education.JUNIOR_HIGH, required_skills=["平车"], posted_on=date(2021, 9, 1),
        ),
        Vacancy(**whole, region="3206", title="昨天到期", seats=5, pay_min=4000, valid_until=date(2021, 9, 19)),
        Vacancy(**{**whole, "state": VacancyState.DRAFT}, region="3206", title="草稿"),
        Vacancy(
            **whole, region="3206", title="没人更新", seats=5, pay_min=4000, valid_until=date(2021, 12, 31),
            posted_on=date(2021, 6, 21),
        ),
        Vacancy(
            **whole, region="3206", title="刚更新", seats=5, pay_min=4000, valid_until=date(2021, 9, 20),
            posted_on=date(2021, 1, 1), refreshed_on=date(2021, 6, 22),
        ),
    )  # fmt: skip
    people = _add(
        session,
        Worker(
            region="610728101", name="甲", name_pinyin="jia", birth_date=date(1990, 5, 1),
            education=Education.SENIOR_HIGH, labour_capability=LabourCapability.SKILLED, last_occupation="62001",
            experience_months=30, speaks_mandarin=True,
        ),
        Worker(region="610728", name="乙", name_pinyin="yi", restricted=True),
        Worker(region="320612", name="丙", name_pinyin="bing"),
    )  # fmt: skip
    first, second, third = (person.identity for person in people)
    _add(
        session,
        WorkerSkill(worker_id=first, skill="平车", level=3),
        WorkIntention(
            worker_id=first, wants=Wants.OUT, accepted_regions=["3206", "61"], occupations=["62"], pay_floor=3500,
            needs_lodging=True, companion_id=third, available_from=date(2021, 10, 1),
        ),
        _spell(third, firm.identity, date(2021, 3, 1)),
        _spell(second, firm.identity, date(2021, 3, 1)),
    )  # fmt: skip


def _spell(worker: int, firm: int, began: date, ended: date | None = None) -> EmploymentSpell:
    return EmploymentSpell(
        worker_id=worker,
        employer_id=firm,
        kind=SpellKind.MARKET,
        region="320612",
        started_on=began,
        ended_on=ended,
    )


def test_only_live_published_vacancies_are_on_offer(session):
    offered = load_vacancies(session, AS_OF)
    assert offered.title.tolist() == ["缝纫工", "刚更新"]
    assert load_vacancies(session, AS_OF, refreshed_within_days=91).title.tolist() == [
        "缝纫工",
        "没人更新",
        "刚更新",
    ]


def test_a_vacancy_comes_as_it_is_kept(session):
    posts = load_vacancies(session, AS_OF)
    assert posts.region.tolist() == [320612000000, 320600000000]
    assert (posts.lon[0], posts.lat[0]) == (121.1, 32.1)
    assert (posts.seats[0], posts.taken[0]) == (5, 2)
    assert (posts.pay_min[0], posts.pay_max[0]) == (4000, 5000)
    assert (posts.lodging[0], posts.min_education[0], posts.shift[0]) == (1.0, 2, "day")
    assert np.isnan([posts.meals[0], posts.pay_max[1], posts.min_age[0]]).all()
    assert posts.required_skills == (frozenset({"平车"}), frozenset())
    assert posts.valid_until[0] == np.datetime64("2021-12-31")
    assert posts.posted_on.astype(str).tolist() == ["2021-09-01", "2021-06-22"]


def test_a_worker_comes_with_skills_and_intention(session):
    people = load_workers(session, AS_OF)
    assert people.region.tolist() == [610728101000, 610728000000, 320612000000]
    assert (people.lon[0], people.lat[0]) == (107.9, 32.5)
    assert people.birth_date[0] == np.datetime64("1990-05-01")
    assert people.skills == ({"平车": 3}, {}, {})
    assert people.accepted_regions[0] == ((320600000000, 320699999999), (610000000000, 619999999999))
    assert (people.pay_floor[0], people.needs_lodging[0], people.wants[0]) == (3500, 1.0, "out")
    assert (people.education[0], people.labour_capability[0], people.last_occupation[0]) == (
        3,
        "skilled",
        "62001",
    )
    assert people.companion.tolist() == [2, -1, -1]
    assert people.restricted.tolist() == [False, True, False]
    assert np.isnan(people.pay_floor[1])
    assert people.education[1] == -1


def test_workers_can_be_chosen(session):
    everybody = load_workers(session, AS_OF).id
    alone = load_workers(session, AS_OF, worker_ids=[int(everybody[0])])
    assert alone.id.tolist() == [everybody[0]]
    assert alone.companion.tolist() == [LOOKING], "who is there among everybody, and was not chosen"
    market = load_market(session, AS_OF)
    both = Market(alone, market.vacancies, AS_OF)
    posts = np.arange(len(market.vacancies))
    of_one, of_all = (companion_there(Pairs.of_worker(each, 0, posts)) for each in (both, market))
    assert np.array_equal(of_one, of_all, equal_nan=True)
    assert of_one[0] == 1.0
    assert load_workers(session, AS_OF, within=["610728"]).id.tolist() == everybody[:2].tolist()
    assert load_workers(session, AS_OF, without_work=True).id.tolist() == [everybody[0]]
    before = load_workers(session, date(2021, 2, 28), without_work=True)
    assert before.id.tolist() == everybody.tolist()


def test_townspeople_are_those_at_work_that_day_and_not_restricted(session):
    there = load_townspeople(session, AS_OF)
    assert there.county.tolist() == [320612]
    assert there.count.tolist() == [1]
    assert len(load_townspeople(session, date(2021, 2, 28)).count) == 0


def test_the_market_ranks(session):
    market = load_market(session, AS_OF)
    assert market.pairings == ((610728000000, 320612000000),)
    assert market.places[320612000000] == "通州"
    assert eligible_vacancies(market, 0).tolist() == [True, False]
    listed = rank_vacancies(market, PriorRanker().fit(market), 0)
    assert [market.vacancies.title[item.index] for item in listed.items] == ["缝纫工"]
    assert "在结对协作地区" in {reason.sentence for reason in PriorRanker().fit(market).explain(market, 0, 0)}
    assert rank_vacancies(market, PriorRanker().fit(market), 1).items == ()


def test_an_empty_database_is_an_empty_market(database):
    engine = create_engine(database)
    with Session(engine) as session:
        market = load_market(session, AS_OF)
    engine.dispose()
    assert len(market.workers) == len(market.vacancies) == 0
