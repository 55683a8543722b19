"""操作记录 as a list: who did what to whom and when, narrowed by each of them, and nothing of anybody's values."""

import ast
import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text
from starlette.testclient import TestClient

from api.audit import AUDITED
from api.record_words import ACTIONS_OF_RECORD, NOUNS_OF_RECORD

from .conftest import Visitor, World, made

Visit = Callable[[str], Visitor]
API = Path(__file__).resolve().parents[2] / "api"


def lines(page: str) -> list[tuple[str, str, str]]:
    """Who, what was done, and of whom or what, the newest first."""
    table = page.split('class="rows record">')[1].split("</table>")[0] if "rows record" in page else ""
    found = []
    for row in table.split("<tbody>")[-1].split("</tr>")[:-1]:
        cells = [
            html.unescape(re.sub(r"<[^>]+>", " ", cell)).replace("只看", "").strip()
            for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)
        ]
        found.append((cells[1], cells[2], cells[3]))
    return found


def test_a_line_says_who_did_what_to_whom(world: World, visitor: Visit, west: TestClient) -> None:
    worker = world.worker(name="记录甲")["id"]
    vacancy = world.vacancy()["id"]
    made(west.post("/v1/applications", json={"worker_id": worker, "vacancy_id": vacancy}))
    visitor("zhenba").post(f"/workers/{worker}/numbers", reason="call")
    page = visitor("auditor").get("/record")
    found = lines(page)
    assert ("zhenba", "查看完整号码基本情况", "记录甲") in found
    assert ("zhenba", "新增推荐", "记录甲") in found and ("zhenba", "新增基本情况", "记录甲") in found
    assert "打电话联系本人" in page, "and what for"
    assert all(said and said != "其他" for _, said, _ in found)
    assert "10000000001" not in page and "测试家纺" not in page
    assert not re.search(r"[0-9]{17}[0-9X]", page)
    assert f'href="/workers/{worker}/history"' in page
    assert 'href="/record"' in page


def test_it_is_narrowed_by_account_person_deed_thing_and_day(
    world: World, visitor: Visit, clerk: Callable[[str], TestClient], connection: Connection
) -> None:
    first, second = world.worker(name="记录甲")["id"], world.worker(name="记录乙")["id"]
    made(
        clerk("jingyang").post(
            f"/v1/workers/{first}/contacts", json={"means": "phone", "found": "not_reached"}
        )
    )
    desk = visitor("zhenba")
    by = connection.scalar(text("SELECT account_id FROM account_by_username('jingyang')"))

    def told(**chosen: Any) -> list[tuple[str, str, str]]:
        return lines(desk.get("/record?" + "&".join(f"{name}={value}" for name, value in chosen.items())))

    assert {who for who, _, _ in told(account=by)} == {"jingyang"}
    assert {whom for _, _, whom in told(person=second)} == {"记录乙"}
    assert told(noun="随访") == [("jingyang", "新增随访", "记录甲")] == told(noun="随访", action="新增")
    assert told(action="合并") == []
    assert "没有符合条件的记录" in desk.get("/record?action=合并")
    day = connection.scalar(text("SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date"))
    assert len(told(on=day)) == len(told()) > 0
    assert told(on="2020-01-01") == []
    assert "编号是数字" in desk.get("/record?person=x", status=422)
    assert "请选择日期" in desk.get("/record?on=昨天", status=422)


def test_it_is_paged_and_no_line_is_lost_between(
    world: World, visitor: Visit, connection: Connection
) -> None:
    connection.execute(
        text(
            "INSERT INTO audit_event (created_at, action, noun, row_id, region) "
            "SELECT now() - make_interval(mins => n % 7), 'update', 'vacancy', n, '610728' FROM generate_series(1, 120) n"
        )
    )
    desk, path, seen = visitor("zhenba"), "/record?noun=岗位", []
    for _ in range(3):
        page = desk.get(path)
        seen += [whom for _, _, whom in lines(page)]
        following = re.search(r'href="([^"]+)">下一页', page)
        path = html.unescape(following[1]) if following else ""
    assert not path and sorted(seen) == sorted(f"{number}号" for number in range(1, 121))


def test_other_counties_lines_are_not_here_and_not_everybody_may_look(world: World, visitor: Visit) -> None:
    world.worker(name="记录甲")
    assert "记录甲" in visitor("hanzhong").get("/record")
    assert lines(visitor("yangxian").get("/record")) == []
    for who in ("jingyang", "tongzhou", "station", "nobody", "warden"):
        visitor(who).get("/record", status=403)
        assert 'href="/record"' not in visitor(who).get("/help")


def test_every_deed_and_every_thing_that_is_recorded_has_its_words() -> None:
    recorded: set[tuple[str, str]] = set()
    for path in API.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (
                isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "record"
            ):
                continue
            told = [each.value for each in node.args[1:3] if isinstance(each, ast.Constant)]
            if len(told) == 2 and all(isinstance(each, str) for each in told):
                recorded.add((str(told[0]), str(told[1])))
    assert len(recorded) > 20
    assert {action for action, _ in recorded} <= ACTIONS_OF_RECORD.keys()
    nouns = {noun for _, noun in recorded} | {str(model.__tablename__) for model in AUDITED}
    assert sorted(nouns - NOUNS_OF_RECORD.keys()) == []
