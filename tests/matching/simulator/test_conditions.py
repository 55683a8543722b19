"""The simulator's hard conditions and those of the service say the same of what the folder tells."""

import csv
from io import StringIO
from typing import Any

import numpy as np
import pytest

from matching import regions
from matching.columns import Market, Pairs, Vacancies, Workers
from matching.eligibility import eligible
from matching.simulator.conditions import age_on
from matching.simulator.files import files
from matching.simulator.market import Made
from matching.simulator.truth import Truth
from models.age import age_on as age_by_law
from models.education import Education

from .conftest import small, whole


def rows(made: Made, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(b"".join(files(made)[name]).decode())))


def column(table: list[dict[str, str]], name: str, read: Any, unknown: Any) -> list[Any]:
    return [read(row[name]) if row[name] else unknown for row in table]


def rank(code: str) -> int:
    return Education.read(code).rank


def names(text: str) -> frozenset[str]:
    return frozenset(part.partition(":")[0] for part in text.split(";"))


def read(made: Made) -> Market:
    """The open workers and the vacancies on offer as the folder tells of them."""
    open_ = {row["worker_id"] for row in rows(made, "open_workers.csv")}
    people = [row for row in rows(made, "workers.csv") if row["worker_id"] in open_]
    day = str(made.sizes.as_of)
    posts = [row for row in rows(made, "vacancies.csv") if row["valid_until"] >= day]
    nat = np.datetime64("NaT")
    return Market(
        Workers.of(
            range(len(people)),
            birth_date=column(people, "birth_date", np.datetime64, nat),
            education=column(people, "education", rank, -1),
            labour_capability=[row["labour_capability"] for row in people],
            available_from=column(people, "available_from", np.datetime64, nat),
            skills=[dict.fromkeys(names(row["skills"])) if row["skills"] else {} for row in people],
            accepted_regions=[
                regions.spans(row["accepted_regions"].split(";")) if row["accepted_regions"] else ()
                for row in people
            ],
        ),
        Vacancies.of(
            range(len(posts)),
            region=[regions.padded(row["region"]) for row in posts],
            seats=column(posts, "seats", int, -1),
            min_age=column(posts, "min_age", float, np.nan),
            max_age=column(posts, "max_age", float, np.nan),
            min_education=column(posts, "min_education", rank, -1),
            valid_from=column(posts, "valid_from", np.datetime64, nat),
            valid_until=column(posts, "valid_until", np.datetime64, nat),
            required_skills=column(posts, "required_skills", names, frozenset()),
        ),
        made.sizes.as_of,
    )


@pytest.mark.parametrize("made", [small("mixed"), small("companions", 3), whole("mixed")])
def test_both_authors_rule_out_the_same_pairs(made: Made) -> None:
    market, truth = read(made), Truth(made)
    assert (len(market.workers), len(market.vacancies)) == (len(truth), len(truth.vacancy_ids))
    w, v = np.indices((len(market.workers), len(market.vacancies))).reshape(2, -1)
    ours, theirs = truth.pairs(w, v).eligible, eligible(Pairs(market, w, v))
    assert 0.1 < ours.mean() < 0.9
    assert (ours == theirs).all()


def test_age_counts_completed_years() -> None:
    born = np.array(["1980-02-29", "1980-03-01", "1980-03-02", "2000-12-31"], "datetime64[D]")
    for day in ("2026-02-28", "2026-03-01", "2028-02-29", "2026-12-31"):
        on = np.datetime64(day)
        found = age_on(born.astype(np.int64), int(on.astype(np.int64)))
        assert found.tolist() == [age_by_law(each, on.item()) for each in born.tolist()]
