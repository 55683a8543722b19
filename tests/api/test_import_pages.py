"""导入 pages: files dropped, headings told, the preview, applying, mending; and files of advertisements."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter
from sqlmodel import Session, select

from api.deps import act_as
from models.id_number import demo_id_number
from models.record import AuditEvent
from models.vacancy import Vacancy
from models.worker import Sex

ROSTER = ("序号", "姓名", "身份证号", "电话", "村组", "务工地点", "务工单位", "月工资", "外出时间")


def roster(*rows: tuple[str, ...], headings: tuple[str, ...] = ROSTER) -> bytes:
    """A township's hand-made list."""
    file = BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.set_properties({"created": datetime(2021, 9, 1)})
        sheet = book.add_worksheet("花名册")
        for at, cells in enumerate((headings, *rows)):
            for column, text in enumerate(cells):
                sheet.write_string(at, column, text)
    return file.getvalue()


def person(sequence: int, **changes: str) -> tuple[str, ...]:
    number = demo_id_number(date(1985, 3, 15), 410_000 + sequence, Sex.FEMALE)
    cells = (
        str(sequence), f"测试{sequence:02d}", number, f"1000001{sequence:04d}", "测试村", "江苏省南通市通州区",
        "南通测试家纺有限公司", "4500", "2021年03月",
    )  # fmt: skip
    return tuple((dict(zip(ROSTER, cells, strict=True)) | changes).values())


def send(clerk: Any, *files: tuple[str, bytes], **told: str) -> Any:
    """Press 上传并核对."""
    form = {"form_token": clerk.token, "as_of": "2021-09-20"} | told
    return clerk.client.post("/imports", data=form, files=[("files", file) for file in files])


def test_a_roster_is_previewed_applied_and_its_bad_line_mended_in_place(
    visitor: Callable[[str], Any], work: Callable[[], int]
) -> None:
    clerk = visitor("zhenba")
    good, bad = person(1), person(2)
    wrong = bad[2][:-1] + ("1" if bad[2][-1] != "1" else "2")
    answer = send(clerk, ("花名册.xlsx", roster(good, (*bad[:2], wrong, *bad[3:]))), kept_by="610728001")
    assert answer.status_code == 303, answer.text
    page = answer.headers["location"]
    assert 'id="progress"' in clerk.get(page) and "可以离开这个页面" in clerk.get(page)
    work()
    shown = clerk.get(page)
    assert "共<b>2</b>行" in shown and "1行新增" in shown and "1行有错" in shown and "校验位不符" in shown
    assert wrong not in shown and "测试01" not in clerk.get("/workers")
    workbook = clerk.client.get(f"{page}/errors.xlsx")
    assert workbook.status_code == 200 and workbook.content.startswith(b"PK")
    assert clerk.post(f"{page}/apply").status_code == 303
    work()
    assert "撤销这次入库" in clerk.get(page) and "测试01" in clerk.get("/workers")
    line = re.search(r'action="(/imports/\d+/lines/\d+)"', clerk.get(page))
    assert line is not None
    refused = clerk.post(line[1], do="mend")
    assert refused.status_code == 422 and "还没有填写更正的内容" in refused.text
    clerk.done(line[1], do="mend", **{"cell-id_number": bad[2]})
    assert "测试02" in clerk.get("/workers")


def test_unknown_headings_are_asked_once(visitor: Callable[[str], Any], work: Callable[[], int]) -> None:
    clerk = visitor("zhenba")
    headings = tuple("自编栏目甲" if name == "姓名" else name for name in ROSTER)
    page = send(
        clerk, ("花名册.xlsx", roster(person(3), headings=headings)), kept_by="610728001", kind="roster"
    ).headers["location"]
    work()
    shown = clerk.get(page)
    assert "有表头认不出" in shown and "自编栏目甲" in shown
    name = re.search(r'name="(field-[^"]*)" aria-label="“自编栏目甲”', shown)
    version = re.search(r'name="version" value="(\d+)"', shown)
    assert name is not None and version is not None
    heading = name[1].replace("field-", "heading-", 1)
    told = {name[1]: "name", heading: "自编栏目甲", "version": version[1]}
    assert clerk.post(f"{page}/mapping", **told).status_code == 303
    work()
    assert "1行新增" in clerk.get(page)
    again = send(
        clerk, ("二月.xlsx", roster(person(4), headings=headings)), kept_by="610728001", kind="roster"
    ).headers["location"]
    work()
    assert "1行新增" in clerk.get(again)


