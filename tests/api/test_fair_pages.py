"""The fair's pages at the console, gone through by a clerk's hand."""

import json
import re
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.settings import ROOT

from .conftest import Visitor, World, made
from .kiosks import FairDay


@pytest.fixture
def day(world: World, app: FastAPI, work: Callable[[], int]) -> FairDay:
    return FairDay(world, app, work)


def test_a_clerk_prepares_a_fair_and_sees_to_what_comes_of_it(
    day: FairDay, world: World, west: TestClient, visitor: Callable[[str], Visitor]
) -> None:
    desk = visitor("zhenba")
    post = world.vacancy(title="质检员")
    person, idle = world.worker(name="周小梅"), world.worker(name="吴大山")
    page = desk.get(f"/fairs/{day.fair}?q=质检")
    assert "测试家纺有限公司" in page and "安排展位" in page
    told = {"employer": post["employer_id"], "vacancy": post["id"], "number": "7"}
    assert "7号" in desk.done(f"/fairs/{day.fair}/booths", **told)
    again = desk.post(f"/fairs/{day.fair}/booths", **told)
    assert again.status_code == 409 and re.search("展位号已用|已有展位", again.text)

    assert "周小梅" in desk.get(f"/fairs/{day.fair}/invitations?q=周小梅")
    assert "已邀请" in desk.done(f"/fairs/{day.fair}/invitations", worker=person["id"])
    assert "吴大山" in desk.done(f"/fairs/{day.fair}/invitations", region="610728001")
    day.work()
    printed = desk.get(f"/fairs/{day.fair}/invitations/print")
    codes = re.findall(r'<p class="code">(.*?)</p>', printed)
    assert len(codes) == 2 and all(code.startswith("WGQ") for code in codes)
    assert printed.count("data:image/svg+xml") == 2
    # Nowhere else does a code stand: not in the list, not over REST, not in the record.
    secret = codes[0].replace(" ", "")
    for where in (
        desk.get(f"/fairs/{day.fair}/invitations"),
        west.get(f"{day.path}/invitations").text,
        desk.get("/record"),
    ):
        assert secret not in where.replace(" ", "")

    answer = desk.post(f"/fairs/{day.fair}/devices", name="入口1号机")
    assert "入口1号机的启用码" in answer.text
    assert re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", answer.text)
    assert "启用码</strong>" not in desk.get(f"/fairs/{day.fair}"), "it is shown once"

    kiosk = day.kiosk("2号机")
    card = kiosk.bundle()["cards"][0]["name"]
    kiosk.say("intend", card=card, vacancy_id=post["id"], ticket="B01")
    board = desk.get(f"/fairs/{day.fair}/board")
    assert "B01" in board and "周小梅" not in board and "吴大山" not in board
    assert "every 4s" in board and "到场" in desk.get(f"/fairs/{day.fair}/board?part=1")
    booth = made(west.get(f"{day.path}/booths"))[0]["id"]
    assert "B01" in desk.done(f"/fairs/{day.fair}/booths/{booth}/call")
    refused = desk.post(f"/fairs/{day.fair}/booths/{booth}/withdraw")
    assert refused.status_code == 409 and "已有人选了" in refused.text

    desk.done(f"/fairs/{day.fair}/settle")
    day.work()
    visits = desk.get(f"/fairs/{day.fair}/visits")
    assert "已报名" in visits and "2021年9月23日前" in visits
    assert "到场<b>1</b>人" in desk.get(f"/fairs/{day.fair}")
    assert idle["name"] in desk.get(f"/fairs/{day.fair}/invitations")


def test_what_came_of_the_wishes_waits_on_the_home_page(
    day: FairDay,
    world: World,
    west: TestClient,
    visitor: Callable[[str], Visitor],
    settings: object,
    app: FastAPI,
) -> None:
    booth = day.booth("1")
    worker = world.worker()["id"]
    day.invite(worker)
    kiosk = day.kiosk()
    card = kiosk.bundle()["cards"][0]["name"]
    kiosk.say("intend", card=card, vacancy_id=booth["posts"][0]["vacancy_id"], ticket="A01")
    day.settle()
    desk = visitor("zhenba")
    assert "招聘会的意向" not in desk.get("/today"), "there are three days"
    app.state.settings = app.state.settings.model_copy(update={"fair_follow_up_days": 0})
    page = desk.get("/today")
    assert "人要回访招聘会的意向" in page
    assert f"/fairs/{day.fair}/visits?due=1" in page
    [application] = day.visits()[0]["wishes"]
    made(world.east.post(f"/v1/applications/{application['application_id']}/offer"))
    assert "招聘会的意向" not in desk.get("/today"), "somebody has answered"


def test_the_kiosks_page_is_whole_and_of_an_old_browsers_words(anonymous: TestClient) -> None:
    page = anonymous.get("/kiosk")
    assert page.status_code == 200
    policy = page.headers["content-security-policy"]
    assert "script-src" not in policy and "default-src 'self'" in policy and "unsafe" not in policy
    worker = anonymous.get("/kiosk/sw.js")
    assert worker.headers["service-worker-allowed"] == "/kiosk" and "{{" not in worker.text
    files = re.findall(r'"(/(?:static|kiosk)[^"]*)"', worker.text)
    assert len(files) > 15
    for file in files:
        answer = anonymous.get(file)
        assert answer.status_code == 200, file
        if file.endswith(".js"):
            # What Chromium before 80 does not know.
            found = re.findall(
                r"\?\.[a-zA-Z(\[]|\?\?|\|\|=|&&=|\.replaceAll\(|\.at\(|structuredClone|randomUUID|#[a-z]+\s*[=(;]",
                answer.text,
            )
            assert found == [], file
            imported = re.findall(r'from "\./([a-z]+\.js)"', answer.text)
            assert {f"/static/kiosk/{name}" for name in imported} <= set(files), file
    words = anonymous.get("/kiosk/words.json").json()
    assert words["想去"] == "xiǎng qù"


def test_every_word_of_the_kiosk_can_be_spelt() -> None:
    """What the scripts say is what the syllables are made for."""
    folder = ROOT / "api" / "pages" / "static" / "kiosk"
    said = {
        words
        for file in folder.glob("*.js")
        if file.name != "sw.js"
        for words in re.findall(r'"([^"\n]*[\u4e00-\u9fff][^"\n]*)"', file.read_text(encoding="utf-8"))
    }
    assert said == set(json.loads((folder / "words.json").read_text(encoding="utf-8")))
