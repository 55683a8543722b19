"""状态: an administrator sees what is well and what is not, and what to do; nobody else does."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from api.jobs.running import enqueue


def test_an_administrator_sees_what_is_wrong_and_what_to_do(
    visitor: Callable[[str], Any], session_as: Callable[[str], Session], work: Callable[[], int]
) -> None:
    warden = visitor("warden")
    page = warden.get("/status")
    assert 'href="/status"' in warden.get("/accounts")
    for words in (
        "数据库",
        "能连上",
        "后台任务",
        "没有进程在运行",
        "./wengang up 会自己再启动它",
        "用默认权重",
    ):
        assert words in page, words
    assert "还没有后台任务" in page and "受影响" in page
    session = session_as("zhenba")
    account = session.connection().scalar(text("SELECT app_account()"))
    enqueue(session, account, "doubts", {"region": "610728"})
    session.flush()
    assert "查疑点" in warden.get("/status")
    assert work() == 1
    page = warden.get("/status")
    assert 'data-head="已完成" class="n">1<' in page and 'data-head="排队中" class="n">0<' in page
    assert "zhenba" not in page


def test_nobody_else_does(visitor: Callable[[str], Any]) -> None:
    for name in ("zhenba", "auditor", "station"):
        clerk = visitor(name)
        assert "没有这项权限" in clerk.get("/status", 403)
        assert 'href="/status"' not in clerk.get("/")
