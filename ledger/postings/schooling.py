"""学历要求: the least schooling that a post asks for.

A level is read as "at least": 大专 and 大专以上 are the same condition. 初中以下 asks for nothing, so it is no limit.
The field wins where it names a level; where it says 不限 or nothing, a condition in the text counts (a web form's 不限 is
often only the preset). A preference (本科优先) is no condition. Of several levels the lowest is the condition: 特别优秀者可放宽至高中 asks for 高中.
"""

import re
from dataclasses import dataclass, field, replace

from ledger.postings.wording import part_for, plain
from models.education import Education

_LEVELS: tuple[tuple[Education, str], ...] = (
    (Education.POSTGRADUATE, "博士|硕士|研究生"),
    (Education.BACHELOR, "本科|学士|大学(?!专|生|四级|六级|英语|城)"),
    (Education.COLLEGE, "大学?专科?|专科|高职|高等职业"),
    (Education.SECONDARY_VOCATIONAL, "大?中专|中技|技校|职高|职业高中|职校|技工学校|中等专业|中等职业"),
    (Education.SENIOR_HIGH, "高中"),
    (Education.JUNIOR_HIGH, "初中|初级中学|中学"),
    (Education.PRIMARY, "小学"),
    (Education.ILLITERATE, "文盲|半文盲"),
)
_LEVEL = re.compile("|".join(f"(?P<l{number}>{words})" for number, (_, words) in enumerate(_LEVELS)))
_NO_LIMIT = re.compile(
    r"(?:学历|文化程度|文化|文凭)(?:不限|不作要求|不做要求|没有?要求|无要求|不作限制|不限制|不拘)|不限(?:制)?(?:学历|文化)|无(?:需)?学历(?:年龄)?(?:要求|限制)|学历[:要求 ]{0,4}(?:不限|无)"
)
# What makes a level a condition: 以上, 学历, 文化 or 毕业 right behind it, 学历 or 文化 before it.
_ASKED = re.compile(
    r"\s*(?:[(][^()\n]{0,6}[)])?\s*(?:[/、或和及]\s*)?(?:以上|及以上|或以上|及其以上|或者以上|含以上|水平以上|以及以上|文凭|学历|文化|(?:应届)?毕业|程度)"
)
_ASKED_BEFORE = re.compile(r"(?:学历|文化程度|文化|文凭)(?:要求)?\s*[:为是要求在]{0,4}\s*$")
_PREFERRED = re.compile(r"^[^,。;(\n]{0,14}?(?:优先|尤佳|更佳|欢迎)|^应届[^,。;\n]{0,8}可")
_WELCOME = re.compile(r"(?:优先|欢迎)[^,。;\n]{0,6}$")


@dataclass(frozen=True)
class Schooling:
    """The least schooling asked for. `minimum` None with `stated` is 不限; None without it is unknown.

    `remark` is for the reader of a report, where the field and the text differ.
    """

    minimum: Education | None = None
    stated: bool = False
    remark: str | None = field(default=None, compare=False)

    @property
    def code(self) -> str:
        """The education's code, `any` for no limit, empty for unknown."""
        return self.minimum.value if self.minimum else "any" if self.stated else ""


ANY = Schooling(None, True)


def read_schooling(field: str, title: str = "", text: str = "") -> Schooling:
    """The schooling that an advertisement asks for."""
    stated = field_schooling(field)
    part, _ = part_for(title, plain(text))
    asked = text_schooling(part)
    if stated.minimum is not None or (stated.stated and "以下" in field):
        return replace(stated, remark=_difference(stated, asked, "学历栏"))
    return replace(asked, remark=_difference(stated, asked, "正文")) if asked.stated else stated


def field_schooling(field: str) -> Schooling:
    """The schooling in a field of its own: 大专, 初中以上, 不限, 初中以下."""
    field = plain(field)
    if re.search(r"不限|无要求|不要求|任意|以下", field):
        return ANY
    levels = [_level(found) for found in _LEVEL.finditer(field)]
    return Schooling(min(levels, key=lambda level: level.rank), True) if levels else Schooling()


def text_schooling(text: str) -> Schooling:
    """The schooling asked for in running text (already plain); unknown where it asks for none."""
    levels: list[Education] = []
    for found in _LEVEL.finditer(text):
        after, before = text[found.end() : found.end() + 24], text[max(0, found.start() - 12) : found.start()]
        # In "高中/大专以上" both are asked for through the last.
        chained = re.match(r"\s*[/、,或和及]\s*(?=" + _LEVEL.pattern + ")", after)
        asked = _ASKED.match(after) or _ASKED_BEFORE.search(before) or chained
        if asked and not _PREFERRED.match(after) and not _WELCOME.search(before) and "以下" not in after[:6]:
            levels.append(_level(found))
    if levels:
        return Schooling(min(levels, key=lambda level: level.rank), True)
    return ANY if _NO_LIMIT.search(text) or re.search(rf"(?:{_LEVEL.pattern})及?以下", text) else Schooling()


def _difference(field: Schooling, text: Schooling, wins: str) -> str | None:
    if not (field.stated and text.stated) or field == text:
        return None
    return f"学历栏写{_shown(field)}，正文写{_shown(text)}，以{wins}为准，请与用人单位核对"


def _shown(schooling: Schooling) -> str:
    return f"{schooling.minimum.label}以上" if schooling.minimum else "不限"


def _level(found: re.Match[str]) -> Education:
    return _LEVELS[int((found.lastgroup or "l0")[1:])][0]
