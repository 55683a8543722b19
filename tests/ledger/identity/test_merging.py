"""Two records become one, and the way back is exact."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlmodel import Session, col, select

from ledger.identity.belongings import MOVED, REPORT_CONTEXT, STAYING, move, opened_key
from ledger.identity.matching import find_people
from ledger.identity.merging import (
    BECAUSE,
    NotUndoable,
    Unmergeable,
    merge,
    standing_merges,
    undo,
)
from ledger.people import change_phone, reveal
from ledger.records.sealed import digest
from models.application import Application, ApplicationState
from models.base import metadata, now
from models.dispatch import Dispatch, DispatchMember
from models.doubt import Doubt, DoubtSeverity
from models.employer import Employer, EmployerKind
from models.household import Household
from models.identity import WorkerMerge
from models.report import ReportSource, SpellReport
from models.sealing import Keyring, seal, unseal
from models.spell import EmploymentSpell, Evidence, EvidenceGrade, SpellKind
from models.training import Course, Enrolment
from models.vacancy import Vacancy, VacancyState
from models.worker import Wants, Worker, WorkerSkill, WorkIntention

TODAY = date(2021, 9, 20)
Scoped = Callable[[str], Session]
Enter = Callable[..., Worker]
HISTORY = {"audit_event", "worker_merge", "application_event", "idempotency_key"}


class Scene:
    """A person twice, each record with something of its own."""

    def __init__(self, session: Session, keyring: Keyring, enter: Enter) -> None:
        self.session, self.keyring = session, keyring
        home = Household(number="合-1", region="610728001")
        firm = Employer(name="厂", kind=EmployerKind.ENTERPRISE, region="610728", kept_by="610728")
        session.add_all((home, firm))
        session.flush()
        self.firm, self.home = firm.identity, home.identity
        self.posts = [self._post(title) for title in ("甲", "乙")]
        self.kept = enter(session, skills={"包装": None, "平车": 3})
        self.merged = enter(session, phone="10000000009", skills={"包装": 2, "焊工": 4})
        self.merged.household_id, self.merged.health = self.home, ["健康"]
        session.add(WorkIntention(worker_id=self.merged.identity, wants=Wants.OUT))
        for worker in (self.kept, self.merged):
            self._belongings(worker)
        session.flush()

    def _post(self, title: str) -> int:
        post = Vacancy(
            employer_id=self.firm, title=title, region="610728", kept_by="610728", text="包装", seats=3
        )
        self.session.add(post)
        self.session.flush()
        return post.identity

    def _belongings(self, worker: Worker) -> None:
        first = worker is self.kept
        number, session = worker.identity, self.session
        # Both worked in 2020 on the same days; each once more in a year of its own.
        for start, end in (
            (date(2020, 3, 1), date(2020, 8, 1)),
            (date(2018 + first, 1, 1), date(2018 + first, 6, 1)),
        ):
            spell = EmploymentSpell(
                worker_id=number, employer_id=self.firm, kind=SpellKind.MARKET, started_on=start, ended_on=end
            )
            session.add(spell)
            session.flush()
            session.add(
                Evidence(spell_id=spell.identity, grade=EvidenceGrade.C, covers_from=start, covers_to=end)
            )
        for post in self.posts[: 1 if first else 2]:
            session.add(Application(worker_id=number, vacancy_id=post, applied_on=TODAY))
        content = b'{"working":true}'
        key = opened_key(session, self.keyring, number)
        session.add(
            SpellReport(
                worker_id=number,
                source=ReportSource.CALL,
                reported_on=TODAY,
                sealed_record=seal(key, content, REPORT_CONTEXT),
                digest=digest(self.keyring, number, content),
            )
        )
        courses = [Course(region="610728", name=f"班{at}", started_on=TODAY) for at in range(2)]
        trips = [Dispatch(region="610728", name=f"车{at}", departs_on=TODAY) for at in range(2)]
        session.add_all((*courses, *trips))
        session.flush()
        session.add(Enrolment(course_id=courses[0].identity, worker_id=number))
        session.add(DispatchMember(dispatch_id=trips[0].identity, worker_id=number))
        if first:
            self.course, self.trip = courses[1].identity, trips[1].identity
        session.add(Enrolment(course_id=self.course, worker_id=number))
        session.add(DispatchMember(dispatch_id=self.trip, worker_id=number))
        session.add(
            Doubt(
                rule="W1",
                severity=DoubtSeverity.CHECK,
                region=worker.region,
                subject=b"%d" % number,
                worker_id=number,
                what="缺收入",
                found_on=TODAY,
                seen_on=TODAY,
            )
        )

    def merge(self) -> WorkerMerge:
        return merge(self.session, self.keyring, self.kept, self.merged, by=None, on=TODAY)

    def of(self, model: Any, worker: Worker | None = None) -> list[Any]:
        query = select(model).where(model.worker_id == (worker or self.kept).identity)
        return list(self.session.exec(query).all())


@pytest.fixture
def scene(session_as: Scoped, keyring: Keyring, enter: Enter) -> Scene:
    return Scene(session_as("zhenba"), keyring, enter)


def naming_workers() -> set[str]:
    return {
        table.name
        for table in metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name == "worker"
    }


def dump(session: Session) -> dict[str, list[Any]]:
    """Every row of the tables that tell of people, but what is history."""
    session.flush()
    tables = (naming_workers() | {"evidence", "household", "employer", "vacancy"}) - HISTORY
    return {
        name: list(
            session.connection().scalars(
                text(f"SELECT to_jsonb(t) - 'version' FROM \"{name}\" t ORDER BY to_jsonb(t)::text")
            )
        )
        for name in sorted(tables)
    }


def test_every_table_that_names_a_worker_is_thought_of() -> None:
    assert naming_workers() == MOVED | STAYING.keys()


def test_everything_is_the_kept_persons(scene: Scene, keyring: Keyring) -> None:
    scene.merge()
    for model, expected in (
        (EmploymentSpell, 4), (Application, 3), (SpellReport, 2), (Enrolment, 3), (DispatchMember, 3),
        (Doubt, 2), (WorkIntention, 1),
    ):  # fmt: skip
        assert len(scene.of(model)) == expected, model
        # Of what only one can be, the kept person's own stays and the other is left where it was.
        left = 1 if model in (Enrolment, DispatchMember) else 0
        assert len(scene.of(model, scene.merged)) == left, model
    skills = {row.skill: row.level for row in scene.of(WorkerSkill)}
    assert skills == {"包装": 2, "平车": 3, "焊工": 4}
    key = opened_key(scene.session, keyring, scene.kept.identity)
    for report in scene.of(SpellReport):
        content = unseal(key, report.sealed_record, REPORT_CONTEXT)
        assert report.digest == digest(keyring, scene.kept.identity, content)
    assert all(spell.origin_region == scene.kept.region for spell in scene.of(EmploymentSpell))


def test_what_only_the_other_record_said_is_filled_in(scene: Scene, keyring: Keyring) -> None:
    scene.merge()
    assert (scene.kept.household_id, scene.kept.health) == (scene.home, ["健康"])
    assert reveal(scene.session, keyring, scene.kept)[1] == "+8610000000009"
    assert (scene.merged.merged_into, scene.merged.household_id) == (scene.kept.identity, None)


def test_both_numbers_mean_the_kept_person(scene: Scene, keyring: Keyring) -> None:
    numbers = [reveal(scene.session, keyring, worker)[0] or "" for worker in (scene.kept, scene.merged)]
    scene.merge()
    assert find_people(scene.session, keyring, numbers) == dict.fromkeys(numbers, scene.kept.identity)
    assert reveal(scene.session, keyring, scene.kept)[0] == numbers[0]


def test_a_number_that_only_the_other_record_has_becomes_the_kept_ones(
    session_as: Scoped, keyring: Keyring, enter: Enter
) -> None:
    session = session_as("zhenba")
    kept, merged = enter(session, id_number=None), enter(session)
    number, _ = reveal(session, keyring, merged)
    before = dump(session)
    row = merge(session, keyring, kept, merged, by=None, on=TODAY)
    assert reveal(session, keyring, kept)[0] == number
    assert merged.id_number_index is None
    assert find_people(session, keyring, [number or ""]) == {number: kept.identity}
    undo(session, keyring, row, by=None)
    assert dump(session) == before


def test_of_two_spells_on_the_same_days_the_kept_persons_counts(scene: Scene) -> None:
    scene.merge()
    spells = sorted(scene.of(EmploymentSpell), key=lambda spell: (spell.started_on, spell.identity))
    assert [spell.superseded_because for spell in spells] == [None, None, None, BECAUSE]
    assert spells[3].superseded_by == spells[2].identity


def test_of_two_open_applications_for_one_post_one_stays_open(scene: Scene) -> None:
    scene.merge()
    found = {(row.vacancy_id, row.state, row.reason) for row in scene.of(Application)}
    assert found == {
        (scene.posts[0], ApplicationState.PROPOSED, None),
        (scene.posts[0], ApplicationState.WITHDRAWN, BECAUSE),
        (scene.posts[1], ApplicationState.PROPOSED, None),
    }


def test_undone_everything_is_as_it_was(scene: Scene, keyring: Keyring) -> None:
    before = dump(scene.session)
    row = scene.merge()
    assert dump(scene.session) != before
    assert standing_merges(scene.session, scene.kept.identity) == [row]
    undo(scene.session, keyring, row, by=None)
    assert dump(scene.session) == before
    assert row.undone_at is not None
    assert standing_merges(scene.session, scene.kept.identity) == []
    with pytest.raises(NotUndoable, match="已经撤销过"):
        undo(scene.session, keyring, row, by=None)


def test_a_later_list_of_the_kept_person_is_no_hindrance(scene: Scene, keyring: Keyring) -> None:
    [theirs] = scene.of(SpellReport, scene.merged)
    number = theirs.identity
    row = scene.merge()
    # As a later list puts out of force what lists told before.
    theirs = scene.session.get_one(SpellReport, number)
    theirs.superseded_at = now()
    scene.session.add(theirs)
    scene.session.flush()
    undo(scene.session, keyring, row, by=None)
    theirs = scene.session.get_one(SpellReport, number)
    assert (theirs.worker_id, theirs.superseded_at) == (scene.merged.identity, None)


def test_merged_once_more_after_the_undoing(scene: Scene, keyring: Keyring) -> None:
    undo(scene.session, keyring, scene.merge(), by=None)
    before = dump(scene.session)
    row = merge(scene.session, keyring, scene.merged, scene.kept, by=None, on=TODAY)
    undo(scene.session, keyring, row, by=None)
    assert dump(scene.session) == before


def test_three_records_are_undone_in_turn(scene: Scene, keyring: Keyring, enter: Enter) -> None:
    third = enter(scene.session)
    before = dump(scene.session)
    first = scene.merge()
    second = merge(scene.session, keyring, third, scene.kept, by=None, on=TODAY)
    assert scene.merged.merged_into == third.identity
    with pytest.raises(NotUndoable, match="后一次合并"):
        undo(scene.session, keyring, first, by=None)
    undo(scene.session, keyring, second, by=None)
    assert scene.merged.merged_into == scene.kept.identity
    undo(scene.session, keyring, first, by=None)
    assert dump(scene.session) == before


def test_what_was_changed_since_stays_changed(scene: Scene, keyring: Keyring) -> None:
    row = scene.merge()
    scene.kept.ethnicity = "汉族"
    undo(scene.session, keyring, row, by=None)
    assert scene.kept.ethnicity == "汉族"


def test_a_merge_on_which_something_rests_stays(scene: Scene, keyring: Keyring) -> None:
    row = scene.merge()
    change_phone(scene.session, keyring, scene.kept, "10000000008")
    with pytest.raises(NotUndoable, match="后来又改过"):
        undo(scene.session, keyring, row, by=None)


def test_a_spell_corrected_since_keeps_the_merge(scene: Scene, keyring: Keyring) -> None:
    row = scene.merge()
    spell = min(scene.of(EmploymentSpell), key=lambda each: each.started_on)
    spell.ended_on = date(2018, 5, 1)
    with pytest.raises(NotUndoable, match="后来又办理过"):
        undo(scene.session, keyring, row, by=None)


def test_an_application_begun_upon_keeps_the_merge(scene: Scene, keyring: Keyring) -> None:
    row = scene.merge()
    application = max(scene.of(Application), key=lambda each: each.identity)
    scene.session.add(
        EmploymentSpell(
            worker_id=scene.kept.identity,
            employer_id=scene.firm,
            application_id=application.identity,
            kind=SpellKind.MARKET,
            started_on=TODAY,
        )
    )
    with pytest.raises(NotUndoable, match="后来又办理过"):
        undo(scene.session, keyring, row, by=None)


def test_who_can_not_be_merged(scene: Scene, keyring: Keyring, enter: Enter) -> None:
    with pytest.raises(Unmergeable, match="同一份"):
        merge(scene.session, keyring, scene.kept, scene.kept, by=None, on=TODAY)
    scene.merge()
    third = enter(scene.session)
    with pytest.raises(Unmergeable, match="已经并入"):
        merge(scene.session, keyring, third, scene.merged, by=None, on=TODAY)
    third.restricted = True
    scene.session.flush()
    with pytest.raises(Unmergeable, match="限制使用"):
        merge(scene.session, keyring, scene.kept, third, by=None, on=TODAY)


def test_nothing_is_moved_between_strangers_or_into_another_county(
    scene: Scene, session_as: Scoped, enter: Enter
) -> None:
    with pytest.raises(ProgrammingError), scene.session.begin_nested():
        move(scene.session, scene.merged.identity, scene.kept.identity, {"application": []})
    scene.merge()
    there = session_as("yangxian")
    with pytest.raises(ProgrammingError), there.begin_nested():
        move(there, scene.kept.identity, scene.merged.identity, {"application": []})


def test_a_merged_record_goes_where_the_kept_one_goes(scene: Scene, session_as: Scoped) -> None:
    scene.merge()
    city = session_as("hanzhong")
    city.get_one(Worker, scene.kept.identity).household_id = None
    city.flush()
    city.get_one(Worker, scene.kept.identity).region = "610723"
    city.flush()
    regions = select(Worker.region).where(col(Worker.id).in_((scene.kept.identity, scene.merged.identity)))
    assert set(city.exec(regions)) == {"610723"}
    assert set(city.exec(select(Doubt.region).where(Doubt.worker_id == scene.kept.identity))) == {"610723"}


def test_what_proves_the_double_proves_the_spell_that_stands(scene: Scene, keyring: Keyring) -> None:
    row = scene.merge()
    spells = sorted(scene.of(EmploymentSpell), key=lambda spell: (spell.started_on, spell.identity))
    proofs = {spell.identity: len(_proofs(scene, spell)) for spell in spells}
    assert [proofs[spell.identity] for spell in spells] == [1, 1, 2, 0]
    undo(scene.session, keyring, row, by=None)
    assert [len(_proofs(scene, spell)) for spell in spells] == [1, 1, 1, 1]


def test_of_two_seats_at_one_post_one_is_given_back_and_taken_again(scene: Scene, keyring: Keyring) -> None:
    session, post = scene.session, scene.posts[0]
    vacancy = session.get_one(Vacancy, post)
    vacancy.pay_min, vacancy.valid_until, vacancy.state = 4000, TODAY, VacancyState.PUBLISHED
    for worker in (scene.kept, scene.merged):
        spell = next(one for one in scene.of(EmploymentSpell, worker) if one.started_on.year == 2020)
        [application] = [one for one in scene.of(Application, worker) if one.vacancy_id == post]
        spell.vacancy_id, spell.application_id = post, application.identity
        application.state = ApplicationState.STARTED
        session.flush()
        assert session.connection().scalar(text("SELECT take_seat(:id)"), {"id": post})
    row = scene.merge()
    assert _seats(scene, post) == 1
    undo(session, keyring, row, by=None)
    assert _seats(scene, post) == 2
    row = scene.merge()
    while session.connection().scalar(text("SELECT take_seat(:id)"), {"id": post}):
        pass
    with pytest.raises(NotUndoable, match="名额"):
        undo(session, keyring, row, by=None)


def _proofs(scene: Scene, spell: EmploymentSpell) -> list[Evidence]:
    return list(scene.session.exec(select(Evidence).where(Evidence.spell_id == spell.identity)))


def _seats(scene: Scene, post: int) -> int:
    taken = scene.session.connection().scalar(
        text("SELECT seats_taken FROM vacancy WHERE id = :id"), {"id": post}
    )
    assert taken is not None
    return int(taken)
