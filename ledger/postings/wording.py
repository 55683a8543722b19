"""An advertisement's text as it can be read: one width, no markup, lines whole, posts apart."""

import html
import re
import unicodedata
from functools import lru_cache

_TAG = re.compile(r"<[^<>]{0,600}>")
_BREAKING_TAG = re.compile(r"<(?:br|/p|/div|/li|/tr)\b[^<>]{0,40}>", re.IGNORECASE)
_FRAGMENT = re.compile(r"[\d.,\-~—–―+/%元人名岁年月()KkWwCcMm千万至到、]{1,16}")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad\ue000-\uf8ff]")
_ITEM_BEFORE_NUMBER = re.compile(
    r"(?m)^(\s*\d{1,2})\.(?=\d{4}|\d{2}\s*(?:周?岁|[-~—–]+\s*\d{2}(?!\d|[.Kk千万])))"
)
_SPACE_BEFORE_UNIT = re.compile(r"(?<=\d)[ \t]+(?=[元名人位岁千万天])")
_SPACE_ROUND_DASH = re.compile(r"(?<=[\d元])[ \t]*([-~—–―])[ \t]*(?=[-~—–―\d])")

_ORDINAL = r"(?:[(]?[一二三四五六七八九十]{1,3}[)]?[、.,:]|[(]?\d{1,2}[)]?[、.)]|岗位\s?[一二三四五六七八九\d]+[、:.]?|[*·●★▲])?"
# A post among several: an ordinal, a short name, and its seats or its colon.
_COUNT = r"(?:若干\s*[名人]?|数\s*[名人]|各?\s*\d{1,4}(?:\s*-\s*\d{1,4})?\s*(?:[名位]|人(?![以数员])))"
_PAY_FOLLOWS = r"(?=[^\n]{0,6}(?:底薪|工资|月薪|薪资|\d{4}))"
_HEADING = re.compile(
    rf"(?:^|\n)\s*{_ORDINAL}\s*(?P<name>[^\n\d:;。,]{{2,16}}?)\s*(?:[:(]?\s*{_COUNT}|[:(]{_PAY_FOLLOWS}|\s薪资)"
)
# Where posts are listed by their duties, without seats or pay: "6、现场业务员：热爱物流行业".
_TRADE = "员|师|工|经理|主管|总监|主任|店长|厂长|代表|助理|顾问|专员|干部|会计|出纳|司机|调度|保安|保洁"
_NAMED = re.compile(
    rf"(?:^|\n)\s*(?:[(]?\d{{1,2}}[)]?[、.])?\s*(?P<name>[一-龥A-Za-z/]{{0,8}}(?:{_TRADE}))\s*(?:[(][^()\n]{{1,10}}[)])?\s*:"
)
_NOT_A_POST = re.compile(
    r"要求|待遇|薪|工资|福利|职责|时间|地址|地点|电话|联系|公司|招聘|性别|年龄|学历|奖|补|限|经验|员工|岁|第[一二三四五]|试用|岗位|职位"
    r"|负责|工作|以上|应聘|请|提供|如果|具有|名额|人数|底|费|公寓|宿舍|退伍|培训"
)


def without_markup(text: str) -> str:
    """`text` as a person would see it in a page: no tags, no entities, nothing invisible."""
    text = _TAG.sub("", _BREAKING_TAG.sub("\n", html.unescape(text.replace("\\", ""))))
    return _INVISIBLE.sub("", text).replace("\r\n", "\n").replace("\r", "\n").strip()


@lru_cache(maxsize=256)  # every reader of an advertisement asks for the same few texts
def plain(text: str) -> str:
    """`text` in one width (NFKC), without markup, with the lines that a web form tore apart joined again.

    Numbers and ranges often stand on lines of their own ("月薪", "3000", "元"): they are joined to what is around
    them, except where such a number begins a list item.
    """
    text = unicodedata.normalize("NFKC", without_markup(text))
    # "1.25-35岁" and "3.3500-4500元" begin with an item's number, not with a decimal.
    text = _ITEM_BEFORE_NUMBER.sub(r"\1、", text)
    lines = [line.strip() for line in text.split("\n")]
    joined: list[str] = []
    glue = False
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        if not line:
            continue
        fragment = _FRAGMENT.fullmatch(line) is not None and any(
            sign.isdigit() or sign in "-~—+元" for sign in line
        )
        item = after.startswith(("、", ".", ")")) and line.isdigit()
        if joined and (glue or (fragment and not item)) and not _begins_item(line):
            joined[-1] += line
        else:
            joined.append(line)
        # "2000-3000" alone on its line is complete; a lone number or sign goes on.
        glue = fragment
    return _SPACE_ROUND_DASH.sub(r"\1", _SPACE_BEFORE_UNIT.sub("", "\n".join(joined)))


def _begins_item(line: str) -> bool:
    return re.match(r"[(]?(?:\d{1,2}|[一二三四五六七八九十]{1,2})[)]?[、.](?!\d)", line) is not None


def title_names(title: str) -> list[str]:
    """The names of the posts that a title names: 前厅主管/领班 is two."""
    whole = re.sub(r"(?<=[一-龥])\s(?=[一-龥](?:\s|$))", "", plain(title).strip())
    bare = re.sub(r"[(【\[].*?[)】\]]|\d+|诚聘|急聘|高薪|招聘|急招|诚招|聘", " ", whole)
    return [name for name in re.split(r"[/、,，;；+|\s\-—]+", bare) if len(name) >= 2]


def posts(text: str) -> list[tuple[str, str]]:
    """The posts that one text advertises, each as (name, its part of the text); none where it is one post's text."""
    heads = _heads(_HEADING, text)
    if len(heads) < 2:
        heads = _heads(_NAMED, text)
    if len(heads) < 2:
        return []
    ends = [start for start, _ in heads[1:]] + [len(text)]
    return [(name, text[start:end]) for (start, name), end in zip(heads, ends, strict=True)]


def _heads(pattern: re.Pattern[str], text: str) -> list[tuple[int, str]]:
    return [
        (found.start("name"), re.sub(r"\s", "", found["name"]).strip(":(、."))
        for found in pattern.finditer(text)
        if not _NOT_A_POST.search(found["name"])
    ]


def around_posts(text: str) -> str:
    """What is said for all posts of a text that lists several: before the first, and below the last one's own line."""
    listed = posts(text)
    if not listed:
        return text
    before = text[: len(text) - sum(len(part) for _, part in listed)]
    return before + "\n" + listed[-1][1].partition("\n")[2]


def part_for(title: str, text: str) -> tuple[str, bool]:
    """The part of `text` that speaks of the title's posts, and whether every one of them has a part.

    A text of one post is returned whole and is known. Where several posts are listed, the parts whose names are the
    title's, or else share them; where none does, the whole text, not known.
    """
    listed = posts(text)
    if not listed:
        return text, True
    found = [_parts_of(want, listed) for want in title_names(title)]
    own = sorted(set().union(*found))
    parts = [listed[number][1] for number in own]
    return ("\n".join(parts), all(found)) if own else (text, False)


def _parts_of(want: str, listed: list[tuple[str, str]]) -> set[int]:
    same = {number for number, (name, _) in enumerate(listed) if name == want}
    return same or {number for number, (name, _) in enumerate(listed) if name in want or want in name}
