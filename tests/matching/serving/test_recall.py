"""How much of the best ten an index finds, in a made-up market of 5,000 posts."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from api.folder.market import FolderMarket, read_market
from api.folder.ranker import ranker_for
from matching.learning import chance
from matching.rankers import PriorRanker
from matching.serving.index import Index
from matching.serving.known import Known
from matching.simulator.files import files
from matching.simulator.market import AS_OF, Sizes, make

from .test_lists import found_of


def simulated(folder: Path, people: int, posts: int, past: int) -> FolderMarket:
    made = make("mixed", 3, Sizes(workers=people, vacancies=posts, past=past))
    for name, blocks in files(made).items():
        (folder / name).write_bytes(b"".join(blocks))
    return read_market(folder, lambda *_: None)


def test_the_prior(tmp_path: Path) -> None:
    read = simulated(tmp_path, 2_000, 5_000, 300)
    market = read.market(AS_OF)
    known = Known(market, PriorRanker().fit(market))
    assert found_of(Index(known), np.arange(300, 1_300, 10), 10) >= 0.995
    assert found_of(Index(known, people_listed=True), np.arange(100, 5_000, 100), 50) >= 0.995


@pytest.mark.deep
@pytest.mark.parametrize("trusts", [chance.TRUSTS, (0.0,), (0.5,)])
def test_what_was_learned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trusts: Any) -> None:
    monkeypatch.setattr(chance, "TRUSTS", trusts)
    read = simulated(tmp_path, 2_000, 5_000, 20_000)
    ranker = ranker_for(read, AS_OF, 0)
    market = replace(read.market(AS_OF))
    people = np.flatnonzero(read.open_workers(AS_OF))
    known = Known(market, ranker, people, np.flatnonzero(read.on_offer(AS_OF)))
    assert found_of(Index(known), np.arange(0, 2_000, 10), 10) >= 0.995
    assert found_of(Index(known, people_listed=True), np.arange(0, 5_000, 100), 50) >= 0.98
