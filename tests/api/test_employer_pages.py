"""The employer's pages: where she lands, words read while she writes, two presses an answer, the month's roster."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import Session
from starlette.testclient import TestClient

from api.database import Sessions

from .conftest import Visitor, World, made
from .employer_door import POST, Factory, factories

FORM = {
    "title": "平车工",
    "place": "江苏省南通市通州区",
    "pay_min": "4500",
    "pay_max": "6500",
    "seats": "3",
    "valid_until": "2021-12-31",
    "lodging": "yes",
    "text": POST["text"],
}


@pytest.fixture
def own(app: FastAPI, sessions: Sessions, world: World, session_as: Callable[[str], Session]) -> Factory:
    return factories(app, sessions, world, session_as)()


@pytest.fixture
def desk(own: Factory, visitor: Callable[[str], Visitor]) -> Visitor:
    return visitor(own.username)


def test_she_lands_on_her_own_page_and_finds_no_other(desk: Visitor) -> None:
    answer = desk.client.get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/employer")
    home = desk.get("/employer")
    assert "现在没有要办的事" in home and "写一个招聘岗位" in home
    menu = home.split('aria-label="主菜单"')[1].split("</nav>")[0]
    for words in ("单位首页", "招聘岗位", "应聘的人", "在岗名册", "留得住"):
        assert words in menu
    assert menu.count("<a ") == 5
    for path in (
        "/workers",
        "/vacancies",
        "/employers",
        "/today",
        "/applications",
        "/confirmations",
        "/record",
        "/nowhere-yet",
    ):
        assert desk.client.get(path).status_code in (403, 404), path
    assert "退出" in desk.get("/me")


def test_a_post_is_written_with_the_linters_words_and_published(desk: Visitor, visitor: Any) -> None:
    assert "边写边检查" in desk.get("/employer/posts/new")
    spoilt = FORM | {"text": FORM["text"] + "限女性，未婚优先。"}
    read = desk.post("/employer/posts/lint", **spoilt)
    assert read.status_code == 200 and "<html" not in read.text
    assert "限女性" in read.text and "改法" in read.text and "可以发布" not in read.text
    assert "可以发布" in desk.post("/employer/posts/lint", **FORM).text
    halfway = desk.post("/employer/posts/lint", **spoilt | {"pay_min": "很高"}).text
    assert "工资" in halfway and "限女性" in halfway, "a slip in one field silences nothing"
    refused = desk.post("/employer/posts", **spoilt, then="publish")
    assert (
        refused.status_code == 409 and "没有保存" in refused.text and "未婚优先。</textarea>" in refused.text
    )
    assert 'value="4500"' in refused.text, "nothing typed is lost"
    nowhere = desk.post("/employer/posts", **FORM | {"place": "某处"}, then="publish")
    assert nowhere.status_code == 422 and 'value="某处"' in nowhere.text
    wants = {
        "required_skills": "平车、锁边，平车",
        "min_education": "primary",
        "hours_per_week": "48",
        "max_age": "45",
    }
    page = desk.done("/employer/posts", **FORM, **wants, then="publish")
    assert 'value="平车、锁边"' in page and 'value="48"' in page and 'value="45"' in page
    assert "已发布" in page and "还招<b>3</b>人" in page
    assert "单位自行发布" in visitor("tongzhou").get("/vacancies")
    kept = desk.done(
        "/employer/posts", **FORM | {"title": "包装工", "pay_min": "", "pay_max": ""}, then="keep"
    )
    assert "还缺<b>1</b>项" in kept
    number = kept.split('action="/employer/posts/')[1].split("/")[0]
    version = kept.split('name="version" value="')[1].split('"')[0]
    saved = desk.done(f"/employer/posts/{number}/save", **FORM | {"title": "包装工"}, version=version)
    assert "内容已齐" in saved
    stale = desk.post(f"/employer/posts/{number}/save", **FORM | {"title": "打包工"}, version=version)
    assert stale.status_code == 412 and 'value="打包工"' in stale.text
    assert "已发布" in desk.done(f"/employer/posts/{number}/publish")
    assert "已停止招聘" in desk.done(f"/employer/posts/{number}/close")


def test_applicants_are_answered_in_two_presses(own: Factory, desk: Visitor, west: TestClient) -> None:
    post = own.vacancy(seats=3)["id"]
    first, second, third = (own.applicant(post, name=f"应聘{each}") for each in "甲乙丙")
    assert "有<b>3</b>人等您答复" in desk.get("/employer")
    page = desk.get("/employer/applicants")
    assert all(f"应聘{each}" in page for each in "甲乙丙") and "平车（熟练）" in page
    answer = f"/employer/applicants/{first['id']}"
    assert "已录用" in desk.done(f"{answer}/offer", look="waiting")
    place = {"look": "waiting", "vacancy_id": post}
    refused = f"/employer/applicants/{second['id']}"
    page = desk.done(f"{refused}/refuse", reason="filled", **place)
    assert "已记下不录用" in page and "只列一个岗位的" in page
    assert "撤销不录用" in desk.get("/employer/applicants?look=all")
    assert "已撤销不录用" in desk.done(f"{refused}/undo", look="all")
    desk.done(f"{refused}/refuse", reason="filled")
    unsaid = desk.post(f"/employer/applicants/{third['id']}/refuse")
    assert unsaid.status_code == 422 and "应聘丙" in unsaid.text
    page = desk.done(f"/employer/applicants/{third['id']}/shortlist")
    assert "应聘丙" in page and "应聘甲" not in page
    hired = desk.get("/employer/applicants?look=hired")
    assert "应聘甲" in hired and "查看电话" not in hired, "she has not said yet that she comes"
    assert desk.post(f"{answer}/telephone").status_code == 409
    made(west.post(f"/v1/applications/{first['id']}/accept"))
    consent = {"purpose": "employer", "employer_id": own.number}
    made(west.post(f"/v1/workers/{first['worker_id']}/consents", json=consent))
    assert "查看电话" in desk.get("/employer/applicants?look=hired")
    # Wherever on the list she stands, and whatever is listed, the number stands above it.
    told = desk.post(f"{answer}/telephone", look="waiting")
    assert "谁在等您答复" in told.text and "应聘甲（应聘平车工）的联系电话" in told.text
    assert told.status_code == 200 and "+8610000000001" in told.text
    assert "10000000001" not in desk.get("/employer/applicants?look=hired"), "once, for whoever asked"
    assert "已招满" in desk.get("/employer/applicants?look=all")


def test_the_months_roster_is_opened_ticked_and_printed(
    own: Factory, desk: Visitor, on: Callable[[str], None]
) -> None:
    assert "还没有人在本单位上班" in desk.get("/employer/people")
    stays, leaves = (own.hand(name=f"在岗{each}") for each in "甲乙")
    closed = desk.get("/employer/people")
    assert "打开本月名册" in closed and "在岗甲" not in closed, "nobody is told of before it is opened"
    page = desk.done("/employer/people")
    assert "在岗甲" in page and "在岗乙" in page
    number = page.split('action="/employer/people/')[1].split("/")[0]
    told = {"spell": [stays["spell_id"], leaves["spell_id"]], f"found-{leaves['spell_id']}": "not_at_work"}
    path = f"/employer/people/{number}/confirm"
    half = desk.post(path, **told)
    assert half.status_code == 422 and "还有1人没有选" in half.text
    assert half.text.count("checked") == 1, "what was ticked stays ticked"
    undated = desk.post(path, **told, rest="1")
    assert undated.status_code == 422 and "请填最后一天上班的日期" in undated.text
    told |= {f"left_on-{leaves['spell_id']}": "2021-09-15", f"reason-{leaves['spell_id']}": "family"}
    some = desk.post(path, **told)
    assert some.status_code == 422 and 'value="2021-09-15"' in some.text
    sure = desk.post(path, **told, rest="1")
    assert sure.status_code == 200 and "在岗1人、离岗1人。对吗" in sure.text
    assert "已核对" not in desk.get("/employer")
    done = desk.done(path, **told, rest="1", sure="1,1,0")
    assert "已核对" in done and "2021年9月15日离岗，家里离不开" in done
    paper = desk.get(f"/employer/people/{number}/print")
    assert "单位（公章）" in paper and "在岗乙" in paper and "证件" not in paper
    assert "本月已核对" in desk.get("/employer")
    assert "还不到90天" in desk.get("/employer/staying")
    # Who was said to have left, and is recorded as at work still, stands so in the next month's form.
    on("2021-10-05")
    page = desk.done("/employer/people")
    assert "户籍地还没有登记" in page and 'value="2021-09-15"' in page and page.count(" checked") == 1
    assert "2021年9月：" in page


def test_several_posts_are_refreshed_at_once_and_a_past_roster_is_finished(
    own: Factory, desk: Visitor, on: Callable[[str], None]
) -> None:
    own.hand(name="在岗甲")
    first, second = (own.vacancy(title=f"平车{each}")["id"] for each in "一二")
    desk.done("/employer/people")
    on("2022-01-05")
    home = desk.get("/employer")
    assert "一起刷新" in home and "平车一" in home
    assert desk.post("/employer/posts/refresh").status_code == 422
    ended = desk.post("/employer/posts/refresh", post=[first, second])
    assert ended.status_code == 409 and ended.text.count(" checked") == 2
    done = desk.done("/employer/posts/refresh", post=[first, second], valid_until="2022-03-31")
    assert "平车一" not in done and own.get(f"/vacancies/{second}")["valid_until"] == "2022-03-31"
    page = desk.get("/employer/people")
    path = page.split('">补核对')[0].rpartition('href="')[2]
    past = desk.get(path)
    assert "2021年9月" in past and "在岗甲" in past
    number = past.split('name="spell" value="')[1].split('"')[0]
    told = {"spell": [number], f"found-{number}": "at_work"}
    done = desk.done(f"{path}/confirm", **told, sure="1,0,0")
    assert "2021年9月的名册已于2022年1月5日核对" in done
    roster = own.get(f"/rosters/{path.rpartition('/')[2]}")
    assert (roster["as_of"], roster["lines"][0]["found"]["code"]) == ("2021-09-30", "at_work")
    desk.done("/employer/people")
    assert "撤销核对" in done and "已撤销核对" in desk.done(f"{path}/undo")
