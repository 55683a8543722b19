"""A county's list of who works away, as its offices send it."""

from datetime import date, datetime
from io import BytesIO

import xlsxwriter

from models.id_number import demo_id_number
from models.worker import Sex

HEADINGS = (
    "户编号", "人编号", "户类型", "村", "姓名", "证件号码", "与户主关系", "文化程度", "联系电话", "是否务工", "开始时间",
    "务工所在省", "务工所在市", "务工所在县", "务工企业名称", "务工月收入", "就业渠道",
)  # fmt: skip


def workbook(first: int, rows: int) -> bytes:
    """The same people in two counties would be hand-overs: each file has its own."""
    file = BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.set_properties({"created": datetime(2021, 9, 1)})
        sheet = book.add_worksheet("已外出务工信息")
        for column, heading in enumerate(HEADINGS):
            sheet.write_string(2, column, heading)
        for index in range(rows):
            number = demo_id_number(
                date(1970 + index % 30, 1 + index % 12, 1 + index % 28), first + index // 28, Sex.MALE
            )
            cells = (
                f"K{first}-{index // 3}", f"K{first}-{index}", "脱贫户", "测试村", f"试{chr(0x4E00 + index % 20_000)}{chr(0x5E00 + first // 10 % 4_000)}",
                number, "户主" if index % 3 == 0 else "之子", "初中", f"1001{index:07d}", "是", f"2021年0{1 + index % 8}月",
                "江苏省", "南通市", "通州区", f"南通测试{index % 400}有限公司", "4500", "东西部劳务协作",
            )  # fmt: skip
            for column, cell in enumerate(cells):
                sheet.write_string(3 + index, column, cell)
    return file.getvalue()
