"""The worker is killed in the middle of reading, checking and applying a file: nothing is lost, nothing doubled."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
import xlsxwriter

from models.id_number import demo_id_number
from models.worker import Sex

from .conftest import Service, service

pytestmark = pytest.mark.server

ROWS = 3_000
HEADINGS = (
    "户编号", "人编号", "户类型", "村", "姓名", "证件号码", "与户主关系", "文化程度", "联系电话", "是否务工", "开始时间",
    "务工所在省", "务工所在市", "务工所在县", "务工企业名称", "务工月收入", "就业渠道",
)  # fmt: skip
REGION = "610728"
STEPS = ("staging", "checking", "ready", "applying", "applied")


def workbook(first: int) -> bytes:
    """The same people in two counties would be hand-overs: each file has its own."""
    file = BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.set_properties({"created": datetime(2021, 9, 1)})
        sheet = book.add_worksheet("已外出务工信息")
        for column, heading in enumerate(HEADINGS):
            sheet.write_string(2, column, heading)
        for index in range(ROWS):
            number = demo_id_number(
                date(1970 + index % 30, 1 + index % 12, 1 + index % 28), first + index // 28, Sex.MALE
            )
            cells = (
                f"K{first}-{index // 3}", f"K{first}-{index}", "脱贫户", "测试村", f"试{chr(0x4E00 + index % 20_000)}{chr(0x5E00 + first // 1000)}",
                number, "户主" if index % 3 == 0 else "之子", "初中", f"1001{index:07d}", "是", f"2021年0{1 + index % 8}月",
                "江苏省", "南通市", "通州区", f"南通测试{index % 400}有限公司", "4500", "东西部劳务协作",
            )  # fmt: skip
            for column, cell in enumerate(cells):
                sheet.write_string(3 + index, column, cell)
    return file.getvalue()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with service(tmp_path_factory.mktemp("data")) as started:
        yield started


@pytest.fixture(scope="module")
def client(running: Service) -> Iterator[httpx.Client]:
    with closing(running.client()) as opened:
        yield opened


def kill_worker(running: Service) -> None:
    """The worker process that the service keeps is gone from one moment to the next."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        found = [number for number in _children(running.process.pid) if _words(number).endswith(b"\0work\0")]
        if found:
            os.kill(found[0], signal.SIGKILL)
            return
        time.sleep(0.02)
    raise AssertionError("there is no worker")


def _children(parent: int) -> list[int]:
    threads = Path(f"/proc/{parent}/task").iterdir()
    return [int(child) for thread in threads for child in (thread / "children").read_text().split()]


def _words(number: int) -> bytes:
    try:
        return Path(f"/proc/{number}/cmdline").read_bytes()
    except OSError:
        return b""


def send(client: httpx.Client, content: bytes, **form: str) -> int:
    form = {"kept_by": REGION} | form
    answer = client.post("/v1/imports", files={"file": ("已外出.xlsx", content)}, data=form)
    assert answer.status_code == 202, answer.text
    return int(answer.json()["id"])


def until(client: httpx.Client, number: int, *states: str, least: int | None = None) -> dict[str, Any]:
    """The import when it has come to one of the states, or its job at work has done so many lines."""
    end = time.monotonic() + 240
    while time.monotonic() < end:
        found = client.get(f"/v1/imports/{number}").json()
        if found["state"]["code"] in states and (
            least is None or (found["job"] or {}).get("done", 0) >= least
        ):
            return dict(found)
        assert found["state"]["code"] != "failed", found
        if least is not None and STEPS.index(found["state"]["code"]) > max(map(STEPS.index, states)):
            return dict(found)
        time.sleep(0.02)
    raise AssertionError(f"the import stands still: {found}")


def totals(client: httpx.Client) -> dict[str, int]:
    """How many people and households the county has."""
    return {
        noun: client.get(f"/v1/{noun}", params={"limit": 1, "region": REGION}).json()["total"]
        for noun in ("workers", "households")
    }


def test_kills_lose_nothing_and_double_nothing(running: Service, client: httpx.Client) -> None:
    before = totals(client)
    undisturbed = send(client, workbook(1_000))
    until(client, undisturbed, "ready")
    client.post(f"/v1/imports/{undisturbed}/apply")
    told = until(client, undisturbed, "applied")
    first = totals(client)
    assert first["workers"] - before["workers"] == ROWS
    assert told["counts"] == {"lines": ROWS, "new": ROWS}

    number = send(client, workbook(2_000))
    until(client, number, "staging", least=1)
    kill_worker(running)
    until(client, number, "checking", least=1)
    kill_worker(running)
    found = until(client, number, "ready")
    assert found["counts"] == told["counts"], "no line twice, none left out"
    client.post(f"/v1/imports/{number}/apply")
    until(client, number, "applying", least=1)
    kill_worker(running)
    assert totals(client) == first, "half an import is none"
    client.post(f"/v1/imports/{number}/apply")
    found = until(client, number, "applied")
    assert found["counts"] == told["counts"]
    second = totals(client)
    assert {noun: second[noun] - first[noun] for noun in second} == {
        noun: first[noun] - before[noun] for noun in first
    }


def test_a_file_that_would_do_harm_is_refused_while_the_service_answers(client: httpx.Client) -> None:
    import zipfile

    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (64 * 1024 * 1024))
    numbers = [
        send(client, bomb.getvalue()),
        send(
            client, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
        ),
    ]
    end = time.monotonic() + 60
    slowest = 0.0
    while time.monotonic() < end:
        begun = time.monotonic()
        states = [client.get(f"/v1/imports/{number}").json() for number in numbers]
        slowest = max(slowest, time.monotonic() - begun)
        if all(each["state"]["code"] == "failed" for each in states):
            break
        time.sleep(0.05)
    assert [each["state"]["code"] for each in states] == ["failed", "failed"]
    assert all(each["message"] for each in states)
    assert "密码" in states[1]["message"]
    assert slowest < 3
