"""用人单位岗位表: an employer's list of posts, and how a row of it becomes a posting like any advertisement."""

from collections.abc import Mapping

from ledger.forms.column import Column, Form
from ledger.forms.post_values import AGES, KEEP, LAST_DAY, PAY, SCHOOLING, SEATS, SHIFT, USCC
from ledger.forms.values import DAY, PHONE, SEVERAL, YES_OR_NO, coded, offering, whole
from ledger.gazetteer import Gazetteer
from ledger.postings.reading import Posting, Rejected, read_posting
from models.employer import EmployerKind
from models.intake import ImportKind

POSTS = Form(
    ImportKind.POSTS,
    ImportKind.POSTS.label,
    columns=(
        Column(
            "单位名称", "company", example="南通测试纺织有限公司", note="营业执照上的全称",
            aliases=("用人单位", "企业名称", "公司名称", "单位", "企业", "招聘单位", "用工单位", "用工企业", "招聘企业"), required=True,
        ),
        Column(
            "统一社会信用代码", "uscc", USCC, "", "18位，见营业执照",
            ("社会信用代码", "信用代码", "统一信用代码"), text_only=True,
        ),
        Column("单位类型", "employer_kind", coded(EmployerKind), "企业", "不填按企业登记", ("企业类型", "单位性质")),
        Column(
            "岗位名称", "title", example="缝纫工", note="一行写一个岗位",
            aliases=("岗位", "工种", "招聘岗位", "职位", "职位名称", "用工岗位", "招工岗位", "招聘工种", "需求岗位"), required=True,
        ),
        Column(
            "招聘人数", "seats", SEATS, "20", "写明人数，不写若干",
            ("人数", "需求人数", "招工人数", "用工人数", "岗位数", "招聘数量", "需求数", "缺工人数"),
        ),
        Column(
            "工资", "pay", PAY, "4500-6000元/月", "每月多少元，不写面议",
            ("薪资", "月薪", "工资待遇", "薪资待遇", "月工资", "薪酬", "待遇", "福利待遇", "薪资（元/月）", "月薪（元）", "薪资范围"),
        ),
        Column(
            "工作地点", "region", example="江苏省南通市通州区", note="写到县（市、区）",
            aliases=("工作地址", "地点", "地区", "单位地址", "上班地点", "务工地点", "企业地址", "公司地址"),
        ),
        Column("学历", "education", SCHOOLING, "初中以上", "没有要求写不限", ("学历要求", "文化程度", "文化程度要求")),
        Column("年龄", "ages", AGES, "18-55岁", "没有要求写不限", ("年龄要求", "年龄范围")),
        Column("性别要求", "gender_req", offering("不限"), "不限", "除法律规定的岗位外不得限制性别", ("性别",)),
        Column("技能要求", "skills", SEVERAL, "缝纫", "多项用顿号分开", ("技能", "专业技能", "技术要求")),
        Column("食宿", "keep", KEEP, "包吃包住", "包吃包住、包住、包吃或不包吃住", ("食宿情况", "食宿条件", "是否包食宿", "吃住", "吃住情况")),
        Column("社保", "social_insurance", YES_OR_NO, "是", "是否缴纳社会保险", ("是否缴纳社保", "是否参保", "社会保险", "是否购买社保")),
        Column("班次", "shift", SHIFT, "两班倒", "常白班、两班倒或三班倒", ("工作班次", "上班班次")),
        Column("每周工时", "hours", whole("每周小时数，例如“40”", 168, "小时"), "48", "小时", ("周工时", "每周工作小时")),
        Column(
            "发布日期", "posted_on", DAY, "2026-01-05", "年月日；不填按导入当天",
            ("发布时间", "开始日期", "填报日期", "有效期起", "招聘开始时间"),
        ),
        Column(
            "有效期", "valid_until", LAST_DAY, "2026-03-31", "截止到哪一天，不写长期有效",
            ("截止日期", "有效期至", "截止时间", "招聘截止时间", "有效期止", "招聘期限", "有效日期"),
        ),
        Column(
            "岗位职责", "duties", example="操作平缝机缝制衬衫，按件计酬", note="做什么、怎么做",
            aliases=("职责", "工作内容", "岗位描述", "职位描述", "岗位要求", "招聘条件", "任职要求", "招聘要求", "其他要求", "职责和条件"),
        ),
        Column("联系人", "contact", example="测试甲", note="单位的招聘联系人", aliases=("招聘联系人", "负责人"), personal=True),
        Column("联系电话", "phone", PHONE, "10000000000", "单位的招聘电话", ("电话", "联系方式", "招聘电话", "手机"), personal=True),
    ),
    banner=("用人单位岗位表", "一行一个岗位；招聘信息不得限制性别、民族、户籍、婚育状况"),
    whose=("title",),
    strict=True,
    hints=("岗位表", "岗位需求", "招聘岗位", "岗位信息", "用工需求", "招工", "岗位清单"),
    telling=tuple(frozenset({"title", other}) for other in ("seats", "pay", "company", "valid_until")),
)  # fmt: skip


def posting_of(number: int, texts: Mapping[str, str], *, gazetteer: Gazetteer) -> Posting | Rejected:
    """A row of the list as a posting, read and checked by the very rules for advertisements.

    Parameters
    ----------
    number : of the line, from 1.
    texts : the row's texts by field, as `rows.texts_of` gives them; what is absent is not stated.
    """
    told = [
        texts.get("duties", ""),
        f"技能要求：{texts['skills']}" if "skills" in texts else "",
        f"年龄：{_years(texts['ages'])}" if "ages" in texts else "",
        texts.get("keep", ""),
        {"是": "缴纳社保", "否": "不缴社保"}.get(texts.get("social_insurance", ""), ""),
        texts.get("shift", ""),
        f"每周工作{texts['hours']}小时" if texts.get("hours", "").isdigit() else texts.get("hours", ""),
    ]
    return read_posting(
        number,
        {
            "title": texts.get("title", ""),
            "company": texts.get("company", ""),
            "region": texts.get("region", ""),
            "salary": texts.get("pay", ""),
            "headcount": texts.get("seats", ""),
            "education": texts.get("education", ""),
            "gender_req": texts.get("gender_req", ""),
            "posted": texts.get("posted_on", ""),
            "deadline": texts.get("valid_until", ""),
            "description": "\n".join(part for part in told if part),
        },
        gazetteer=gazetteer,
    )


def _years(text: str) -> str:
    return text if "岁" in text or not any(sign.isdigit() for sign in text) else f"{text}岁"
