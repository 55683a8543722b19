"""The month's story: a training, its verdict on record, what serves, and the way back."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select
from starlette.testclient import TestClient

from api.learned import serving
from api.learned.serving import what_serves
from api.ranker import in_force
from matching.learning.keeping import label_of, packed
from matching.learning.training import Learned
from models.ranking import Ranking
from models.ranking_model import RankingChange, RankingFault, RankingModel

from .conftest import Visitor, World, made
from .learned_past import learned_of, live, serve

SessionAs = Callable[[str], Session]
MONTH = "学习模型（2021年9月版）"


@pytest.fixture(scope="module")
def learned() -> Learned:
    return learned_of()


@pytest.fixture(scope="module")
def newer() -> Learned:
    return learned_of(seed=6)


@pytest.fixture(autouse=True)
def anew() -> None:
    """Each test's database has other models under the same numbers."""
    serving.forget()


def train(west: TestClient, work: Callable[[], int]) -> dict[str, Any]:
    job = made(west.post("/v1/ranking-models/train", json={}))
    assert (job["kind"]["label"], job["state"]["code"]) == ("训练推荐模型", "queued")
    work()
    job = made(west.get(f"/v1/jobs/{job['id']}"))
    assert job["state"]["code"] == "done", job
    return made(west.get(f"/v1/ranking-models/{job['result']['model_id']}"))


def test_without_a_past_nothing_is_learned_and_that_is_said(
    west: TestClient, work: Callable[[], int], visitor: Callable[[str], Visitor]
) -> None:
    model = train(west, work)
    assert (model["stays"], model["answers"], model["state"]["code"], model["file_bytes"]) == (
        0,
        0,
        "refused",
        0,
    )
    assert "太少" in model["reasons"][0] and "还没有记录" in model["reasons"][1]
    assert made(west.get("/v1/ranking-models/serving"))["label"] == "默认权重"
    page = visitor("zhenba").get(f"/ranking-models/{model['id']}")
    assert "没有启用" in page and "少于30段务工记录" in page


def test_what_was_learned_serves_when_later_months_clear_it(
    west: TestClient,
    world: World,
    work: Callable[[], int],
    session_as: SessionAs,
    visitor: Callable[[str], Visitor],
) -> None:
    live(session_as("zhenba"), 1_500)
    model = train(west, work)
    assert model["state"]["code"] == "serving", model["reasons"]
    assert model["stays"] > 500 and model["answers"] > 1_000
    assert (model["begins"][:4], model["as_of"], model["challenged"]) == ("2019", "2021-09-20", "默认权重")
    assert "更准" in model["reasons"][0]
    assert len(model["metrics"]["months"]) == 6
    assert {"female", "male"} <= {each["group"] for each in model["metrics"]["measures"]}
    assert made(west.get("/v1/ranking-models/serving"))["label"] == MONTH

    worker = world.worker()["id"]
    shown = made(west.get(f"/v1/workers/{worker}/matches"))
    assert (shown["ranker"], shown["ranker_version"]) == ("learned", model["version"])
    assert shown["ranked_by"] == MONTH
    desk = visitor("zhenba")
    assert f"按{MONTH}排" in desk.get(f"/workers/{worker}")
    vacancy = shown["items"][0]["vacancy"]["id"]
    assert f"按{MONTH}排" in desk.get(f"/vacancies/{vacancy}")
    log = session_as("zhenba").exec(select(Ranking.ranker, Ranking.ranker_version)).all()
    assert set(log) == {("learned", model["version"])}

    page = desk.get(f"/ranking-models/{model['id']}")
    assert "说的和实际的" in page and "女性" in page and "不能用来拒绝任何人" in page
    # The same day nothing newer is known: no difference, so it is refused, and the first goes on.
    again = train(west, work)
    assert again["state"]["code"] == "refused" and again["challenged"] == MONTH
    assert "看不出差别" in again["reasons"][0]
    assert made(west.get("/v1/ranking-models/serving"))["model_id"] == model["id"]