def test_several_files_at_once_and_one_that_is_refused(
    visitor: Callable[[str], Any], work: Callable[[], int]
) -> None:
    clerk = visitor("zhenba")
    answer = send(clerk, ("甲.xlsx", roster(person(5))), ("空.xlsx", b""), kept_by="610728001")
    assert answer.status_code == 200 and "有1个文件没有收下" in answer.text and "其余1个已收下" in answer.text
    answer = send(clerk, ("丙.xlsx", roster(person(11))), ("乙.xlsx", roster(person(6))), kept_by="610728001")
    assert answer.headers["location"] == "/imports?done=received"
    work()
    assert clerk.get("/imports").count("等您确认入库") == 3


def test_the_same_file_again_says_so(visitor: Callable[[str], Any], work: Callable[[], int]) -> None:
    clerk = visitor("zhenba")
    first = send(clerk, ("甲.xlsx", roster(person(7))), kept_by="610728001").headers["location"]
    work()
    again = send(clerk, ("甲.xlsx", roster(person(7))), kept_by="610728001").headers["location"]
    assert again == f"{first}?done=repeated" and "以前导入过" in clerk.get(again)


def test_a_file_can_be_given_up_and_an_applied_one_taken_back(
    visitor: Callable[[str], Any], work: Callable[[], int]
) -> None:
    clerk = visitor("zhenba")
    page = send(clerk, ("甲.xlsx", roster(person(8))), kept_by="610728001").headers["location"]
    work()
    assert "已放弃这个文件" in clerk.done(f"{page}/cancel")
    page = send(clerk, ("甲.xlsx", roster(person(8))), kept_by="610728001").headers["location"]
    work()
    clerk.post(f"{page}/apply")
    work()
    assert "测试08" in clerk.get("/workers")
    assert "已撤销这次入库" in clerk.done(f"{page}/revert")
    assert "测试08" not in clerk.get("/workers")


def test_a_broken_file_ends_with_its_reason(visitor: Callable[[str], Any], work: Callable[[], int]) -> None:
    clerk = visitor("zhenba")
    page = send(clerk, ("坏.xlsx", roster(person(9))[:900]), kept_by="610728001").headers["location"]
    work()
    shown = clerk.get(page)
    assert "没有读取" in shown and "台账没有任何改动" in shown


def test_the_east_is_told_that_people_are_not_its_to_import(visitor: Callable[[str], Any]) -> None:
    answer = send(visitor("tongzhou"), ("甲.xlsx", roster(person(10))))
    assert answer.status_code == 403


def test_a_template_can_be_had(visitor: Callable[[str], Any]) -> None:
    clerk = visitor("zhenba")
    page = clerk.get("/imports")
    for address in re.findall(r'href="(/imports/templates/[a-z_]+\.xlsx)"', page):
        assert clerk.client.get(address).content.startswith(b"PK"), address


def test_a_demand_of_the_sources_own_field_stays_until_its_removal_is_confirmed(
    visitor: Callable[[str], Any],
    world: Any,
    work: Callable[[], int],
    session_as: Callable[[str], Session],
) -> None:
    line = {
        "title": "质检员",
        "company": "测试家纺有限公司",
        "region": "江苏省南通市通州区",
        "salary": "4000-6000",
        "headcount": "5人",
        "gender_req": "女",
        "posted": "2021-09-01",
        "deadline": "2021-12-31",
        "description": "负责家纺产品的检验，计件工资，每天八小时，包住。",
    }
    made = world.east.post("/v1/imports", files={"file": ("a.jsonl", json.dumps(line).encode())}).json()
    work()
    number = session_as("tongzhou").exec(select(Vacancy.id).where(Vacancy.import_id == made["id"])).one()
    post, page = world.east.get(f"/v1/vacancies/{number}").json(), f"/vacancies/{number}"
    told = {"title": "质检员", "text": post["text"], "pay_min": "4000", "pay_max": "6000", "seats": "5"}
    told["valid_until"] = "2021-12-31"
    east = visitor("tongzhou")
    shown = east.done(f"{page}/save", **told, version=post["version"])
    assert "违规待改" in shown and "已与用人单位确认取消：<mark>性别要求：女</mark>" in shown
    version = world.east.get(f"/v1/vacancies/{number}").headers["etag"]
    patched = world.east.patch(f"/v1/vacancies/{number}", json=told, headers={"If-Match": version})
    assert [found["phrase"] for found in patched.json()["unlawful_demands"]] == ["性别要求：女"]
    version = patched.json()["version"]
    shown = east.done(f"{page}/save", **told, confirmed_removed="yes", version=version)
    assert "哪些话违规" not in shown and "岗位已发布" in east.done(f"{page}/publish")
    found = session_as("tongzhou").exec(
        select(AuditEvent).where(AuditEvent.action == "confirm_removed", AuditEvent.row_id == number)
    )
    assert [event.change for event in found] == [{"field": "gender_req", "phrase": "性别要求：女"}]


