"""What a list says over REST and on pages: courses on offer, nothing of a person to employers, no small counts, nothing unasked."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from matching.rankers import PriorRanker

from .conftest import Visitor, made

COURSE = {
    "name": "缝纫工培训班",
    "region": "610728",
    "skill": "缝纫",
    "started_on": "2021-10-11",
    "ended_on": "2021-10-30",
}


def skill_advice(west: TestClient, worker: int) -> str:
    found = made(west.get(f"/v1/workers/{worker}/matches"))["advice"]
    return next((each["sentence"] for each in found if each["code"] == "skill"), "")


def test_a_course_that_is_offered_is_named(world: Any, west: TestClient) -> None:
    worker = world.worker(skills={"驾驶": 3})["id"]
    world.vacancy(required_skills=["缝纫"])
    assert skill_advice(west, worker) == "掌握缝纫技能并登记，可以多选1个岗位"
    for over in ({"ended_on": "2021-09-19", "started_on": "2021-09-01"}, {"skill": "焊接"}):
        made(west.post("/v1/courses", json=COURSE | over))
    assert "开班" not in skill_advice(west, worker)
    course = made(west.post("/v1/courses", json=COURSE))["id"]
    assert skill_advice(west, worker).endswith("；「缝纫工培训班」10月11日开班，可以报名")
    earlier = COURSE | {"name": "缝纫速成班", "started_on": "2021-09-28"}
    made(west.post("/v1/courses", json=earlier))
    assert "「缝纫速成班」9月28日开班" in skill_advice(west, worker)
    assert course


def test_a_course_that_the_person_is_in_is_not_offered_again(world: Any, west: TestClient) -> None:
    worker = world.worker(skills={"驾驶": 3})["id"]
    world.vacancy(required_skills=["缝纫"])
    course = made(west.post("/v1/courses", json=COURSE))["id"]
    made(west.post(f"/v1/courses/{course}/enrolments", json={"worker_ids": [worker]}))
    assert skill_advice(west, worker) == "掌握缝纫技能并登记，可以多选1个岗位"


def test_an_employer_may_be_told_nothing_of_the_person(
    world: Any, west: TestClient, visitor: Callable[[str], Visitor]
) -> None:
    world.worker(name="测试乙", skills={"缝纫": 3}, experience_months=61)
    post = world.vacancy(required_skills=["缝纫"])
    [item] = made(west.get(f"/v1/vacancies/{post['id']}/matches"))["items"]
    assert "有岗位需要的技能" in item["for_employer"] and "有务工经验" in item["for_employer"]
    assert "5年" in "".join(reason["sentence"] for reason in item["reasons"])
    assert not any(part in "".join(item["for_employer"]) for part in ("测试", "5", "年", "公里", "镇"))
    assert "可以对单位说：" in visitor("zhenba").get(f"/vacancies/{post['id']}")


@pytest.mark.parametrize(("people", "told"), [(2, False), (3, True)])
def test_fewer_than_three_from_home_are_counted_nowhere(
    world: Any, west: TestClient, visitor: Callable[[str], Visitor], people: int, told: bool
) -> None:
    """So many start at the post; the next one asks. The logged reasons too are those of the list."""
    post = world.vacancy(seats=9)
    for _ in range(people):
        application = made(
            west.post("/v1/applications", json={"worker_id": world.worker()["id"], "vacancy_id": post["id"]})
        )
        made(west.post(f"/v1/applications/{application['id']}/start", json={}))
    worker = world.worker()["id"]
    answers = [
        west.get(f"/v1/workers/{worker}/matches").text, west.get(f"/v1/vacancies/{post['id']}/matches").text,
        visitor("zhenba").get(f"/workers/{worker}"), visitor("zhenba").get(f"/vacancies/{post['id']}"),
    ]  # fmt: skip
    for answer in answers:
        assert (f"同县有{people}人" in answer) is told
        assert ("townspeople" in answer or "同县" in answer) is told


def test_unranked_nothing_is_scored_foretold_or_explained(
    world: Any, west: TestClient, visitor: Callable[[str], Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    worker, post = world.worker()["id"], world.vacancy()["id"]

    def never(*_: Any, **__: Any) -> None:
        raise AssertionError("computed for a list that is not ranked")

    for name in ("score_pairs", "score", "outlook", "expected", "contributions"):
        monkeypatch.setattr(PriorRanker, name, never)
    monkeypatch.setattr("matching.features.matrix", never)
    for path in (f"/v1/workers/{worker}/matches", f"/v1/vacancies/{post}/matches"):
        found = made(west.get(path, params={"ranked": False}))
        assert found["items"] and found["ranker"] is None
        assert all(
            item["score"] is item["p_hire"] is item["p_stay_180"] is None and item["reasons"] == []
            for item in found["items"]
        )
    browser = visitor("zhenba")
    for path in (f"/workers/{worker}?ranked=false", f"/vacancies/{post}?ranked=false"):
        assert "没有打分" in browser.get(path)
    with pytest.raises(AssertionError, match="not ranked"):
        west.get(f"/v1/workers/{worker}/matches")
