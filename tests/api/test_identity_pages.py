"""疑似重复, 合并 and 移交 in the console."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.database import Sessions
from api.deps import SESSION_COOKIE, act_as
from api.security import account_by_username, form_token, issue_token
from api.worker.working import work_off
from models.account import TokenKind
from models.id_number import demo_id_number
from models.worker import Sex

BORN = date(1974, 5, 6)
NUMBER, NEAR = (demo_id_number(BORN, 406_000 + at, Sex.MALE) for at in range(2))


class Console:
    """A browser without scripts."""

    def __init__(self, app: FastAPI, sessions: Sessions, username: str) -> None:
        with sessions() as session, session.begin():
            account_id = account_by_username(session, username)
            assert account_id is not None
            act_as(session, account_id)
            token = issue_token(session, account_id, TokenKind.SESSION)
        self.client = TestClient(app, follow_redirects=False, headers={"Accept": "text/html"})
        self.client.cookies.set(SESSION_COOKIE, token)
        self.form_token = form_token(token)

    def see(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path)
        assert answer.status_code == status, answer.text
        return answer.text

    def send(self, path: str, **fields: str) -> str:
        """Sends a form that is taken; where it leads."""
        answer = self.client.post(path, data=fields | {"form_token": self.form_token})
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    def refused(self, path: str, **fields: str) -> str:
        answer = self.client.post(path, data=fields | {"form_token": self.form_token})
        assert answer.status_code >= 400, answer.text
        return answer.text


@pytest.fixture
def console(app: FastAPI, sessions: Sessions) -> Callable[[str], Console]:
    return lambda username: Console(app, sessions, username)


@pytest.fixture
def desk(console: Callable[[str], Console]) -> Console:
    return console("zhenba")


def registered(desk: Console, number: str, **fields: str) -> str:
    return desk.send("/workers", name="两份人", region="610728001", id_number=number, **fields)


def test_empty_pages_say_what_they_will_show(desk: Console) -> None:
    assert "没有要判断的记录" in desk.see("/duplicates")
    assert "还没有判断过" in desk.see("/duplicates?decided=true")
    assert "还没有移交" in desk.see("/handovers")


def test_from_registration_to_the_merge_and_back(desk: Console) -> None:
    elder = registered(desk, NUMBER).split("?")[0]
    led = registered(desk, NEAR, ethnicity="汉族")
    page, done = led.split("?")
    assert page.startswith("/duplicates/") and done == "done=registered-alike"
    assert "<b>1</b><span>对疑似重复" in desk.see("/today")
    assert "两份人" in desk.see("/duplicates")
    shown = desk.see(page)
    assert NUMBER not in shown and NEAR not in shown
    assert "两边第" in shown and "位不同" in shown
    assert "是同一人，保留左边" in shown and "不是同一人" in shown
    assert "对照着看" in desk.see(elder)
    assert "请选择是不是同一人" in desk.refused(f"{page}/decide", note="问过")
    led = desk.send(f"{page}/decide", choice="left", note="问过本人")
    merged = desk.see(led)
    assert "已合并成一份档案" in merged and "撤销合并" in merged and "问过本人" in merged
    assert "共1人" in desk.see("/workers")
    [undo] = set(re.findall(r"/merges/\d+/undo", merged))
    assert undo in desk.see(elder)
    assert desk.send(undo) == f"{elder}?done=unmerged"
    assert "共2人" in desk.see("/workers")
    assert "已经撤销过" in desk.refused(undo)


def test_a_merged_persons_page_leads_to_the_one_that_stayed(desk: Console) -> None:
    elder = registered(desk, NUMBER).split("?")[0]
    page = registered(desk, NEAR).split("?")[0]
    people = set(re.findall(r"/workers/\d+", desk.see(page)))
    [younger] = people - {elder}
    desk.send(f"{page}/decide", choice="left")
    answer = desk.client.get(younger)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{elder}?done=merged-elsewhere")


def test_told_apart(desk: Console) -> None:
    registered(desk, NUMBER)
    page = registered(desk, NEAR).split("?")[0]
    assert "各自保留" in desk.see(desk.send(f"{page}/decide", choice="different"))
    assert "已有人判断过" in desk.refused(f"{page}/decide", choice="left")
    assert "没有要判断的记录" in desk.see("/duplicates")
    assert "不是同一人" in desk.see("/duplicates?decided=true")
    assert "判断错了，重新判断" in desk.see(page)
    assert "是同一人，保留左边" in desk.see(desk.send(f"{page}/reopen"))
    assert "还没有判断" in desk.refused(f"{page}/reopen")
    assert desk.send(f"{page}/decide", choice="left")
    assert "请用“撤销合并”" in desk.refused(f"{page}/reopen")


def test_the_auditor_reads_and_decides_nothing(desk: Console, console: Callable[[str], Console]) -> None:
    registered(desk, NUMBER)
    page = registered(desk, NEAR).split("?")[0]
    auditor = console("auditor")
    assert "您的账号不能判断" in auditor.see(page)
    assert auditor.client.post(f"{page}/decide", data={"form_token": auditor.form_token}).status_code == 403


def test_a_search_is_asked_for_and_seen_to_its_end(desk: Console, app: FastAPI) -> None:
    led = desk.send("/duplicates/search")
    assert "正在查找疑似重复" in desk.see(led)
    work_off(app.state.sessions, app.state.keyring, app.state.settings)
    job = led.split("=")[1]
    assert (
        desk.client.get(f"/duplicates/progress/{job}").headers["HX-Redirect"] == "/duplicates?done=searched"
    )
    assert "正在查找疑似重复" not in desk.see(led)


def test_a_hand_over_from_both_desks(desk: Console, console: Callable[[str], Console]) -> None:
    person = registered(desk, NUMBER, phone="10000000004").split("?")[0]
    other = console("yangxian")
    led = other.send("/workers", name="两份人", region="610723", id_number=NUMBER)
    page = led.split("?")[0]
    asked = other.see(led)
    assert "没有重复登记" in asked and "撤回申请" in asked
    assert "镇巴" not in asked and person not in asked
    assert "<b>1</b><span>个移交等您答复" in desk.see("/today")
    assert "去答复" in desk.see("/handovers")
    assert "等待答复" in desk.see(person)
    assert "同意移交" in desk.see(page)
    kept = desk.refused(page, step="refuse", answer="")
    assert "没有保存" in kept
    desk.send(page, step="agree", answer="同意")
    assert "原县已同意" in desk.see(page) and "原县已同意" in other.see(page)
    assert "两份人" in other.see(person)
    assert desk.client.get(person).status_code == 404
    assert "不能这样办理" in desk.refused(page, step="agree")
