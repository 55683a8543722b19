"""比一比: posts for a person and people for a post side by side; put forward in one press, and undone the same day."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from matching.rankers import PriorRanker
from models.application import Application
from models.ranking import Ranking, RankingItem

from .conftest import Visitor, World, made
from .test_consents import say

Visit = Callable[[str], Visitor]


def words(page: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


def heads(page: str) -> list[str]:
    """Who or what stands in the columns."""
    table = page.split("<thead>")[1].split("</thead>")[0]
    return re.findall(r'<th scope="col"><a href="([^"]+)"', table)


def test_four_posts_at_most_in_the_order_in_which_they_were_chosen(world: World, visitor: Visit) -> None:
    worker = world.worker()["id"]
    posts = [world.vacancy(title=f"岗位{at}", pay_min=4000 + 100 * at)["id"] for at in range(5)]
    desk = visitor("zhenba")
    best = desk.get(f"/workers/{worker}/beside")
    assert len(heads(best)) == 4
    chosen = "&".join(f"post={number}" for number in (posts[3], posts[0]))
    page = desk.get(f"/workers/{worker}/beside?{chosen}")
    assert heads(page) == [f"/vacancies/{posts[3]}", f"/vacancies/{posts[0]}"]
    told = words(page)
    assert "4300—6500元/月" in told and "4000—6500元/月" in told
    assert re.search(r"干满3个月 约\d+% 约\d+%", told)
    assert re.search(r"离家 约\d+公里 约\d+公里", told)
    too_many = "&".join(f"post={number}" for number in posts)
    page = desk.get(f"/workers/{worker}/beside?{too_many}")
    assert len(heads(page)) == 4 and "一次最多比4个岗位" in page
    desk.get(f"/workers/{worker}/beside?post=999999", status=404)
    desk.get("/workers/999999/beside", status=404)


def test_what_rules_out_is_said_and_such_a_post_is_not_pressed(world: World, visitor: Visit) -> None:
    worker = world.worker(education="primary")["id"]
    fits, not_fits = (
        world.vacancy(title=title, **more)["id"]
        for title, more in (("合适的", {}), ("要大专的", {"min_education": "college"}))
    )
    page = visitor("zhenba").get(f"/workers/{worker}/beside?post={fits}&post={not_fits}")
    assert "不符合：" in page and "岗位要求" in words(page)
    assert page.count("推荐到这个岗位</button>") == 1 and f'value="{fits}"' in page


def test_one_press_puts_forward_and_one_takes_it_back_until_somebody_answers(
    world: World, visitor: Visit, east: TestClient, session_as: Callable[[str], Session], on: Any
) -> None:
    worker = world.worker()["id"]
    posts = [world.vacancy(title=f"岗位{at}")["id"] for at in range(2)]
    desk = visitor("zhenba")
    told = {"worker_id": worker, "vacancy_id": posts[0], "back": "posts", "beside": posts}
    answer = desk.post("/applications", **told)
    assert answer.headers["location"] == (
        f"/workers/{worker}/beside?post={posts[0]}&post={posts[1]}&done=proposed"
    )
    page = desk.get(answer.headers["location"])
    assert "撤销这次推荐" in page and "已推荐" in page
    number = re.search(r'action="/applications/(\d+)/withdraw"', page)
    assert number is not None
    undo = {"reason": "mistaken", "back": "posts", "beside": posts}
    page = desk.done(f"/applications/{number[1]}/withdraw", **undo)
    assert "已撤回这条推荐" in page and page.count("推荐到这个岗位</button>") == 2
    session = session_as("zhenba")
    row = session.get(Application, int(number[1]))
    assert row is not None and (row.state.value, row.reason) == ("withdrawn", "mistaken")
    # Answered, or of another day, it is no more undone in one press.
    desk.post("/applications", **told)
    [open_one] = [
        row for row in session_as("zhenba").exec(select(Application)) if row.state.value == "proposed"
    ]
    path = f"/workers/{worker}/beside?post={posts[0]}"
    assert "撤销这次推荐" in desk.get(path)
    on("2021-09-21")
    assert "撤销这次推荐" not in desk.get(path)
    on("2021-09-20")
    made(east.post(f"/v1/applications/{open_one.identity}/offer"))
    page = desk.get(path)
    assert "撤销这次推荐" not in page and "已录用" in page


def test_people_for_a_post_and_back_from_there(
    world: World, visitor: Visit, session_as: Callable[[str], Session]
) -> None:
    people = [world.worker(name=f"人选{at}")["id"] for at in range(7)]
    post = world.vacancy(seats=5)["id"]
    desk = visitor("zhenba")
    assert len(heads(desk.get(f"/vacancies/{post}/beside"))) == 6
    pair = f"/vacancies/{post}/beside?person={people[1]}&person={people[0]}"
    page = desk.get(pair)
    assert heads(page) == [f"/workers/{people[1]}", f"/workers/{people[0]}"]
    told = {"worker_id": people[1], "vacancy_id": post, "back": "people", "beside": people[:2]}
    answer = desk.post("/applications", **told)
    assert answer.headers["location"].startswith(f"/vacancies/{post}/beside?person=")
    # A refusal comes back to the page, with who stood there.
    again = desk.post("/applications", **told)
    assert again.status_code == 409 and "人选0" in again.text and "没有保存" in again.text
    # What was compared is written down as any list that was shown.
    rows = session_as("zhenba").exec(select(RankingItem).where(RankingItem.vacancy_id == post)).all()
    by_list: dict[Any, list[int]] = {}
    for row in sorted(rows, key=lambda each: each.position):
        by_list.setdefault(row.ranking_id, []).append(row.worker_id)
    assert [people[1], people[0]] in by_list.values()
    assert session_as("zhenba").exec(select(Ranking)).first() is not None


def test_of_who_wants_no_score_none_is_computed(
    world: World, west: TestClient, visitor: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    unranked, other = world.worker(name="不排序")["id"], world.worker(name="排序的")["id"]
    posts = [world.vacancy()["id"] for _ in range(2)]
    made(say(west, unranked, "ranking", no=True))
    seen: list[int] = []
    score = PriorRanker.score

    def counted(self: PriorRanker, pairs: Any) -> Any:
        seen.extend(int(pairs.market.workers.id[row]) for row in pairs.workers)
        return score(self, pairs)

    monkeypatch.setattr(PriorRanker, "score", counted)
    desk = visitor("zhenba")
    page = desk.get(f"/workers/{unranked}/beside")
    assert "没有打分，只列事实" in page and "干满3个月" not in page and len(heads(page)) == 2
    page = desk.get(f"/vacancies/{posts[0]}/beside?person={unranked}&person={other}")
    assert words(page).count("本人不要推荐排序，没有打分") == 1
    assert re.search(r"干满3个月 — 约\d+%", words(page))
    assert unranked not in seen and other in seen


def test_whose_data_is_only_stored_is_compared_with_nobody(
    world: World, west: TestClient, visitor: Visit
) -> None:
    stored, other = world.worker()["id"], world.worker()["id"]
    post = world.vacancy()["id"]
    made(say(west, stored, "service", no=True))
    desk = visitor("zhenba")
    assert "限制使用" in desk.get(f"/workers/{stored}/beside", status=409)
    desk.get(f"/vacancies/{post}/beside?person={other}&person={stored}", status=404)
    assert f"/workers/{stored}" not in heads(desk.get(f"/vacancies/{post}/beside"))


def test_who_may_not_place_sees_no_button_and_elsewhere_there_is_nothing(
    world: World, visitor: Visit
) -> None:
    worker, post = world.worker()["id"], world.vacancy()["id"]
    page = visitor("auditor").get(f"/workers/{worker}/beside?post={post}")
    assert "推荐到这个岗位" not in page
    visitor("yangxian").get(f"/workers/{worker}/beside", status=404)
    visitor("yangxian").get(f"/vacancies/{post}/beside?person={worker}", status=404)
    visitor("tongzhou").get(f"/workers/{worker}/beside", status=403)
    visitor("nobody").get(f"/vacancies/{post}/beside", status=403)
