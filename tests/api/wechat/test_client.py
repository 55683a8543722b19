"""The client against the stand-in, over real sockets: every call, every kind of refusal, slow and broken lines."""

import logging
import threading
from typing import Any

import httpx
import pytest

from api.wechat.client import Fetch, Telephone, Verdict, WeChat
from api.wechat.codes import KINDS, Kind, WeChatError, kind_of

from ..stand_in import APPID, SECRET, Fake

SEND, CHECK, IMAGE, LOGIN = (
    "/cgi-bin/message/subscribe/send",
    "/wxa/msg_sec_check",
    "/wxa/getwxacodeunlimit",
    "/sns/jscode2session",
)
DATA = {"thing1": "平车工", "date2": "2021年9月20日"}


class Memory:
    """The credential, kept for one test."""

    def __init__(self) -> None:
        self.value: str | None = None
        self.fetched = 0

    def current(self, fetch: Fetch, stale: str | None = None) -> str:
        if self.value is None or self.value == stale:
            self.fetched += 1
            self.value, _ = fetch(False)
            if self.value == stale:
                self.value, _ = fetch(True)
        return self.value


@pytest.fixture
def tokens() -> Memory:
    return Memory()


@pytest.fixture
def wechat(fake: Fake, tokens: Memory) -> WeChat:
    return WeChat(fake.url, APPID, SECRET, tokens, timeout=httpx.Timeout(0.5))


def refused(call: Any, *told: Any, **named: Any) -> tuple[Kind, int | None]:
    with pytest.raises(WeChatError) as caught:
        call(*told, **named)
    return caught.value.kind, caught.value.code


def test_a_code_is_good_once_and_for_five_minutes(fake: Fake, wechat: WeChat) -> None:
    openid = fake.person()
    code = fake.login_code(openid)
    assert wechat.log_in(code) == openid
    assert refused(wechat.log_in, code) == (Kind.CODE, 40163)
    assert refused(wechat.log_in, "nobody's") == (Kind.CODE, 40029)
    late = fake.login_code(openid)
    fake.tell("clock", seconds=301)
    assert refused(wechat.log_in, late) == (Kind.CODE, 40029)


def test_who_is_dangerous_is_not_let_in_and_who_asks_too_often_waits(fake: Fake, wechat: WeChat) -> None:
    assert refused(wechat.log_in, fake.login_code(fake.person(risky=True))) == (Kind.BLOCKED, 40226)
    openid = fake.person()
    fake.tell("limits", path=LOGIN, a_minute=1)
    wechat.log_in(fake.login_code(openid))
    assert refused(wechat.log_in, fake.login_code(openid)) == (Kind.LATER, 45011)
    fake.tell("clock", seconds=61)
    assert wechat.log_in(fake.login_code(openid)) == openid


def test_a_telephone_with_its_country(fake: Fake, wechat: WeChat) -> None:
    code = fake.phone_code(fake.person("10000000009"))
    assert wechat.telephone(code) == Telephone("86", "10000000009")
    assert refused(wechat.telephone, code) == (Kind.CODE, 40029)
    abroad = fake.phone_code(fake.person("5550100", country="1"))
    assert wechat.telephone(abroad).country == "1"
    # A log-in's code is no telephone's.
    assert refused(wechat.telephone, fake.login_code(fake.person())) == (Kind.CODE, 40029)