def test_an_imported_post_gets_its_employer_and_place_by_name(
    visitor: Callable[[str], Any], work: Callable[[], int]
) -> None:
    clerk = visitor("zhenba")
    line = '{"title": "=缝纫工", "salary": "5000-7000", "headcount": "3人", "description": "负责流水线缝纫和整烫"}'
    answer = clerk.client.post(
        "/imports",
        data={"as_of": "2015-04-01", "form_token": clerk.token},
        files={"files": ("广告.jsonl", f"{line}\n{{broken".encode())},
    )
    assert answer.status_code == 303, answer.text
    work()
    result = answer.headers["location"].partition("?")[0]
    page = clerk.get(result)
    assert "共<b>2</b>行" in page and "2364天" in page
    told = clerk.client.get(f"{result}/lines.csv")
    assert told.text.startswith("\ufeff行号,结果") and "未能读取" in told.text
    found = re.search(r'href="(/vacancies/\d+)"', page)
    assert found is not None
    post = found[1]
    typed = {
        "title": "缝纫工",
        "employer": "测试晨曦服装有限公司",
        "place": "江苏省南通市通州区",
        "pay_min": "5000",
        "pay_max": "7000",
        "seats": "3",
        "valid_until": "2021-12-31",
        "text": "负责流水线缝纫和整烫",
        "version": "1",
    }
    refused = clerk.post(f"{post}/save", **typed | {"place": "没有这个地方"})
    assert refused.status_code == 422 and "没有认出工作地点" in refused.text
    page = clerk.done(f"{post}/save", **typed)
    assert "测试晨曦服装有限公司" in page and "江苏省南通市通州区" in page
    assert "岗位已发布" in clerk.done(f"{post}/publish")


def test_an_import_of_nothing_says_so(visitor: Callable[[str], Any]) -> None:
    clerk = visitor("zhenba")
    answer = clerk.client.post(
        "/imports", data={"form_token": clerk.token}, files={"files": ("空.jsonl", b"\n\n")}
    )
    assert answer.status_code == 422 and "文件里没有内容" in answer.text
    assert "还没有导入过文件" in answer.text


def test_an_import_without_a_file_or_a_region_says_which(
    visitor: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = visitor("zhenba")
    told = {"form_token": clerk.token, "as_of": "2021-09-20"}
    for files in ({}, {"files": ("", b"")}, {"files": (None, b"{}")}):
        answer = clerk.client.post("/imports", data=told, files=files)
        assert answer.status_code == 422 and "还没有选择文件" in answer.text
    monkeypatch.setattr("api.pages.desk.act_as", lambda *who: replace(act_as(*who), regions=()))
    page = clerk.get("/imports")
    assert "没有管辖的地区" in page and 'type="file"' not in page
    answer = clerk.client.post("/imports", data=told, files={"files": ("a.jsonl", b"{}")})
    assert answer.status_code == 422 and "没有管辖的地区" in answer.text


def test_the_same_advertisement_from_two_imports_is_listed_once_and_told(
    visitor: Callable[[str], Any], world: Any, work: Callable[[], int]
) -> None:
    line = {
        "title": "平车工",
        "company": "测试家纺有限公司",
        "region": "江苏省南通市通州区",
        "salary": "4000-6000",
        "headcount": "5人",
        "posted": "2021-09-01",
        "deadline": "2021-12-31",
        "description": "负责家纺产品的平车缝制，计件工资，每天八小时，包住。",
    }
    other = json.dumps(line | {"salary": "4100-6000"})
    content = f"{json.dumps(line)}\n{other}".encode()
    for as_of in ("2021-09-20", "2021-09-19"):
        made = world.east.post(
            "/v1/imports", data={"as_of": as_of}, files={"file": ("a.jsonl", content)}
        ).json()
        work()
    page = visitor("tongzhou").get(f"/imports/{made['id']}")
    assert "同一个文件以前导入过" in page and "时点2021年9月20日" in page
    page = visitor("zhenba").get(f"/workers/{world.worker()['id']}")
    assert page.count('<div class="match">') == 2
    assert page.count("另有1处导入了同一条广告") == 2
