"""`./wengang import postings` beside the running service and without it; a real advertisement goes all the way."""

import csv
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from .conftest import ROOT, Service, run

pytestmark = pytest.mark.server

POSTINGS = ROOT.parent / "shared" / "data" / "postings" / "postings_2015.jsonl"
COLUMNS = "line,status,pay_min,pay_max,seats,region,education,occupation,reason"
with_postings = pytest.mark.skipif(
    not POSTINGS.exists(),
    reason="the real advertisements lie in the sibling folder `shared`, which is not here",
)
GOOD = {
    "title": "缝纫工",
    "company": "测试家纺有限公司",
    "region": "江苏省南通市通州区",
    "salary": "4000-6000元/月",
    "headcount": "5人",
    "education": "不限",
    "gender_req": "不限",
    "posted": "2021-09-01",
    "deadline": "2021-12-31",
    "description": "负责家纺产品的平车缝制，计件工资，每天八小时，包住。",
}


@pytest.fixture(scope="module")
def client(running: Service) -> Iterator[httpx.Client]:
    with closing(running.client()) as opened:
        yield opened


def rows_of(out: Path) -> list[dict[str, str]]:
    with out.open(encoding="utf-8", newline="") as stream:
        assert stream.readline().strip() == COLUMNS
        stream.seek(0)
        return list(csv.DictReader(stream))


def written(folder: Path, content: bytes, name: str = "招聘[1].jsonl") -> str:
    file = folder / name
    file.write_bytes(content)
    return str(file)


@pytest.mark.deep
@with_postings
def test_real_advertisements_are_told_matched_filled_and_counted(
    running: Service, client: httpx.Client, tmp_path: Path
) -> None:
    words = ("import", "postings", str(POSTINGS), "--as-of", "2015-04-01", "--region", "5223")
    out = tmp_path / "out.csv"
    newest = max(post["id"] for post in pages(client, "/v1/vacancies"))
    code, told, err = run(*words, "--out", str(out), folder=running.folder)
    assert code == 0, err
    for part in (
        "共1101条",
        "完整入库",
        "有缺项",
        "有违规限制",
        "未能读取",
        "性别",
        "缺薪酬",
        "后移了2364天",
    ):
        assert part in told, told
    rows = rows_of(out)
    assert [int(row["line"]) for row in rows] == list(range(1, 1102))
    assert all(row["reason"] for row in rows if row["status"] != "whole")

    code, again, err = run(*words, "--json", folder=running.folder)
    assert (code, err) == (0, "")
    result = json.loads(again)
    assert result["repeated"] is True
    statuses = [row["status"] for row in rows]
    assert {name: statuses.count(name) for name in ("whole", "unknowns", "held")} == {
        name: result["counts"][name] for name in ("whole", "unknowns", "held")
    }
    code, again, _ = run(*words, folder=running.folder)
    assert "这个文件已经导入过" in again
    assert client.get(f"/v1/imports/{result['import_id']}").json()["counts"] == result["counts"]

    one_is_filled_and_counted(client, newest)


def one_is_filled_and_counted(client: httpx.Client, newest: int) -> None:
    """Of the open imported posts one is offered to somebody, who starts and is counted by the plan."""
    target = next(
        item["id"]
        for item in client.get("/v1/targets", params={"limit": 200}).json()["items"]
        if item["number"] == 4200
    )
    posts = [
        post
        for post in pages(client, "/v1/vacancies")
        if post["id"] > newest and post["state"]["code"] == "published"
    ]
    assert len(posts) > 20
    persons = {item["worker"]["id"] for item in pages(client, f"/v1/targets/{target}/persons")}
    for post in posts:
        for match in client.get(f"/v1/vacancies/{post['id']}/matches").json()["items"]:
            worker = match["worker"]
            if worker["id"] in persons or not worker["region"]["code"].startswith("5223"):
                continue
            assert match["reasons"]
            hers = client.get(f"/v1/workers/{worker['id']}/matches", params={"explain": "excluded"}).json()
            assert post["id"] not in [item["id"] for item in hers["excluded"]]
            before = client.get(f"/v1/targets/{target}/progress").json()["started"]
            made = client.post("/v1/applications", json={"worker_id": worker["id"], "vacancy_id": post["id"]})
            assert made.status_code == 201, made.text
            started = client.post(f"/v1/applications/{made.json()['id']}/start", json={})
            assert started.status_code == 200, started.text
            assert client.get(f"/v1/targets/{target}/progress").json()["started"] == before + 1
            left = client.get(f"/v1/vacancies/{post['id']}").json()["seats_left"]
            assert left == post["seats"] - 1
            return
    raise AssertionError("no imported advertisement suits anybody")


def pages(client: httpx.Client, address: str) -> list[Any]:
    cursor_name = "after" if address.endswith("/persons") else "cursor"
    items: list[Any] = []
    query: dict[str, Any] = {"limit": 200}
    while True:
        page = client.get(address, params=query).json()
        items += page["items"]
        if page["next_cursor"] is None:
            return items
        query[cursor_name] = page["next_cursor"]


def test_without_the_service_and_with_bad_lines(tmp_path: Path) -> None:
    good = json.dumps(GOOD, ensure_ascii=False).encode()
    file = written(tmp_path, good + b"\n" + "缝纫工".encode("gbk") + b"\n\n" + good[:40] + b"\n\x00\n")
    out = tmp_path / "out.csv"
    code, told, err = run(
        "import", "postings", file, "--region", "610728", "--out", str(out), folder=tmp_path / "data"
    )
    assert code == 0, err
    assert "招聘[1].jsonl：共5条" in told
    assert "Traceback" not in err
    rows = rows_of(out)
    assert [row["status"] for row in rows] == ["whole", "rejected", "rejected", "rejected", "rejected"]
    assert [row["line"] for row in rows] == ["1", "2", "3", "4", "5"]
    assert "GBK" in rows[1]["reason"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("空.jsonl", b"", "没有内容"),
        ("招聘.xlsx", b"PK\x03\x04" + bytes(50), "Excel"),
        ("坏.jsonl", b"not json\n", "没有一行能读取"),
    ],
)
def test_a_file_that_gives_nothing(
    running: Service, tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    code, _, err = run("import", "postings", written(tmp_path, content, name), folder=running.folder)
    assert code == 1
    assert words in err
    assert "Traceback" not in err


def test_a_file_that_cannot_be_read_needs_no_database(tmp_path: Path) -> None:
    large = tmp_path / "大.jsonl"
    with large.open("wb") as stream:
        stream.truncate(33 * 1024 * 1024)
    for path, words in ((large, "32MB"), (tmp_path, "文件夹"), (tmp_path / "无.jsonl", "没有找到")):
        code, out, err = run("import", "postings", str(path), folder=tmp_path / "data")
        assert (code, out) == (1, "")
        assert words in err
        assert len(err.strip().splitlines()) == 1
    assert not (tmp_path / "data").exists()


def test_who_may_import_and_where(running: Service, tmp_path: Path) -> None:
    file = written(tmp_path, json.dumps(GOOD).encode())
    for options, words in (
        (("--region", "320612"), "管辖的地区"),
        (("--region", "六一"), "管辖的地区"),
        (("--account", "nobody"), "没有这个账号"),
        (("--out", str(tmp_path / "none" / "out.csv")), "不能写入"),
    ):
        code, _, err = run("import", "postings", file, *options, folder=running.folder)
        assert code == 1
        assert words in err
    code, told, _ = run("import", "postings", file, "--json", folder=running.folder)
    assert json.loads(told)["repeated"] is False, "a refused import has left something behind"