def test_a_message_spends_one_consent(fake: Fake, wechat: WeChat) -> None:
    openid = fake.person()
    fake.tell("templates", template_id="t", fields=list(DATA))
    fake.tell("pages", pages=["pages/offer"])
    assert refused(wechat.send, openid, "t", DATA) == (Kind.UNSUBSCRIBED, 43101)
    fake.tell("consents", openid=openid, template_id="t")
    wechat.send(openid, "t", DATA, page="pages/offer?id=1")
    [sent] = fake.state.sent
    assert sent["data"]["thing1"] == {"value": "平车工"}
    assert refused(wechat.send, openid, "t", DATA) == (Kind.UNSUBSCRIBED, 43101)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"openid": "o-nobody"}, 40003),
        ({"template": "other"}, 40037),
        ({"page": "pages/none"}, 41030),
        ({"data": DATA | {"thing1": "二十一个字的岗位名称太长了所以微信不收这一条"}}, 47003),
        ({"data": DATA | {"date2": "明天"}}, 47003),
        ({"data": {"thing1": "平车工"}}, 47003),
    ],
)
def test_what_does_not_fit_is_refused_and_spends_nothing(
    fake: Fake, wechat: WeChat, changes: dict[str, Any], code: int
) -> None:
    openid = fake.person()
    fake.tell("templates", template_id="t", fields=list(DATA))
    fake.tell("pages", pages=["pages/offer"])
    fake.tell("consents", openid=openid, template_id="t")
    told = {"openid": openid, "template": "t", "data": DATA, "page": ""} | changes
    found = refused(wechat.send, told["openid"], told["template"], told["data"], page=told["page"])
    assert found == (kind_of(code), code)
    assert fake.state.consents[openid, "t"] == 1


def test_a_text_is_looked_at_while_its_writer_is_here(fake: Fake, wechat: WeChat) -> None:
    openid = fake.person()
    assert wechat.check(openid, "工资还没有发") is Verdict.PASS
    assert wechat.check(openid, "这是违规测试") is Verdict.RISKY
    assert wechat.check(openid, "这是疑似测试") is Verdict.REVIEW
    # Longer than WeChat reads: the first part is looked at, no error.
    assert wechat.check(openid, "长" * 2600) is Verdict.PASS
    fake.tell("clock", seconds=7201)
    assert refused(wechat.check, openid, "在吗") == (Kind.PERSON, 61010)


def test_a_code_for_a_poster(fake: Fake, wechat: WeChat) -> None:
    fake.tell("pages", pages=["pages/post"])
    image = wechat.code_image("v=12345", "pages/post")
    assert image.startswith(b"\x89PNG")
    assert image != wechat.code_image("v=54321", "pages/post")
    assert refused(wechat.code_image, "x" * 33, "pages/post") == (Kind.SETTINGS, 40169)
    assert fake.state.calls[IMAGE] == 2, "a scene that is too long is not sent"
    assert refused(wechat.code_image, "岗位", "pages/post") == (Kind.SETTINGS, 40129)
    assert refused(wechat.code_image, "v=1", "pages/none") == (Kind.SETTINGS, 41030)


def test_the_stand_in_refuses_a_long_scene_itself(fake: Fake, wechat: WeChat) -> None:
    wechat.check(fake.person(), "先取得凭据")
    token = fake.state.tokens[-1].value
    answer = fake.raw("POST", IMAGE, params={"access_token": token}, json={"scene": "x" * 33})
    assert answer.json()["errcode"] == 40169


@pytest.mark.parametrize("code", [40001, 40014, 42001])
def test_a_credential_that_is_not_taken_is_fetched_once(
    fake: Fake, wechat: WeChat, tokens: Memory, code: int
) -> None:
    openid = fake.person()
    wechat.check(openid, "一")
    fake.fault(CHECK, errcode=code)
    assert wechat.check(openid, "二") is Verdict.PASS
    assert (fake.state.calls[CHECK], tokens.fetched) == (3, 2)
    fake.fault(CHECK, errcode=code, times=9)
    assert refused(wechat.check, openid, "三") == (Kind.LATER, code)
    assert fake.state.calls[CHECK] == 5, "once anew, not for ever"


def test_a_credential_that_ended_or_was_forgotten(fake: Fake, wechat: WeChat) -> None:
    openid = fake.person()
    wechat.check(openid, "一")
    fake.tell("forget-tokens")
    assert wechat.check(openid, "二") is Verdict.PASS
    fake.tell("clock", seconds=7201)
    fake.login_code(openid)
    assert wechat.check(openid, "三") is Verdict.PASS


