"""Loading the code tables."""

from dataclasses import replace

import pytest
from sqlalchemy import Connection, text

from api.seeding.reference import load_reference
from models import reference


def test_every_row_of_the_files_is_there(loaded: Connection) -> None:
    for table, rows in (
        ("region", reference.regions()),
        ("industry", reference.industries()),
        ("occupation", reference.occupations()),
        ("occupation_alias", reference.occupation_aliases()),
    ):
        assert loaded.scalar(text(f"SELECT count(*) FROM {table}")) == len(rows) > 400


def test_loading_again_changes_nothing(loaded: Connection) -> None:
    assert load_reference(loaded) == {"region": 0, "industry": 0, "occupation": 0, "occupation_alias": 0}


def test_a_newer_version_updates_and_keeps_what_it_no_longer_has(
    loaded: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = reference.regions()
    newer = [replace(row, short_name="镇巴新名") if row.code == "610728" else row for row in rows]
    newer = [row for row in newer if row.code != "610728120"]
    monkeypatch.setattr(reference, "regions", lambda: tuple(newer))

    assert load_reference(loaded)["region"] == 1

    assert loaded.scalar(text("SELECT short_name FROM region WHERE code = '610728'")) == "镇巴新名"
    assert loaded.scalar(text("SELECT name FROM region WHERE code = '610728120'")) == "黎坝镇"


def test_progress_is_told_to_the_end(loaded: Connection) -> None:
    told: list[tuple[int, int, str]] = []
    load_reference(loaded, lambda done, total, words: told.append((done, total, words)))
    assert [done for done, _, _ in told] == [0, 1, 2, 3, 4]
    assert all(total == 4 and words for _, total, words in told)
