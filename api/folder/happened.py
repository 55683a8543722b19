"""applications.csv and spells.csv as the history of a market; each may be absent, then nothing of it happened."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np

from api.folder.columns import days, numbers, whole
from api.folder.people import WORKERS_FILE, People
from api.folder.places import located
from api.folder.posts import VACANCIES_FILE, Firms, Posts
from api.folder.table import BLANK, NOT_COUNTED, Encode, Numbering, Table, read_table
from api.folder.work import SPELLS_FILE, fen, read_work
from ledger.forms.exchange import APPLICATIONS, OPEN_WORKERS, Answer
from matching.columns import BoolArray
from matching.learning.history import Applications, History, Outcome, Stretches
from matching.regions import IntArray
from outcomes.days import number

APPLICATIONS_FILE, OPEN_FILE = "applications.csv", "open_workers.csv"
_NOBODY = f"{WORKERS_FILE} 里没有能用的这个人编号{NOT_COUNTED}"
_NO_POST = f"{VACANCIES_FILE} 里没有能用的这个岗位编号{NOT_COUNTED}"
_OUTCOMES = {answer: Outcome[answer.name] for answer in Answer}

Tell = Callable[[int, int, str], None]


def read_history(
    folder: Path, people: People, posts: Posts, firms: Firms, known_on: date | None, tell: Tell
) -> tuple[History, list[Table]]:
    """What happened, and the tables that it was read from. Spells are as they were recorded by `known_on`, None for all.

    Raises
    ------
    Unreadable, OSError
        when a file is there and cannot be read at all.
    """
    stretches, work = _stretches(folder / SPELLS_FILE, people, posts, firms, known_on, tell)
    applications, asked = _applications(folder / APPLICATIONS_FILE, people, posts, tell)
    return History(stretches, applications), [table for table in (asked, work) if table is not None]


def _applications(path: Path, people: People, posts: Posts, tell: Tell) -> tuple[Applications, Table | None]:
    if not path.exists():
        nobody, never = np.zeros(0, np.int64), np.zeros(0, "datetime64[D]")
        return Applications(nobody, nobody, never, never, np.zeros(0, np.int8)), None
    encoders: dict[str, Encode] = {
        "worker_id": people.numbers,
        "vacancy_id": posts.numbers,
        "applied_on": number,
        "outcome": lambda answer: int(_OUTCOMES[answer]),
        "decided_on": number,
    }
    table = read_table(path, APPLICATIONS, encoders, tell)
    _known(table, "worker_id", people.rows_of(), _NOBODY)
    _known(table, "vacancy_id", posts.rows_of(), _NO_POST)
    columns = table.columns
    early = (columns["decided_on"] != BLANK) & (columns["decided_on"] < columns["applied_on"])
    table.leave_out(early, "decided_on", f"早于报名日期{NOT_COUNTED}")
    table.leave_out(_again(table), "applied_on", f"与前面一行是同一次报名{NOT_COUNTED}")
    columns = table.columns
    outcome = whole(table, "outcome", Outcome.OPEN)
    decided = np.where(columns["decided_on"] == BLANK, columns["applied_on"], columns["decided_on"])
    return (
        Applications(
            worker=people.rows_of()[columns["worker_id"]],
            vacancy=posts.rows_of()[columns["vacancy_id"]],
            applied=days(columns["applied_on"]),
            decided=days(np.where(outcome == Outcome.OPEN, BLANK, decided)),
            outcome=outcome.astype(np.int8),
        ),
        table,
    )


def _again(table: Table) -> BoolArray:
    """Rows of one person, post and day after the first."""
    keys = np.column_stack([table.columns[name] for name in ("worker_id", "vacancy_id", "applied_on")])
    _, first = np.unique(keys, axis=0, return_index=True)
    again = np.ones(len(keys), np.bool_)
    again[first] = False
    return again


def _stretches(
    path: Path, people: People, posts: Posts, firms: Firms, known_on: date | None, tell: Tell
) -> tuple[Stretches, Table | None]:
    if not path.exists():
        nobody, never = np.zeros(0, np.int64), np.zeros(0, "datetime64[D]")
        return Stretches(nobody, nobody, nobody, nobody, never, never, never, np.zeros(0)), None
    regions = Numbering()
    encoders: dict[str, Encode] = {
        "worker_id": people.numbers,
        "employer_id": firms.numbers,
        "vacancy_id": posts.numbers,
        "region": regions,
        "monthly_income": fen,
    }
    table, _ = read_work(path, encoders, known_on, tell)
    _known(table, "worker_id", people.rows_of(), _NOBODY)
    columns = table.columns
    # Past the last number stands what no row names.
    post_of = np.append(posts.rows_of(), -1)
    told = whole(table, "vacancy_id")
    post = post_of[told]
    region, _, _ = located(list(regions), whole(table, "region"))
    return (
        Stretches(
            worker=people.rows_of()[columns["worker_id"]],
            vacancy=np.where((told >= 0) & (post < 0), -2, post),
            employer=columns["employer_id"] + 1,
            region=region,
            started=days(columns["first"]),
            ended=days(columns["last"]),
            observed=days(columns["observed"]),
            income=numbers(table, "monthly_income", 100.0),
        ),
        table,
    )


def read_open(path: Path, people: People, tell: Tell) -> tuple[BoolArray | None, Table | None]:
    """Who is in open_workers.csv, one value a worker; None where there is no such file.

    Raises
    ------
    Unreadable, OSError
        when it is there and cannot be read at all.
    """
    if not path.exists():
        return None, None
    table = read_table(path, OPEN_WORKERS, {"worker_id": people.numbers}, tell)
    table.leave_out_repeats("worker_id")
    _known(table, "worker_id", people.rows_of(), _NOBODY)
    found = np.zeros(len(people.ids), np.bool_)
    found[people.rows_of()[table.columns["worker_id"]]] = True
    return found, table


def _known(table: Table, column: str, row_of: IntArray, reason: str) -> None:
    table.leave_out(row_of[table.columns[column]] < 0, column, reason)