def test_one_goes_back_to_what_served_before(
    west: TestClient,
    session_as: SessionAs,
    learned: Learned,
    newer: Learned,
    visitor: Callable[[str], Visitor],
) -> None:
    session = session_as("zhenba")
    first = serve(session, learned, as_of=date(2021, 8, 20))
    second = serve(session_as("zhenba"), newer)
    assert what_serves(session_as("zhenba")).model_id == second.id
    told = made(west.post("/v1/ranking-models/back", json={"reason": "推荐的岗位太远"}))
    assert (told["model_id"], told["reason"], told["by"]) == (first.id, "推荐的岗位太远", "zhenba")
    assert what_serves(session_as("zhenba")).words == "学习模型（2021年8月版）"
    page = visitor("zhenba").done("/ranking-models/back", reason="也不好")
    assert "按<b>默认权重</b>" in page and "也不好" in page
    answer = west.post("/v1/ranking-models/back", json={"reason": "再退"})
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/no-model-serves")
    assert in_force(session_as("zhenba")).name == "prior"
    assert len(session_as("zhenba").exec(select(RankingChange)).all()) == 4


def test_whom_a_model_serves(session_as: SessionAs, learned: Learned, newer: Learned) -> None:
    county = serve(session_as("zhenba"), learned)
    assert what_serves(session_as("zhenba")).model_id == county.id
    assert what_serves(session_as("jingyang")).model_id == county.id, "a township of the county"
    for other in ("yangxian", "hanzhong", "tongzhou"):
        assert what_serves(session_as(other)).model_id is None, other
    city = serve(session_as("hanzhong"), newer, regions=["6107"])
    assert what_serves(session_as("hanzhong")).model_id == city.id
    assert what_serves(session_as("yangxian")).model_id == city.id, "a county without one of its own"
    assert what_serves(session_as("zhenba")).model_id == county.id, "the nearer one decides"


@pytest.mark.parametrize("broken", ["bytes", "hash", "schema", "pickle", "empty"])
def test_a_broken_model_never_serves_and_the_last_good_one_does(
    session_as: SessionAs, learned: Learned, newer: Learned, world: World, west: TestClient, broken: str,
    visitor: Callable[[str], Visitor],
) -> None:  # fmt: skip
    good = serve(session_as("zhenba"), learned, as_of=date(2021, 8, 20))
    session = session_as("zhenba")
    if broken == "schema":
        label = label_of(newer, day=date(2021, 9, 20), begins=None, seed=0, metrics={})
        bad = serve(session, newer, content=packed(newer, replace(label, schema="another")))
    elif broken == "bytes":
        content = serving_file(session, good.identity)
        bad = serve(session, newer, content=content[:-20] + b"x" + content[-19:])
    elif broken == "hash":
        bad = serve(
            session,
            newer,
            content=b"wengang-model 1\n" + b"0" * 64 + serving_file(session, good.identity)[80:],
        )
    elif broken == "pickle":
        bad = serve(session, newer, content=b"\x80\x04\x95cposix\nsystem\n.")
    else:
        bad = serve(session, newer, content=b"")
    serving.forget()
    worker = world.worker()["id"]
    world.vacancy()
    shown = made(west.get(f"/v1/workers/{worker}/matches"))
    assert (shown["ranker"], shown["ranked_by"]) == ("learned", "学习模型（2021年8月版）")
    assert visitor("zhenba").get(f"/workers/{worker}")
    faults = session_as("zhenba").exec(select(RankingFault.model_id)).all()
    assert faults == [bad.id]
    assert made(west.get(f"/v1/ranking-models/{bad.id}"))["faults"]
    assert "文件用不了" in visitor("zhenba").get(f"/ranking-models/{bad.id}")


def serving_file(session: Session, model_id: int) -> bytes:
    content = session.exec(select(RankingModel.file).where(RankingModel.id == model_id)).one()
    assert content is not None
    return content


