"""两本账对账 in the console: the sentence, rows answered in place with and without scripts, evidence told before."""

import csv
from collections.abc import Callable
from datetime import date
from io import StringIO
from typing import Any

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

HEADINGS = (
    "姓名",
    "证件号码",
    "乡镇",
    "文化程度",
    "联系电话",
    "是否务工",
    "开始时间",
    "务工企业名称",
    "务工地点",
)


def number(sequence: int) -> str:
    return demo_id_number(date(1984, 2, 11), 220_000 + sequence, Sex.MALE)


def person(sequence: int, **changes: str) -> dict[str, str]:
    return dict(zip(HEADINGS, (
        f"对账{sequence:02d}", number(sequence), "泾洋街道", "初中", f"1000001{sequence:04d}", "是", "2021年03月",
        "南通测试家纺有限公司", "江苏省南通市通州区",
    ), strict=True)) | changes  # fmt: skip


def table(rows: list[dict[str, str]]) -> bytes:
    stream = StringIO(newline="")
    writer = csv.DictWriter(stream, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode("utf-8-sig")


class Desk:
    """The county's clerk at a browser, and over REST to send the files."""

    def __init__(self, page: TestClient, token: str, rest: TestClient, work: Callable[[], int]) -> None:
        self.page, self.token, self.rest, self.work = page, form_token(token), rest, work

    def sent(self, rows: list[dict[str, str]], **form: str) -> int:
        answer = self.rest.post(
            "/v1/imports", files={"file": ("名单.csv", table(rows))}, data={"as_of": "2021-09-20"} | form
        )
        assert answer.status_code == 202, answer.text
        self.work()
        return int(answer.json()["id"])

    def ledger(self, rows: list[dict[str, str]]) -> None:
        import_id = self.sent(rows, kind="roster")
        assert self.rest.post(f"/v1/imports/{import_id}/apply").status_code == 202
        self.work()

    def compared(self, rows: list[dict[str, str]], kind: str = "roster") -> str:
        import_id = self.sent(rows, kind=kind, purpose="compare")
        answer = self.post("/comparisons", import_id=str(import_id))
        assert answer.status_code == 303, answer.text
        assert "progress" in self.get(answer.headers["location"])
        self.work()
        return str(answer.headers["location"])

    def get(self, path: str) -> str:
        answer = self.page.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text

    def post(self, path: str, *, script: bool = False, **told: str) -> Any:
        headers = {"HX-Request": "true"} if script else {}
        return self.page.post(path, data=told | {"form_token": self.token}, headers=headers)

    def row(self, path: str, standing: str) -> int:
        items = self.rest.get(f"/v1{path}/rows", params={"standing": standing}).json()["items"]
        return int(items[0]["id"])


@pytest.fixture
def desk(app: FastAPI, sessions: Sessions, west: TestClient) -> Desk:
    with sessions() as session, session.begin():
        account_id = account_by_username(session, "zhenba")
        assert account_id is not None
        act_as(session, account_id)
        token = issue_token(session, account_id, TokenKind.SESSION)
    page = TestClient(
        app, follow_redirects=False, headers={"Accept": "text/html"}, cookies={SESSION_COOKIE: token}
    )
    return Desk(
        page, token, west, lambda: work_off(app.state.sessions, app.state.keyring, app.state.settings)
    )


def test_the_page_says_how_the_two_stand_and_answers_in_place(desk: Desk) -> None:
    desk.ledger([person(1), person(2), person(3)])
    path = desk.compared([person(1), person(2, 文化程度="高中", 联系电话="10000019999"), person(4)])
    page = desk.get(path)
    assert (
        "对方名册<b>3</b>人：两边一致<b>1</b>人，只在本台账<b>1</b>人，只在对方<b>1</b>人，不一致<b>1</b>人"
        in page
    )
    assert "高中" in page
    assert number(2) not in page
    row = desk.row(path, "differs")
    # With scripts the row comes back, and how much is left.
    answer = desk.post(f"{path}/rows/{row}/settle", script=True, how="taken", field="education")
    assert answer.status_code == 200
    assert answer.text.count("<li") == 1
    assert "已用对方的" in answer.text
    refused = desk.post(f"{path}/rows/{row}/settle", script=True, how="explained", note="")
    assert refused.status_code == 200
    assert "请写明情况" in refused.text
    # Without, the page does.
    assert desk.post(f"{path}/rows/{row}/settle", how="kept").status_code == 303
    assert "还有2行没有处理，已处理1行" in desk.get(path)
    assert "撤销" in desk.get(f"{path}?standing=differs&settled=true")
    assert desk.post(f"{path}/rows/{row}/reopen", script=True).status_code == 200
    assert "还有3行没有处理" in desk.get(path)


def test_what_is_taken_for_good_is_asked_once_more(desk: Desk) -> None:
    desk.ledger([person(1)])
    path = desk.compared([person(1, 开始时间="2021年05月", 文化程度="高中")])
    page = desk.get(f"{path}?standing=differs")
    asked = [part.split("</details>")[0] for part in page.split("<summary")[1:]]
    [started] = [each for each in asked if 'name="field" value="started"' in each]
    assert "本台账的务工开始时间马上改为对方的，不能在这里撤销" in started and "上报与采纳" in started
    assert not [each for each in asked if 'value="education"' in each], "that can be taken back"
    [whole] = [each for each in asked if "都用对方的" in each]
    assert "务工开始时间" in whole and "确认用对方的" in whole
    row = desk.row(path, "differs")
    answer = desk.post(f"{path}/rows/{row}/settle", script=True, how="taken", field="started")
    assert "已用对方的" in answer.text
    # One field is still open; with the last answer the row says that there is no way back here.
    desk.post(f"{path}/rows/{row}/settle", script=True, how="kept")
    assert desk.rest.post(f"/v1{path}/rows/{row}/reopen").json()["type"] == "/problems/not-reversible"


def test_many_rows_are_answered_at_once_and_somebody_is_registered(desk: Desk) -> None:
    desk.ledger([person(1), person(2)])
    path = desk.compared([person(1, 文化程度="高中"), person(2, 文化程度="高中"), person(3)])
    assert "文化程度（2行）" in desk.get(path)
    done = desk.post(f"{path}/settle", standing="differs", how="taken", field="education")
    assert done.status_code == 303
    desk.work()
    assert "“不一致”没有要处理的" in desk.get(
        f"{path}?standing=differs"
    ) or "两边不一致”没有要处理的" in desk.get(f"{path}?standing=differs")
    row = desk.row(path, "only_there")
    assert "登记到台账" in desk.get(f"{path}?standing=only_there")
    assert "已登记" in desk.post(f"{path}/rows/{row}/settle", script=True, how="registered").text
    assert desk.rest.get("/v1/workers", params={"q": "对账03"}).json()["total"] == 1
    refused = desk.post(f"{path}/settle", standing="", how="kept")
    assert refused.status_code == 422
    assert "名单.csv" in desk.get("/comparisons")


def test_what_payments_prove_is_told_before_and_can_be_taken_back(desk: Desk) -> None:
    desk.ledger([person(1)])
    paid = {
        "姓名": "对账01",
        "证件号码": number(1),
        "参保单位": "南通测试家纺有限公司",
        "费款所属期": "202103至202106",
    }
    path = desk.compared([paid], "social_insurance")
    assert "看看能证明什么" in desk.get(path)
    plan = desk.get(f"{path}?grade=A")
    assert "将给<b>1</b>人的<b>1</b>段务工记录加上<b>1</b>条A级" in plan
    assert desk.post(f"{path}/evidence", grade="A").status_code == 303
    desk.work()
    assert "已转成<b>1</b>条佐证" in desk.get(path)
    assert desk.post(f"{path}/evidence/undo").status_code == 303
    assert "已转成" not in desk.get(path)
