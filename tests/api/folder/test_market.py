"""The exchange folder as a market: every column, every blank, every row that is left out."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from api.folder.market import FolderMarket, read_market
from api.folder.table import Unreadable
from ledger.gazetteer import Gazetteer
from ledger.occupations import read_occupation
from matching.columns import Pairs
from matching.features import FEATURES, matrix
from matching.groups import age_bands
from matching.learning.history import Outcome, answers_known

from .filling import FIRMS, PEOPLE, POSTS, fill

DAY = date(2026, 2, 1)


def read(folder: Path, known_on: date | None = None, **files: str | bytes) -> FolderMarket:
    everything = {"workers": PEOPLE, "employers": FIRMS, "vacancies": POSTS} | files
    return read_market(fill(folder, **everything), lambda *_: None, known_on=known_on)


def left_out(market: FolderMarket) -> list[tuple[str, int, str]]:
    return [(each.file, each.line, each.column) for each in market.rejected]


def days(*told: str) -> list[np.datetime64]:
    return [np.datetime64(day, "D") for day in told]


def same(values: np.ndarray, *expected: object) -> bool:
    """Equal, unknowns (nan, NaT) included."""
    return np.array_equal(values, np.array(expected, dtype=values.dtype), equal_nan=values.dtype.kind in "fM")


def test_people_in_columns(tmp_path: Path) -> None:
    market = read(tmp_path)
    people = market.workers
    assert market.worker_ids == ("w1", "w2", "w3", "w4") and market.rejected == ()
    assert same(people.id, 1, 2, 3, 4)
    assert same(people.region, 610728000000, 610728000000, 610723000000, 441900000000)
    assert same(people.birth_date, *days("1980-05-01", "NaT", "1975-02-28", "2000-01-01"))
    assert same(people.education, 2, -1, 1, 4)
    assert people.last_occupation.tolist() == [read_occupation("缝纫工").code, "", "", ""]
    assert same(people.pay_floor, 4000, np.nan, np.nan, 3500.5)
    assert same(people.needs_lodging, 1, np.nan, 0, np.nan)
    assert same(people.available_from, *days("2026-01-15", "NaT", "NaT", "NaT"))
    assert people.skills == ({"缝纫工": 3, "电工": None}, {}, {}, {"焊工": None})
    assert people.accepted_regions[0] == ((320600000000, 320699999999), (610000000000, 619999999999))
    assert people.accepted_regions[1] == ()
    assert same(people.wants, "", "", "", "") and not people.restricted.any()


def test_places_have_their_centres_without_a_database(tmp_path: Path) -> None:
    market, gazetteer = read(tmp_path), Gazetteer.national()
    homes = [gazetteer.centroid(code) for code in ("610728", "610728", "610723", "4419")]
    posts = [gazetteer.centroid(code) for code in ("320612", "3206", "3206")]
    assert None not in homes and None not in posts
    assert list(zip(market.workers.lon, market.workers.lat, strict=True)) == homes
    assert list(zip(market.vacancies.lon, market.vacancies.lat, strict=True)) == posts
    assert market.places[320612000000] == "通州" and market.places[320600000000] == "南通"


def test_a_place_nobody_knows_lies_in_the_nearest_that_is_known(tmp_path: Path) -> None:
    market = read(tmp_path, workers="w1,610799" + "," * 13 + "\nw2,990101" + "," * 13)
    assert (market.workers.lon[0], market.workers.lat[0]) == Gazetteer.national().centroid("6107")
    assert same(market.workers.region, 610799000000, 990101000000) and np.isnan(market.workers.lon[1])


def test_companions_are_told_by_one_or_by_both(tmp_path: Path) -> None:
    assert same(read(tmp_path).workers.companion, 1, 0, -2, -1)
    told = {"a": "b", "b": "", "c": "b", "d": "e", "e": "d", "f": "g"}
    rows = "\n".join(f"{who},610728" + "," * 12 + f"{mate}," for who, mate in told.items())
    assert same(read(tmp_path, workers=rows).workers.companion, 1, 0, 1, 4, 3, -2)


def test_posts_in_columns(tmp_path: Path) -> None:
    market = read(tmp_path)
    posts = market.vacancies
    assert market.vacancy_ids == ("v1", "v2", "v3")
    assert same(posts.employer, 1, 2, 3) and market.employers.ids == ("e1", "e2", "e3")
    assert same(posts.region, 320612000000, 320600000000, 320600000000)
    assert same(posts.seats, 2, 1, 5) and same(posts.taken, 0, 0, 0)
    assert same(posts.pay_min, 4500, np.nan, 4000) and same(posts.pay_max, 6000, np.nan, np.nan)
    assert same(posts.max_age, 50, np.nan, np.nan) and same(posts.min_age, np.nan, np.nan, np.nan)
    assert same(posts.min_education, 2, -1, -1)
    assert same(posts.lodging, 1, np.nan, 0) and same(posts.meals, np.nan, np.nan, np.nan)
    assert same(posts.valid_from, *days("2026-01-01", "NaT", "2025-01-01"))
    assert same(posts.posted_on, *days("2026-01-01", "NaT", "2025-01-01"))
    assert same(posts.valid_until, *days("2026-03-31", "NaT", "2025-06-30"))
    assert posts.required_skills == ({"缝纫工"}, frozenset(), frozenset())
    assert [
        read_occupation(title).code for title in ("缝纫工", "保安", "缝纫工")
    ] == posts.occupation.tolist()
    assert market.on_offer(DAY).tolist() == [True, True, False]
    assert market.on_offer(date(2025, 6, 30)).tolist() == [False, True, True]


def test_employers_keep_what_their_file_tells(tmp_path: Path) -> None:
    employers = read(tmp_path).employers
    assert same(employers.kind, "enterprise", "", "") and same(employers.industry, "纺织业", "", "")
    assert same(employers.region, 320612000000, 320600000000, 0) and same(employers.size, 200, np.nan, np.nan)


def test_a_folder_without_employers_has_them_by_their_ids(tmp_path: Path) -> None:
    fill(tmp_path, workers=PEOPLE, vacancies=POSTS)
    market = read_market(tmp_path, lambda *_: None)
    assert market.employers.ids == ("e1", "e2", "e3") and same(market.vacancies.employer, 1, 2, 3)
    assert same(market.employers.region, 0, 0, 0)


def test_groups_stand_beside_the_columns(tmp_path: Path) -> None:
    market = read(tmp_path)
    groups = market.groups
    assert same(groups.sex, "female", "", "male", "male")
    assert same(groups.poverty_relieved, 1, -1, 1, 0) and same(groups.monitored, 1, -1, 0, 0)
    assert same(groups.relocated, 1, -1, 0, -1) and same(groups.disabled, 0, -1, 1, -1)
    assert groups.members("relocated").tolist() == [True, False, False, False]
    assert age_bands(market.market(DAY)).tolist() == ["45-54", "", "45-54", "25-34"]
    assert age_bands(market.market(date(2016, 1, 1))).tolist() == ["35-44", "", "35-44", "16-24"]
    assert age_bands(market.market(date(2015, 12, 31))).tolist()[3] == ""
    assert {"sex", "hardship", "disabled"}.isdisjoint(type(market.workers).__slots__)


SPELLS = """\
w1,e1,2025-03,2025-09,2025-09,v1,320612,5200
w1,e9,2025-10-05,,2026-01-31,,,
w3,e2,2025-11-01,2026-01-31,,v9,,"""
ASKED = """\
w1,v1,2025-01-15,offered,2025-02-01
w3,v2,2025-09-10,refused_by_employer,
w4,v2,2026-01-30,,"""


def test_what_happened(tmp_path: Path) -> None:
    market = read(tmp_path, spells=SPELLS, applications=ASKED)
    work, asked = market.history.stretches, market.history.applications
    assert same(work.worker, 0, 0, 2) and same(work.vacancy, 0, -1, -2) and same(work.employer, 1, 4, 2)
    assert same(work.started, *days("2025-03-01", "2025-10-05", "2025-11-01"))
    assert same(work.ended, *days("2025-09-30", "NaT", "2026-01-31"))
    assert same(work.observed, *days("2025-09-30", "2026-01-31", "NaT"))
    assert same(work.region, 320612000000, 0, 0) and same(work.income, 5200, np.nan, np.nan)
    assert same(asked.worker, 0, 2, 3) and same(asked.vacancy, 0, 1, 1)
    assert same(asked.applied, *days("2025-01-15", "2025-09-10", "2026-01-30"))
    assert same(asked.decided, *days("2025-02-01", "2025-09-10", "NaT"))
    assert asked.outcome.tolist() == [Outcome.OFFERED, Outcome.REFUSED_BY_EMPLOYER, Outcome.OPEN]
    assert market.employers.ids == ("e1", "e2", "e3", "e9")


def test_a_start_at_another_post_is_no_success(tmp_path: Path) -> None:
    """v9 is not in the folder: the spell is at that post, not at "some post of the employer"."""
    market = read(tmp_path, spells=SPELLS, applications="w3,v2,2025-10-01,offered,\nw1,v1,2025-01-15,,")
    known = answers_known(market.history, market.vacancies.employer, np.datetime64("2026-02-01"))
    assert known.led_to_a_start.tolist() == [False, True]


def test_who_is_open_and_where_townspeople_work(tmp_path: Path) -> None:
    market = read(tmp_path, spells=SPELLS)
    assert market.open_workers(DAY).tolist() == [False, True, True, True]
    assert market.open_workers(date(2026, 1, 31)).tolist() == [False, True, False, True]
    assert market.open_workers(date(2025, 10, 1)).tolist() == [True, True, True, True]
    there = market.market(date(2026, 1, 31)).townspeople
    assert (there.employer.tolist(), there.county.tolist(), there.count.tolist()) == (
        [2, 4],
        [610723, 610728],
        [1, 1],
    )
    told = read(tmp_path, spells=SPELLS, open_workers="w3\nw1\nw3\nnobody")
    assert told.open_workers(DAY).tolist() == [True, False, True, False]
    assert left_out(told) == [("open_workers.csv", 4, "worker_id"), ("open_workers.csv", 5, "worker_id")]


def test_without_a_history_nothing_happened(tmp_path: Path) -> None:
    market = read(tmp_path)
    assert len(market.history.stretches) == len(market.history.applications) == 0
    assert market.open_workers(DAY).all() and len(market.market(DAY).townspeople.count) == 0
    assert matrix_of_everybody(market).shape == (12, len(FEATURES))


def matrix_of_everybody(market: FolderMarket) -> np.ndarray:
    at = market.market(DAY)
    workers, posts = np.divmod(np.arange(12), 3)
    return matrix(Pairs(at, workers, posts))


def test_spells_as_they_were_recorded_on_a_day(tmp_path: Path) -> None:
    spells = (
        b"worker_id,employer_id,started_on,spell_id,supersedes,recorded_on\n"
        b"w1,e1,2025-03-01,s1,,2025-03-05\nw1,e2,2025-03-01,s2,s1,2025-08-01\n"
    )
    assert same(read(tmp_path, spells=spells).history.stretches.employer, 2)
    assert same(read(tmp_path, date(2025, 7, 31), spells=spells).history.stretches.employer, 1)


def test_rows_that_are_left_out(tmp_path: Path) -> None:
    market = read(
        tmp_path,
        workers="w1,610728" + "," * 13 + "\nw1,610728" + "," * 13 + "\nw2,61072" + "," * 13 + "\n,610728" + "," * 13
        + "\nw5,610728" + "," * 12 + "w5,\nw6,610728,,,,穷,,,,,,,,,\nw7,610728,,,,,,,,,2000000,,,,",
        vacancies="v1,e1,320612,缝纫工,0,,,,,,,,\nv2,e1,320612,保安,1,5000,4000,,,,,2026-02-01,2026-01-01\n"
        "v3,e1,320612,保安,1,,,,,,,,\nv3,e1,320612,保安,1,,,,,,,,\nv4,e1,320612,,1,,,,,,,,",
        applications="w1,v3,2026-01-01,offered,2025-12-31\nw1,v3,2026-01-01,,\nw1,v3,2026-01-01,offered,\n"
        "w2,v3,2026-01-01,,\nw1,v1,2026-01-01,,\nw1,v3,2026-13-01,,",
        spells="w1,e1,2026-01-10,2026-01-01,,,,\nw9,e1,2026-01-10,,,,,\nw1,e1,2026-01-10,,2026-01-01,,,",
    )  # fmt: skip
    assert market.worker_ids == ("w1",) and market.vacancy_ids == ("v3",)
    assert len(market.history.applications) == 1 and len(market.history.stretches) == 0
    assert left_out(market) == [
        ("workers.csv", 3, "worker_id"),
        ("workers.csv", 4, "county"),
        ("workers.csv", 5, "worker_id"),
        ("workers.csv", 6, "companion_id"),
        ("workers.csv", 7, "hardship"),
        ("workers.csv", 8, "pay_floor"),
        ("vacancies.csv", 2, "seats"),
        ("vacancies.csv", 3, "pay_max"),
        ("vacancies.csv", 3, "valid_until"),
        ("vacancies.csv", 5, "vacancy_id"),
        ("vacancies.csv", 6, "title"),
        ("applications.csv", 2, "decided_on"),
        ("applications.csv", 4, "applied_on"),
        ("applications.csv", 5, "worker_id"),
        ("applications.csv", 6, "vacancy_id"),
        ("applications.csv", 7, "applied_on"),
        ("spells.csv", 2, "ended_on"),
        ("spells.csv", 3, "worker_id"),
        ("spells.csv", 4, "observed_until"),
    ]
    assert all(each.reason for each in market.rejected)
    assert market.read["workers.csv"] == 7


def test_a_bom_unknown_columns_and_columns_in_any_order(tmp_path: Path) -> None:
    workers = "\ufeffcounty,备注,worker_id,身高\r\n610728,好,w1,170\r\n\r\n610728,,w2,\r\n".encode()
    market = read(tmp_path, workers=workers)
    assert market.worker_ids == ("w1", "w2") and same(
        market.workers.birth_date, np.datetime64("NaT"), np.datetime64("NaT")
    )
    assert market.unknown_columns == {"workers.csv": ("备注", "身高")} and market.rejected == ()


@pytest.mark.parametrize(
    "name", ["workers", "vacancies", "employers", "applications", "spells", "open_workers"]
)
def test_a_file_without_its_columns_cannot_be_read(tmp_path: Path, name: str) -> None:
    with pytest.raises(Unreadable, match=f"{name}.csv 第1行没有"):
        read(tmp_path, **{name: b"a,b\n1,2\n"})


@pytest.mark.parametrize("name", ["workers", "vacancies"])
def test_people_and_posts_must_be_there(tmp_path: Path, name: str) -> None:
    fill(tmp_path, workers=PEOPLE, vacancies=POSTS)
    (tmp_path / f"{name}.csv").unlink()
    with pytest.raises(FileNotFoundError):
        read_market(tmp_path, lambda *_: None)
