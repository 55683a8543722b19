"""The files of a county's January: four exports of the national system, a township's list, an employer's posts.

Everybody in them is invented. What is wrong in them is what such files have: two that tell of one person, a number
that a spreadsheet took for a figure, a digit that slipped, a month that no year has.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from xml.sax.saxutils import escape

import xlsxwriter

from models.id_number import demo_id_number
from models.worker import Sex

TOWNSHIP, OTHER_TOWNSHIP, VILLAGE = "盐场镇", "观音镇", "测试村"
Row = Sequence[str | int | float]

_HOME = {"省": "陕西省", "市": "汉中市", "县": "镇巴县", "乡（镇）": TOWNSHIP, "村": VILLAGE}
_WORK = {
    "是否务工": "是",
    "开始时间": "2021年03月",
    "结束时间": "",
    "务工所在省": "江苏省",
    "务工所在市": "南通市",
    "务工所在县": "通州区",
    "务工企业名称": "南通测试家纺有限公司",
    "务工月收入": "4500",
    "所属行业": "制造业",
    "就业渠道": "东西部劳务协作",
    "是否点对点输送": "是",
}
_SELF = {
    "证件类型": "居民身份证",
    "民族": "汉族",
    "文化程度": "初中",
    "在校生状况": "",
    "健康状况": "健康",
    "劳动技能": "普通劳动力",
}


def number(each: int, *, slip: int = 0) -> str:
    """The ID number of the person with that running number; `slip` is another one of the same birth date."""
    return demo_id_number(date(1975 + each % 20, 1 + each % 12, 1 + each % 28), 300 + each + slip, _sex(each))


def name(each: int) -> str:
    """赵测一 and so on, each once."""
    return "赵钱孙李周吴郑王"[each % 8] + "测" + "一二三四五六七八九"[each // 8]


def phone(each: int) -> str:
    """A number that nobody has."""
    return f"1000007{each:04d}"


def _sex(each: int) -> Sex:
    return Sex.FEMALE if each % 2 else Sex.MALE


def _household(each: int) -> str:
    return f"61072802{each // 2:04d}"


def _member(each: int, **changes: str) -> dict[str, str]:
    return {
        **_HOME,
        "乡（镇）": TOWNSHIP if each < 24 else OTHER_TOWNSHIP,
        "户编号": _household(each),
        "人编号": f"{_household(each)}{each:04d}",
        "户类型": "脱贫户",
        "姓名": name(each),
        "证件号码": number(each),
        **_SELF,
        "与户主关系": "户主" if each % 2 == 0 else "配偶",
        "联系电话": phone(each),
        **changes,
    }


def _table(rows: Sequence[dict[str, str]], title: str) -> list[list[str]]:
    """As the system writes it: two banner rows, headings on the third, every cell a text, blanks behind."""
    headings = list(rows[0])
    banner = ["全国防返贫监测和衔接推进乡村振兴信息系统"]
    return [[title], banner, headings, *([f"{row[heading]} " for heading in headings] for row in rows)]


def away() -> bytes:
    """已外出务工信息.xlsx: ten people, of whom four have what the audit would ask about."""
    return _book("已外出务工信息", _table(_away_rows(), "已外出务工信息"))


def away_again() -> bytes:
    """The same rows in other bytes, with the two telephones that her township's list has put right since."""
    rows = _away_rows()
    rows[0] |= {"联系电话": phone(900)}
    rows[6] |= {"联系电话": phone(901)}
    return _csv(_table(rows, "已外出务工信息"), "utf-8-sig")


def _away_rows() -> list[dict[str, str]]:
    rows = [_member(each, **_WORK | {"务工月收入": str(4000 + 100 * each)}) for each in range(10)]
    rows[1] |= {"务工月收入": "", "所属行业": ""}
    rows[2] |= {"务工月收入": "54000"}
    rows[3] |= {"开始时间": "2021年02月", "结束时间": "2021年06月", "是否务工": "否"}
    second = rows[3] | {
        "开始时间": "2021年06月",
        "结束时间": "",
        "是否务工": "是",
        "务工企业名称": "南通测试船厂",
    }
    rows[4] |= {"联系电话": "1000007004"}
    rows[5] |= {"在校生状况": "本科三年级"}
    return [*rows, second]


def planned() -> bytes:
    """计划外出务工信息.csv, in the encoding of the county's old computers."""
    rows = [
        _member(each, 是否计划务工="是", 就业服务需求="岗位信息" if each % 2 else "", 务工意愿="县外务工")
        for each in range(24, 28)
    ]
    return _csv(_table(rows, "计划外出务工信息"), "gbk")


def monitored() -> bytes:
    """监测对象信息.ods: two households, one of them with a measure that nobody got."""
    rows = [
        _member(
            each,
            户类型="监测对象户",
            监测对象类别="脱贫不稳定户" if each < 10 else "边缘易致贫户",
            风险是否已消除="否",
            **{"致贫/返贫风险1": "因务工就业不稳", "就业帮扶": "外出务工补贴" if each < 10 else ""},
            **_WORK | {"务工月收入": str(4000 + 100 * each)},
            年度交通费补助="",
        )
        for each in (8, 9, 12)
    ]
    return _ods("监测对象信息", _table(rows, "监测对象信息"))


