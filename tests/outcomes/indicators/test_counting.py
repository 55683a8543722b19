"""What each family of indicators counts, over the spells of one county; parts are counted like wholes."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlmodel import Session, select

from models.employer import Employer, EmployerKind
from models.spell import EmploymentSpell, Evidence, EvidenceGrade, SpellKind
from models.target import Indicator, StabilityRule, Target, TargetPart
from models.training import Course, Enrolment
from models.worker import Worker
from outcomes.decomposition import divided, within
from outcomes.progress import done_count, progress

TODAY = date(2021, 9, 20)
HOME, OTHER = "610728001", "610728101"
PLACES = {
    "320612": Indicator.PAIRED_EAST,
    "320613": Indicator.OTHER_PROVINCE,
    "440106": Indicator.OTHER_PROVINCE,
    "610723": Indicator.WITHIN_PROVINCE,
    "610728": Indicator.NEAR_HOME,
}


@pytest.fixture
def session(session_as: Callable[[str], Session]) -> Session:
    """One person at work at each place since June, of market work; and one in a public post at home."""
    session = session_as("zhenba")
    for at, place in enumerate(PLACES):
        _at_work(session, HOME if at else OTHER, SpellKind.MARKET, place)
    _at_work(session, HOME, SpellKind.PUBLIC_POST, "610728")
    session.flush()
    return session


def _at_work(session: Session, home: str, kind: SpellKind, place: str) -> EmploymentSpell:
    worker = Worker(name="测试甲", name_pinyin="", region=home, birth_date=date(1985, 3, 15))
    employer = Employer(name="甲厂", kind=EmployerKind.ENTERPRISE, region="610728", kept_by="610728")
    session.add_all([worker, employer])
    session.flush()
    spell = EmploymentSpell(
        worker_id=worker.identity, employer_id=employer.identity, kind=kind, region=place,
        started_on=date(2021, 6, 1), observed_until=TODAY,
    )  # fmt: skip
    session.add(spell)
    session.flush()
    return spell


def target(indicator: Indicator, **changes: object) -> Target:
    """A task of the whole county and year."""
    told: dict[str, object] = {
        "sequence": 1, "region": "610728", "label": "任务", "sentence": "任务", "indicator": indicator,
        "from_on": date(2021, 1, 1), "to_on": date(2021, 12, 31), "number": 10,
    }  # fmt: skip
    return Target(**told | changes)


def test_every_place_counts_once_and_public_posts_nowhere(session: Session) -> None:
    counted = {each: done_count(session, target(each), TODAY) for each in Indicator}
    assert counted == {
        Indicator.TRANSFER: 5,
        Indicator.PAIRED_EAST: 1,
        Indicator.OTHER_PROVINCE: 2,
        Indicator.WITHIN_PROVINCE: 2,
        Indicator.NEAR_HOME: 1,
        Indicator.WORKSHOP_JOBS: 0,
        Indicator.COMMUNITY_FACTORY_JOBS: 0,
        Indicator.COMMUNITY_FACTORIES: 0,
        Indicator.TRAINING: 0,
        # By the bureau's reference rule: three months, seen until today.
        Indicator.STABLE: 5,
        Indicator.FAIRS: 0,
        Indicator.SPECIAL_FAIRS: 0,
        Indicator.TO_ORDER: 0,
        Indicator.SPONSORED_STUDENTS: None,
        Indicator.TASK: None,
    }
    before = date(2021, 8, 30)
    assert done_count(session, target(Indicator.STABLE), before) == 0
    assert done_count(session, target(Indicator.TRANSFER), before) == 5


def test_with_a_rule_of_its_own_the_figure_are_those_who_fulfil_it(session: Session) -> None:
    rule = session.exec(select(StabilityRule).where(StabilityRule.code == "reference_6_months")).one()
    task = target(Indicator.TRANSFER, rule_id=rule.id)
    found = progress(session, task, TODAY)
    assert (found.started, found.stable, found.done) == (5, 0, 0)
    assert done_count(session, task, TODAY) == 0


def test_people_in_training_are_counted_by_course(session: Session) -> None:
    people = list(session.exec(select(Worker.id).where(Worker.region == HOME).limit(2)))
    for started, number in ((date(2021, 3, 1), 2), (date(2021, 9, 1), 1), (date(2021, 9, 21), 2)):
        course = Course(region="610728", name="缝纫", started_on=started)
        session.add(course)
        session.flush()
        for worker in people[:number]:
            session.add(Enrolment(course_id=course.identity, worker_id=worker or 0))
    session.flush()
    found = progress(session, target(Indicator.TRAINING), TODAY)
    assert found.started == 3
    assert [thing.times for thing in found.things] == [2, 1]
    assert done_count(session, target(Indicator.TRAINING, region=OTHER), TODAY) == 0


def test_parts_are_counted_like_the_whole_and_drill_down_to_spells(session: Session) -> None:
    [whole] = session.exec(select(Target).where(Target.number == 370))
    task = target(Indicator.TRANSFER, id=whole.identity)
    for region in (HOME, OTHER):
        session.add(TargetPart(target_id=whole.identity, region=region, number=6))
    session.flush()
    spell = _at_work(session, OTHER, SpellKind.FLEXIBLE, "320612")
    session.add(
        Evidence(
            spell_id=spell.identity,
            grade=EvidenceGrade.A,
            covers_from=date(2021, 6, 1),
            covers_to=TODAY,
        )
    )
    session.flush()
    found = progress(session, task, TODAY)
    told = divided(session, task, found, TODAY, {}, lambda _: True)
    assert told.total == 12 and told.difference == -2 and told.exceeds
    assert [(each.started, each.stable) for each in told.parts] == [(4, 4), (2, 2)]
    for each in told.parts:
        assert each.done == done_count(session, within(task, each.part.region), TODAY)
    [proven] = [person for person in found.persons if person.grade is EvidenceGrade.A]
    assert (proven.home, proven.spells) == (OTHER, (spell.identity,))
    hidden = divided(session, task, found, TODAY, {}, lambda region: region == HOME)
    assert [each.started for each in hidden.parts] == [4, None]