def test_a_broken_model_without_another_leaves_the_prior(session_as: SessionAs, learned: Learned) -> None:
    serve(session_as("zhenba"), learned, content=b"nothing")
    # A township's clerk finds it first, and may say so.
    assert what_serves(session_as("jingyang")).model_id is None
    assert session_as("zhenba").exec(select(RankingFault.reason)).all() == ["不是模型文件"]


def test_a_process_notices_a_new_champion_and_loads_each_once(
    session_as: SessionAs, learned: Learned, newer: Learned, monkeypatch: pytest.MonkeyPatch
) -> None:
    loads: list[int] = []
    opened = serving._opened
    monkeypatch.setattr(serving, "_opened", lambda session, row: loads.append(row.id) or opened(session, row))
    first = serve(session_as("zhenba"), learned)
    for _ in range(3):
        assert what_serves(session_as("zhenba")).model_id == first.id
    second = serve(session_as("zhenba"), newer)
    for _ in range(3):
        assert what_serves(session_as("zhenba")).model_id == second.id
    assert loads == [first.id, second.id]


def test_the_database_lets_nothing_serve_that_may_not(session_as: SessionAs, learned: Learned) -> None:
    session = session_as("zhenba")
    good = serve(session, learned)
    session = session_as("zhenba")
    told = {"account": session.info["actor"].account_id, "model": good.id}
    refused = RankingModel(
        regions=["610728"], account_id=told["account"], monthly=False, as_of=date(2021, 9, 20), stays=0,
        answers=0, schema_hash="", may_serve=False, reasons=["不如默认权重"], metrics={},
    )  # fmt: skip
    session.add(refused)
    session.flush()
    put = text(
        "INSERT INTO ranking_change (created_at, regions, model_id, may_serve, kind, reason, account_id) "
        "VALUES (now(), CAST(:regions AS text[]), :model, :may, 'promoted', '', :account)"
    )
    for changed in (
        {"model": refused.id, "may": True, "regions": ["610728"]},
        {"model": refused.id, "may": False, "regions": ["610728"]},
        {"model": good.id, "may": True, "regions": ["6107"]},
    ):
        with pytest.raises(DBAPIError), session.begin_nested():
            session.connection().execute(put, told | changed)


def test_who_may_not_train_is_told(clerk: Callable[[str], TestClient]) -> None:
    for other in ("jingyang", "tongzhou", "auditor"):
        assert clerk(other).post("/v1/ranking-models/train", json={}).status_code == 403
    assert clerk("auditor").get("/v1/ranking-models").status_code == 200
    answer = clerk("zhenba").post("/v1/ranking-models/train", json={"region": "610723"})
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/outside-scope")


def test_a_training_can_be_stopped(
    west: TestClient, work: Callable[[], int], visitor: Callable[[str], Visitor]
) -> None:
    desk = visitor("zhenba")
    page = desk.done("/ranking-models/train")
    assert "正在训练" in page
    [job] = made(west.get("/v1/jobs"))["items"]
    desk.done(f"/ranking-models/stop/{job['id']}")
    work()
    assert made(west.get(f"/v1/jobs/{job['id']}"))["state"]["code"] == "cancelled"
    assert made(west.get("/v1/ranking-models"))["items"] == []


def test_the_calendar_asks_once_a_month(
    session_as: SessionAs, west: TestClient, work: Callable[[], int]
) -> None:
    session = session_as("zhenba")
    ask = text("SELECT ask_for_trainings()")
    assert session.connection().scalar(ask) == 3, "two counties and a city"
    assert session.connection().scalar(ask) == 0
    session.commit()
    work()
    seen = made(west.get("/v1/ranking-models"))["items"]
    assert all(model["monthly"] for model in seen)
    assert {model["regions"][0]["code"] for model in seen} == {"610728", "6107"}, (
        "the county's and the city's above it"
    )


def test_asking_what_serves_loads_nothing_that_learns() -> None:
    """`./wengang models list` and `back` begin at once: what learns, and what a worker can do, is loaded by who needs it."""
    asked = "import sys, api.cli.models; print(sorted({'sklearn', 'pandas', 'api.worker.working'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
