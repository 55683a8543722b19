"""称呼: by what somebody is addressed aloud, where others listen: the surname, and no more of the name."""

from models.worker import Sex

_COMPOUND = frozenset(
    {
        "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "宇文", "长孙", "司徒", "夏侯", "万俟", "澹台",
        "端木", "独孤", "呼延", "钟离", "闻人", "申屠", "轩辕", "濮阳", "淳于", "单于", "太史", "公冶", "赫连", "鲜于", "闾丘", "司空",
    }
)  # fmt: skip
"""Surnames of two characters. A married woman's name of four (a husband's surname before her own) is addressed by the first."""

_TITLES = {Sex.FEMALE: "女士", Sex.MALE: "先生"}
_NEIGHBOUR = "乡亲"
"""For names in which no surname stands first: 买买提·艾力."""


def addressed(name: str, sex: Sex | None) -> str:
    """王女士, 欧阳先生; without a title where the sex is not known; 乡亲 where the name begins with no surname."""
    if "·" in name or "•" in name or not 2 <= len(name) <= 4:
        return _NEIGHBOUR
    surname = name[:2] if name[:2] in _COMPOUND and len(name) > 2 else name[:1]
    return surname + (_TITLES[sex] if sex is not None else "")
