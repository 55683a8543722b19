"""工作地点: the most specific place, down to the county, that an advertisement states for the work.

The region field leads. A workplace in the title (销售代表-太仓) or an address in the text narrows it to a county inside
the field's region, where all addresses agree; the place of an interview is no workplace.
"""

import re

from ledger.gazetteer import Gazetteer
from ledger.postings.wording import plain

_WORKPLACE = re.compile(
    r"(?:工作|上班|公司|单位|工厂|厂区|企业|门店|店面)(?:的)?(?:地点|地址|位置|所在地)\s*[:在为是]{0,2}\s*([^\n。;]{2,48})"
    r"|(?<![一-龥])地[址点]\s*[:在为是]{1,2}\s*([^\n。;]{2,48})|厂址\s*[:在为是]{0,2}\s*([^\n。;]{2,48})"
)
_ELSEWHERE = re.compile(r"面试|报名|应聘|简历|乘车|电话|联系人|路线")


def read_place(field: str, title: str, text: str, gazetteer: Gazetteer) -> str | None:
    """The region code (2, 4 or 6 digits) where the work is; None where no place is stated or known."""
    stated = gazetteer.find(plain(field)) if field.strip() else None
    if stated is not None and gazetteer.level(stated) in ("county", "township"):
        return _county(stated, gazetteer)
    counties = {
        county
        for piece in re.split(r"[-—()\[\]【】/、\s]", plain(title))
        if len(piece) >= 2 and (county := _narrower(gazetteer.find(piece), stated, gazetteer))
    }
    for found in _WORKPLACE.finditer(plain(text)):
        words = _ELSEWHERE.split(next(part for part in found.groups() if part is not None))[0]
        place = gazetteer.find(words, stated) if words.strip() else None
        if place is None:
            continue
        county = _narrower(place, stated, gazetteer)
        # Streets are named like townships (芜湖路, 解放): a county counts only where its own name is written.
        if county and gazetteer.short(county) in words:
            counties.add(county)
        elif stated is None:
            counties.add(place)
    return counties.pop() if len(counties) == 1 else stated


def former_name(field: str, gazetteer: Gazetteer) -> str | None:
    """What the field calls a place that is called otherwise today, as it is written there; None where the name stands."""
    code = gazetteer.find(plain(field)) if field.strip() else None
    if code is None or gazetteer.short(code) in plain(field):
        return None
    return re.split(r"\s+[-—]\s+", field.strip())[-1]


def _narrower(place: str | None, stated: str | None, gazetteer: Gazetteer) -> str | None:
    if place is None or place == stated or gazetteer.level(place) not in ("county", "township"):
        return None
    return _county(place, gazetteer) if stated is None or gazetteer.within(place, stated) else None


def _county(place: str, gazetteer: Gazetteer) -> str:
    """The county of a township; a city without counties answers for its townships itself."""
    parent = gazetteer.parent(place)
    return parent if gazetteer.level(place) == "township" and parent else place
