"""The pages of applications and employers: what an account sees of a step, a list of posts to ask about, an answer."""

from collections.abc import Callable
from typing import Any

from starlette.testclient import TestClient


def test_an_application_an_employer_and_the_posts_to_ask_about(
    visitor: Callable[[str], Any], world: Any, west: TestClient
) -> None:
    vacancy = world.vacancy(valid_until="2021-09-25")
    application = world.application(vacancy_id=vacancy["id"])
    east = visitor("tongzhou")
    listed = east.get("/vacancies")
    assert "要问单位还招不招人" in listed
    assert "快过期" in listed
    page = visitor("zhenba").get(f"/applications/{application['id']}")
    assert "流转记录" in page
    assert "本人不同意" in page
    assert "用人单位不同意" in page
    assert "近半年没有推荐过人" in east.get("/employers")
    assert vacancy["title"] in east.get(f"/employers/{vacancy['employer_id']}")
    for state in ("proposed", "pool", "refused"):
        assert visitor("zhenba").get(f"/applications?state={state}")
