"""How people write a place's name: 镇巴 for 镇巴县, 黔西南 for 黔西南布依族苗族自治州."""

import re

_PEOPLES_NEEDING_ZU = "汉回满藏彝苗壮白傣侗瑶黎畲土羌水怒京佤"
_PEOPLES = [
    "蒙古",
    "维吾尔",
    "朝鲜",
    "布依",
    "土家",
    "哈尼",
    "哈萨克",
    "傈僳",
    "拉祜",
    "高山",
    "东乡",
    "纳西",
    "景颇",
    "柯尔克孜",
    "达斡尔",
    "仫佬",
    "布朗",
    "撒拉",
    "毛南",
    "仡佬",
    "锡伯",
    "阿昌",
    "普米",
    "塔吉克",
    "乌孜别克",
    "俄罗斯",
    "鄂温克",
    "德昂",
    "保安",
    "裕固",
    "塔塔尔",
    "独龙",
    "鄂伦春",
    "赫哲",
    "门巴",
    "珞巴",
    "基诺",
]
_PEOPLE_AT_END = re.compile(rf"(?<=..)(?:(?:{'|'.join(_PEOPLES)})族?|[{_PEOPLES_NEEDING_ZU}]族|各族)$")
_SUFFIXES = {
    "province": ("特别行政区", "自治区", "省", "市"),
    "city": ("自治州", "地区", "盟", "市"),
    "county": ("自治县", "自治旗", "新区", "特区", "县", "区", "市", "旗"),
    "township": ("民族乡", "街道", "苏木", "镇", "乡"),
}
_WHOLE = ("前旗", "后旗", "中旗", "左旗", "右旗", "联合旗", "矿区")
_OF_PEOPLES = ("自治区", "自治州", "自治县", "自治旗", "民族乡", "乡")


def short_name(name: str, level: str) -> str:
    """`name` without its administrative suffix, never shorter than two characters (洋县 stays 洋县)."""
    if name == "神农架林区":
        return "神农架"
    if level == "county" and name.endswith(_WHOLE):
        return name
    for suffix in _SUFFIXES[level]:
        stem = name.removesuffix(suffix)
        if stem != name and len(stem) >= 2:
            return _without_peoples(stem) if suffix in _OF_PEOPLES else stem
    return name


def _without_peoples(stem: str) -> str:
    shorter = _PEOPLE_AT_END.sub("", stem)
    while shorter != stem:
        stem, shorter = shorter, _PEOPLE_AT_END.sub("", shorter)
    # 鄂温克族自治旗 is called by its people alone.
    return stem.removesuffix("族") if len(stem) > 2 else stem
