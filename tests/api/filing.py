"""Files of people as a clerk sends them, and one clerk who does."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from types import MappingProxyType
from typing import Any

import xlsxwriter
from starlette.testclient import TestClient

from models.id_number import demo_id_number
from models.worker import Sex

HEADINGS = (
    "户编号", "人编号", "户类型", "监测对象类别", "风险是否已消除", "村", "姓名", "证件号码", "与户主关系", "民族",
    "文化程度", "健康状况", "劳动技能", "联系电话", "是否务工", "开始时间", "结束时间", "务工所在省", "务工所在市",
    "务工所在县", "务工企业名称", "务工月收入", "所属行业", "就业渠道", "是否点对点输送", "务工形式",
)  # fmt: skip


def number(sequence: int, born: date = date(1985, 3, 15), sex: Sex = Sex.FEMALE) -> str:
    return demo_id_number(born, 200_000 + sequence, sex)


def away(sequence: int = 1, **changes: Any) -> dict[str, Any]:
    """One person away at work, as the national system exports it."""
    return dict(zip(HEADINGS, (
        f"H{sequence}", f"P{sequence}", "脱贫户", "", "", "测试村", f"测试{sequence:03d}", number(sequence), "户主", "汉族",
        "初中", "健康", "普通劳动力", f"1000000{sequence:04d}", "是", "2021年03月", "", "江苏省", "南通市",
        "通州区", "南通测试家纺有限公司", "4500", "制造业", "东西部劳务协作", "是", "长期务工",
    ), strict=True)) | changes  # fmt: skip


def workbook(
    rows: Sequence[dict[str, Any]],
    headings: Sequence[str] = HEADINGS,
    name: str = "已外出务工信息",
    further: Mapping[str, Sequence[dict[str, Any]]] = MappingProxyType({}),
) -> bytes:
    """A workbook in the national layout: two banner rows, headings in the third, every cell text; `further` sheets
    alike."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(2021, 9, 1)})
        for title, lines in {name: rows, **further}.items():
            _fill(book.add_worksheet(title), title, headings, lines)
    return file.getvalue()


def _fill(sheet: Any, title: str, headings: Sequence[str], rows: Sequence[dict[str, Any]]) -> None:
    sheet.write_string(0, 0, "全国防返贫监测和衔接推进乡村振兴信息系统")
    sheet.write_string(1, 0, title)
    for column, heading in enumerate(headings):
        sheet.write_string(2, column, heading)
    for index, row in enumerate(rows, 3):
        for column, heading in enumerate(headings):
            value = row.get(heading, "")
            if isinstance(value, str):
                sheet.write_string(index, column, value)
            else:
                sheet.write(index, column, value)


class Intake:
    """Sends files as one clerk."""

    def __init__(self, client: TestClient, work: Callable[[], int]) -> None:
        self.client, self.work = client, work

    def send(self, content: bytes, name: str = "已外出.xlsx", **form: Any) -> dict[str, Any]:
        answer = self.client.post("/v1/imports", files={"file": (name, content)}, data=form)
        assert answer.status_code == 202, answer.text
        return answer.json()

    def checked(self, content: bytes, name: str = "已外出.xlsx", **form: Any) -> dict[str, Any]:
        number = self.send(content, name, **form)["id"]
        self.work()
        return self.read(number)

    def applied(self, content: bytes, name: str = "已外出.xlsx", **form: Any) -> dict[str, Any]:
        found = self.checked(content, name, **form)
        assert found["state"]["code"] == "ready", found
        answer = self.client.post(f"/v1/imports/{found['id']}/apply")
        assert answer.status_code == 202, answer.text
        self.work()
        done = self.read(found["id"])
        assert done["state"]["code"] == "applied", done
        return done

    def read(self, number: int) -> dict[str, Any]:
        answer = self.client.get(f"/v1/imports/{number}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def lines(self, number: int, **query: Any) -> list[dict[str, Any]]:
        answer = self.client.get(f"/v1/imports/{number}/lines", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]
