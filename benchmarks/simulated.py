"""Simulated: a market and what was learned of its past, as the folder commands read and learn them."""

import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from api.folder.market import read_market
from api.folder.ranker import ranker_for
from matching.learning import chance
from matching.learning.ranker import LearnedRanker
from matching.rankers import PriorRanker
from matching.simulator.files import files
from matching.simulator.market import AS_OF, Sizes, make


def market_of(
    world: str, seed: int, people: int, posts: int, past: int, trust: float | None
) -> tuple[Any, PriorRanker, Any, Any]:
    """The market, its ranker, and the rows of who is open and of what is on offer.

    `trust` is how much of the trees is believed whatever later months say; None leaves that to learning.
    """
    made = make(world, seed, Sizes(workers=people, vacancies=posts, past=past))
    with tempfile.TemporaryDirectory() as scratch:
        for name, blocks in files(made).items():
            with (Path(scratch) / name).open("wb") as stream:
                stream.writelines(blocks)
        del made
        read = read_market(Path(scratch), lambda *_: None)
    before = chance.TRUSTS
    if trust is not None:
        chance.TRUSTS = (trust,)  # type: ignore[assignment]  # one choice
    try:
        ranker = ranker_for(read, AS_OF, 0)
    finally:
        chance.TRUSTS = before
    market = read.market(AS_OF)
    return market, ranker, np.flatnonzero(read.open_workers(AS_OF)), np.flatnonzero(read.on_offer(AS_OF))


def told(ranker: PriorRanker) -> str:
    """What of the score is learned, in words."""
    if not isinstance(ranker, LearnedRanker):
        return "the prior"
    learned = ranker.learned
    return (
        f"learned of {learned.stays} stays and {learned.answers} applications, trees trusted"
        f" {learned.hire.trust:.2f} (p_hire) and {learned.stay.trust:.2f} (staying)"
    )
