"""The guide for the bureaus' developers is run as it stands, and says the same in both languages."""

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.testclient import TestClient

from api.rights import Area
from api.webhooks.signing import headers_of, new_secret, told_secret
from models.webhook import WebhookEvent

from .conftest import World
from .guided import Shell, blocks_of, differs

PASSWORD = "right-horse-battery"
DOCS = Path(__file__).resolve().parents[2] / "docs"
GUIDE, CHINESE = DOCS / "rest.md", DOCS / "rest.zh-CN.md"


def test_every_example_does_what_the_page_says(
    anonymous: TestClient, world: World, work: Callable[[], int]
) -> None:
    world.vacancy()
    told = {
        "WENGANG": "http://testserver", "USERNAME": "zhenba", "PASSWORD": PASSWORD,
        "ADMIN_USERNAME": "warden", "ADMIN_PASSWORD": PASSWORD,
    }  # fmt: skip
    shell = Shell(anonymous, told, work)
    last: Any = None
    ran = compared = 0
    for block in blocks_of(GUIDE):
        if block.language == "csv":
            shell.files["people.csv"] = block.text.encode("utf-8-sig")
        elif block.language == "sh":
            last = shell.run(block.text)
            ran += 1
        elif block.language == "http":
            assert differs(last, block.text) is None, (differs(last, block.text), block.text)
            compared += 1
    assert ran == compared > 10


def test_the_lines_that_verify_a_signature_verify_it() -> None:
    [lines] = [block.text for block in blocks_of(GUIDE) if block.language == "python"]
    made: dict[str, Any] = {}
    exec(lines, made)  # noqa: S102 - our own page
    verify, key, body = made["verify"], new_secret(), b'{"type": "test"}'
    headers = headers_of([new_secret(), key], "msg_1", int(time.time()), body)
    assert verify(told_secret(key), headers, body)
    assert not verify(told_secret(key), headers, body + b" ")
    assert not verify(told_secret(new_secret()), headers, body)
    assert not verify(told_secret(key), headers_of([key], "msg_1", int(time.time()) - 400, body), body)


def test_both_languages_show_the_same() -> None:
    assert blocks_of(GUIDE) == blocks_of(CHINESE)
    assert len(re.findall(r"^## ", GUIDE.read_text(), re.MULTILINE)) == len(
        re.findall(r"^## ", CHINESE.read_text(), re.MULTILINE)
    )


def test_what_the_page_lists_is_all_there_is(app: FastAPI) -> None:
    for page in (GUIDE, CHINESE):
        words = page.read_text(encoding="utf-8")
        assert all(f"`{event.value}`" in words for event in WebhookEvent)
        assert all(f"`{area.value}`" in words for area in Area)
        paths = set(app.openapi()["paths"])
        shapes = {re.sub(r"\{\w+\}", "{}", path) for path in paths}
        for named in re.findall(r"`(?:GET |POST |PATCH )?(/v1/[^`]*)`", words):
            assert re.sub(r"\{\w+\}", "{}", named) in shapes, named
