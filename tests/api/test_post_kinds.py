"""The kinds of public posts: known ones as they are, all else marked."""

import pytest
from starlette.testclient import TestClient

from .claiming import Claimants
from .conftest import made
from .ladder_commands import Ladder


@pytest.mark.parametrize(
    ("told", "kept"), [("护林员", "护林员"), ("看大门", "其他：看大门"), ("其他：看大门", "其他：看大门")]
)
def test_a_kind_of_post_that_nobody_knows_is_kept_as_another(
    people: Claimants, west: TestClient, told: str, kept: str
) -> None:
    ladder = Ladder(west, people)
    body = {
        "worker_id": ladder.person(), "employer_id": ladder.keeper(), "post_kind": told, "cadre_relation": "none",
    }  # fmt: skip
    assert made(west.post("/v1/public-posts", json=body))["post_kind"] == kept