def test_the_credential_stays_the_same_until_near_its_end(fake: Fake) -> None:
    def asked(**told: Any) -> dict[str, Any]:
        body = {"grant_type": "client_credential", "appid": APPID, "secret": SECRET} | told
        answer: dict[str, Any] = fake.raw("POST", "/cgi-bin/stable_token", json=body).json()
        return answer

    first = asked()
    assert asked()["access_token"] == first["access_token"]
    fake.tell("clock", seconds=6901)
    second = asked()
    assert second["access_token"] != first["access_token"]
    fake.raw("POST", CHECK, params={"access_token": first["access_token"]}, json={})
    old = fake.raw("POST", CHECK, params={"access_token": first["access_token"]}, json={})
    assert old.json()["errcode"] == 47001, "the old one is still taken for a while"
    forced = asked(force_refresh=True)
    assert forced["access_token"] != second["access_token"]
    assert asked(force_refresh=True)["access_token"] == forced["access_token"], "not twice within 30 seconds"
    for _ in range(19):
        fake.tell("clock", seconds=31)
        assert "access_token" in asked(force_refresh=True)
    fake.tell("clock", seconds=31)
    assert asked(force_refresh=True)["errcode"] == 45009
    assert asked(appid="wx-other")["errcode"] == 40013
    assert asked(secret="wrong")["errcode"] == 40125
    assert asked(grant_type="x")["errcode"] == 40002
    assert fake.raw("GET", "/cgi-bin/stable_token").json()["errcode"] == 43002


@pytest.mark.parametrize(
    "fault", [{"wait": 1.0}, {"broken": "page"}, {"broken": "garbage"}, {"broken": "cut"}, {"errcode": -1}]
)
def test_a_slow_or_broken_answer_is_for_later(fake: Fake, wechat: WeChat, fault: dict[str, Any]) -> None:
    openid = fake.person()
    for path, call in ((LOGIN, lambda: wechat.log_in("x")), (CHECK, lambda: wechat.check(openid, "在吗"))):
        fake.fault(path, **fault)
        assert refused(call)[0] is Kind.LATER
    assert wechat.check(openid, "在吗") is Verdict.PASS


def test_nobody_there_is_for_later() -> None:
    wechat = WeChat("http://127.0.0.1:9", APPID, SECRET, Memory(), timeout=httpx.Timeout(0.5))
    assert refused(wechat.log_in, "x") == (Kind.LATER, None)


@pytest.mark.parametrize("code", sorted(KINDS))
def test_every_code_has_its_behaviour(fake: Fake, wechat: WeChat, code: int) -> None:
    fake.tell("templates", template_id="t", fields=list(DATA))
    fake.fault(SEND, errcode=code, times=2)
    kind, told = refused(wechat.send, fake.person(), "t", DATA)
    assert told == code
    assert kind is (Kind.LATER if KINDS[code] is Kind.TOKEN else KINDS[code])


def test_a_code_that_nobody_told_us_of_may_pass() -> None:
    assert kind_of(9_999_999) is Kind.LATER


def test_no_secret_is_logged_or_said(fake: Fake, wechat: WeChat, caplog: pytest.LogCaptureFixture) -> None:
    openid = fake.person()
    with caplog.at_level(logging.INFO):
        wechat.log_in(fake.login_code(openid))
        wechat.check(openid, "在吗")
        fake.fault(CHECK, broken="cut")
        with pytest.raises(WeChatError) as caught:
            wechat.check(openid, "在吗")
    said = caplog.text + str(caught.value) + repr(caught.value) + str(caught.value.__cause__)
    assert SECRET not in said
    assert fake.state.tokens[-1].value not in said


def test_many_at_once(fake: Fake, wechat: WeChat) -> None:
    """The client is one for all threads of a process."""
    openids = [fake.person() for _ in range(8)]
    codes = [fake.login_code(openid) for openid in openids]
    found: list[str] = []
    threads = [threading.Thread(target=lambda code=code: found.append(wechat.log_in(code))) for code in codes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == sorted(openids)
