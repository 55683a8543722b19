"""What a report does to accepted spells: each rule by an example, and what must hold for any."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.employer import EmployerKind
from models.report import Outcome
from models.spell import Precision, SpellKind
from outcomes.accepting import RULES, Judgement, judge, title_of
from outcomes.calendar import month_end, month_start
from outcomes.told import Standing, Told, arrangement_of, kind_of, overlapping

AS_OF = date(2025, 6, 15)
EXACT = Standing(
    key=1,
    started=date(2025, 3, 4),
    observed_until=date(2025, 3, 4),
    employer="南通甲厂",
    region="320612",
)


def told(**changes: object) -> Told:
    """A report of work since March with the same employer, of a list of June."""
    facts: dict[str, object] = {
        "as_of": AS_OF,
        "working": True,
        "still": True,
        "started": date(2025, 3, 1),
        "employer": "南通甲厂",
        "region": "320612",
        "home": "610728",
    }
    return Told(**(facts | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("report", "standing", "outcome", "rule"),
    [
        (told(), [], Outcome.OPENS, "new_months"),
        (told(of_work=False, started=None), [], Outcome.NONE, "no_work"),
        (told(working=False, started=None), [EXACT], Outcome.NONE, "no_work"),
        (told(started=None), [], Outcome.LACKS, "no_start"),
        (told(working=False), [], Outcome.LACKS, "no_end"),
        (told(employer=None), [], Outcome.LACKS, "no_employer"),
        (told(employer_placed=False, region=None), [], Outcome.LACKS, "no_place"),
        (told(employer=None, channel="灵活就业"), [], Outcome.OPENS, "new_months"),
        (told(ended=date(2025, 2, 1)), [], Outcome.CONTRADICTS, "end_before_start"),
        (told(started=date(2025, 7, 1)), [], Outcome.CONTRADICTS, "starts_ahead"),
        (told(ended=date(2025, 7, 1)), [], Outcome.CONTRADICTS, "ends_ahead"),
        (told(birth_date=date(2009, 4, 1)), [], Outcome.CONTRADICTS, "too_young"),
        (told(birth_date=date(2009, 3, 31)), [], Outcome.OPENS, "new_months"),
        (told(channel="公益性岗位"), [], Outcome.CONTRADICTS, "not_at_home"),
        (told(channel="公益性岗位", region="610728"), [], Outcome.OPENS, "new_months"),
        # The days are known better than the list tells them.
        (told(), [EXACT], Outcome.EXTENDS, "seen_again"),
        (told(as_of=date(2025, 3, 4)), [EXACT], Outcome.AGREES, "same_months"),
        (told(still=False), [EXACT], Outcome.AGREES, "same_months"),
        (told(employer=None), [EXACT], Outcome.EXTENDS, "seen_again"),
        (told(region="32"), [EXACT], Outcome.EXTENDS, "seen_again"),
        (told(ended=date(2025, 5, 1)), [EXACT], Outcome.ENDS, "closes"),
        (told(employer="南通乙厂"), [EXACT], Outcome.CONTRADICTS, "other_employer"),
        (told(employer="南通乙厂", started=date(2025, 5, 1)), [EXACT], Outcome.CONTRADICTS, "other_employer"),
        (told(region="441302"), [EXACT], Outcome.CONTRADICTS, "other_place"),
        (told(started=date(2025, 2, 1)), [EXACT], Outcome.CONTRADICTS, "other_start"),
        (
            told(ended=date(2025, 4, 1)),
            [replace(EXACT, observed_until=date(2025, 5, 2))],
            Outcome.CONTRADICTS,
            "seen_later",
        ),
        # Ended since the list was written; and long before.
        (
            told(as_of=date(2025, 4, 1)),
            [replace(EXACT, ended=date(2025, 4, 20))],
            Outcome.AGREES,
            "ended_since",
        ),
        (told(), [replace(EXACT, ended=date(2025, 4, 20))], Outcome.CONTRADICTS, "ended_already"),
        (
            told(ended=date(2025, 4, 1)),
            [replace(EXACT, ended=date(2025, 4, 20))],
            Outcome.AGREES,
            "same_months",
        ),
        (
            told(ended=date(2025, 5, 1)),
            [replace(EXACT, ended=date(2025, 4, 20))],
            Outcome.CONTRADICTS,
            "other_end",
        ),
        (
            told(started=date(2025, 1, 1)),
            [EXACT, Standing(key=2, started=date(2025, 1, 1), ended=date(2025, 2, 1), employer="南通甲厂")],
            Outcome.CONTRADICTS,
            "several",
        ),
        # A start in the month in which the one before ended.
        (
            told(employer="南通乙厂", started=date(2025, 4, 1)),
            [replace(EXACT, ended=date(2025, 4, 20))],
            Outcome.CONTRADICTS,
            "other_employer",
        ),
        (
            told(employer="南通乙厂", started=date(2025, 5, 1)),
            [replace(EXACT, ended=date(2025, 4, 20))],
            Outcome.OPENS,
            "new_months",
        ),
    ],
)
def test_each_rule(report: Told, standing: list[Standing], outcome: Outcome, rule: str) -> None:
    found = judge(report, standing)
    assert (found.outcome, found.rule) == (outcome, rule)
    assert title_of(rule) != rule


def test_every_rule_has_an_example() -> None:
    [mark] = test_each_rule.pytestmark  # type: ignore[attr-defined]
    assert {case[3] for case in mark.args[1]} == {rule.code for rule in RULES}


def test_an_end_is_the_months_last_day_and_never_after_the_list() -> None:
    monthly = Standing(key=1, started=date(2025, 3, 1), precision=Precision.MONTH, employer="南通甲厂")
    assert judge(told(ended=date(2025, 5, 1)), [EXACT]).ended == date(2025, 5, 31)
    assert judge(told(ended=date(2025, 6, 1)), [EXACT]).ended == AS_OF
    assert judge(told(ended=date(2025, 6, 1)), [monthly]).ended == AS_OF, "not over by the day of the list"
    gone = told(ended=date(2025, 6, 1), still=False, working=False)
    assert judge(gone, [monthly]).ended == AS_OF - timedelta(days=1), (
        "who is not there on that day left before it"
    )


@pytest.mark.parametrize(
    ("report", "kind"),
    [
        (told(), SpellKind.MARKET),
        (told(post_kinds=("护林员",)), SpellKind.PUBLIC_POST),
        (told(channel="帮扶车间"), SpellKind.WORKSHOP),
        (told(channel="以工代赈项目"), SpellKind.WORK_RELIEF),
        (told(channel="返乡创业"), SpellKind.SELF_EMPLOYED),
        (told(form="灵活就业"), SpellKind.FLEXIBLE),
        (told(channel="新社区工厂"), SpellKind.COMMUNITY_FACTORY),
        (told(employer_kind=EmployerKind.WORKSHOP), SpellKind.WORKSHOP),
        (told(employer_kind=EmployerKind.WORKSHOP, channel="公益性岗位"), SpellKind.PUBLIC_POST),
    ],
)
def test_the_kind_is_what_is_said(report: Told, kind: SpellKind) -> None:
    assert kind_of(report) is kind


def test_arrangement_is_unknown_unless_it_is_said() -> None:
    assert arrangement_of(told(channel="其他"), point_to_point=False) is None
    assert str(arrangement_of(told(channel="东西部劳务协作"), point_to_point=None)) == "organised"
    assert str(arrangement_of(told(channel="亲友介绍"), point_to_point=None)) == "self"


# --- for any reports ------------------------------------------------------------------------------------------------

days = st.dates(date(2024, 1, 1), date(2025, 8, 31))
reports = st.builds(
    told,
    started=st.none() | days,
    ended=st.none() | days,
    still=st.booleans(),
    working=st.sampled_from([None, True, False]),
    precision=st.sampled_from(list(Precision)),
    employer=st.sampled_from([None, "南通甲厂", "南通乙厂"]),
    region=st.sampled_from([None, "320612", "610728"]),
    channel=st.sampled_from(["", "灵活就业", "公益性岗位"]),
    as_of=st.dates(date(2025, 1, 1), date(2025, 7, 31)),
)


def applied(report: Told, standing: list[Standing], found: Judgement, key: int) -> list[Standing]:
    """The spells after a judgement."""
    if found.outcome is Outcome.OPENS:
        fresh = Standing(
            key=key,
            started=report.first_day,
            ended=report.recorded_end,
            observed_until=report.recorded_end or (report.as_of if report.still else report.first_day),
            precision=report.precision,
            employer=report.employer,
            region=report.region,
            kind=kind_of(report),
        )
        return [*standing, fresh]
    if found.outcome in (Outcome.EXTENDS, Outcome.ENDS):
        return [
            replace(spell, ended=found.ended, observed_until=found.observed_until)
            if spell.key == found.spell
            else spell
            for spell in standing
        ]
    return standing


@given(st.lists(reports, max_size=6))
def test_spells_never_overlap_and_accepting_again_changes_nothing(told_in_turn: list[Told]) -> None:
    standing: list[Standing] = []
    for key, report in enumerate(told_in_turn):
        after = applied(report, standing, judge(report, standing), key)
        again = judge(report, after)
        assert applied(report, after, again, -1) == after
        standing = after
    for spell in standing:
        assert spell.ended is None or spell.ended >= spell.started
        assert spell.observed_until is not None
        others = [other for other in standing if other is not spell]
        last = spell.ended or date.max
        assert not [o for o in others if o.first_day <= last and (o.ended or date.max) >= spell.first_day]


@given(reports, st.lists(reports, max_size=4))
def test_what_is_not_decided_changes_nothing_and_names_its_rule(report: Told, before: list[Told]) -> None:
    standing: list[Standing] = []
    for key, each in enumerate(before):
        standing = applied(each, standing, judge(each, standing), key)
    found = judge(report, standing)
    assert found.rule in {rule.code for rule in RULES}
    if found.outcome in (Outcome.EXTENDS, Outcome.ENDS, Outcome.AGREES):
        assert found.spell in {spell.key for spell in overlapping(report, standing)}
    if found.outcome is Outcome.EXTENDS:
        [spell] = [each for each in standing if each.key == found.spell]
        assert found.observed_until == report.as_of > (spell.observed_until or date.min)
        assert found.ended is None and spell.ended is None
    if found.outcome is Outcome.OPENS:
        assert not overlapping(report, standing)
        assert month_start(report.first_day) <= month_end(report.as_of)