def households() -> bytes:
    """户信息.csv, UTF-8."""
    rows = [
        {
            **_HOME,
            "乡（镇）": TOWNSHIP if each < 24 else OTHER_TOWNSHIP,
            "户编号": _household(each),
            "户类型": "监测对象户" if each in (8, 12) else "脱贫户",
            "监测对象类别": {8: "脱贫不稳定户", 12: "边缘易致贫户"}.get(each, ""),
            "风险是否已消除": "否" if each in (8, 12) else "",
            "联系电话": phone(each),
        }
        for each in (*range(0, 14, 2), 24, 26)
    ]
    return _csv(_table(rows, "户信息"), "utf-8-sig")


ROSTER = (
    "序号",
    "乡镇",
    "村组",
    "姓名",
    "身份证号",
    "电话",
    "在哪个厂打工",
    "务工地点",
    "月工资",
    "外出时间",
)
UNKNOWN_HEADING = "在哪个厂打工"


def _listed(order: int, each: int, **changes: str | int) -> Row:
    cells: dict[str, str | int] = {
        "序号": order,
        "乡镇": TOWNSHIP,
        "村组": VILLAGE,
        "姓名": name(each),
        "身份证号": number(each),
        "电话": phone(each),
        "在哪个厂打工": "南通测试家纺有限公司",
        "务工地点": "江苏省南通市通州区",
        "月工资": str(4000 + 100 * each),
        "外出时间": "2021年03月",
    }
    return tuple((cells | changes).values())


def bad_checksum(each: int) -> str:
    """The number with its last character wrong."""
    right = number(each)
    return right[:-1] + ("1" if right[-1] != "1" else "2")


def roster() -> bytes:
    """盐场镇花名册.xlsx, made by hand."""
    rows: list[Row] = [
        _listed(1, 16),
        _listed(2, 17, 身份证号=int(number(17)[:17]) * 10),
        _listed(3, 18, 身份证号=bad_checksum(18)),
        _listed(4, 19, 外出时间="2021年13月"),
        _listed(
            5, 0, 姓名=f"{name(0)[0]} {name(0)[1:]}", 电话=phone(900), 在哪个厂打工="南通测试家纺有限公司"
        ),
        _listed(6, 6, 身份证号=number(6, slip=1), 电话=phone(901)),
        _listed(7, 20),
    ]
    return _book("花名册", [[f"{TOWNSHIP}2022年1月务工人员花名册"], list(ROSTER), *rows])


POSTS = (
    "单位名称",
    "岗位名称",
    "招聘人数",
    "工资",
    "工作地点",
    "学历",
    "性别要求",
    "食宿",
    "有效期",
    "岗位职责",
)


def posts() -> bytes:
    """岗位表.xlsx: one of three wants women only."""
    firm, place = "南通测试家纺有限公司", "江苏省南通市通州区"
    rows: list[Row] = [
        (firm, "缝纫工", "20", "4500-6000元/月", place, "不限", "不限", "包吃包住", "2022-03-31", "操作平缝机缝制床品，按件计酬"),
        (firm, "质检员", "5", "4200-5000元/月", place, "初中以上", "女", "包吃包住", "2022-03-31", "检验床品的针脚和尺寸"),
        (firm, "裁剪工", "6", "5000-6500元/月", place, "不限", "不限", "包住", "2022-03-31", "操作裁剪机，按样板裁布"),
    ]  # fmt: skip
    return _book("岗位表", [["用人单位岗位表"], list(POSTS), *rows])


def files() -> dict[str, bytes]:
    """All of them by name, as they lie on her desk."""
    return {
        "户信息.csv": households(),
        "监测对象信息.ods": monitored(),
        "已外出务工信息.xlsx": away(),
        "计划外出务工信息.csv": planned(),
        "盐场镇花名册.xlsx": roster(),
        "通州测试家纺岗位表.xlsx": posts(),
    }


def book(sheets: Iterable[tuple[str, Sequence[Row]]]) -> bytes:
    """A workbook with these rows: texts as texts, numbers as numbers."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as made:
        made.set_properties({"created": datetime(2022, 1, 20)})
        for title, rows in sheets:
            sheet = made.add_worksheet(title)
            for at, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if isinstance(cell, str):
                        sheet.write_string(at, column, cell)
                    else:
                        sheet.write_number(at, column, cell)
    return stream.getvalue()


def _book(title: str, rows: Sequence[Row]) -> bytes:
    return book([(title, rows)])


def _csv(rows: Sequence[Row], encoding: str) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(rows)
    return stream.getvalue().encode(encoding)


def _ods(title: str, rows: Sequence[Row]) -> bytes:
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(str(cell))}</text:p></table:table-cell>'
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    office = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{office}:office:1.0" '
        f'xmlns:table="{office}:table:1.0" xmlns:text="{office}:text:1.0" office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="{title}">{cells}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    mime = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        f'<?xml version="1.0" encoding="UTF-8"?><m:manifest xmlns:m="{office}:manifest:1.0" m:version="1.2">'
        f'<m:file-entry m:full-path="/" m:media-type="{mime}"/>'
        '<m:file-entry m:full-path="content.xml" m:media-type="text/xml"/></m:manifest>'
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", mime)
        archive.writestr("content.xml", content, zipfile.ZIP_DEFLATED)
        archive.writestr("META-INF/manifest.xml", manifest, zipfile.ZIP_DEFLATED)
    return stream.getvalue()
