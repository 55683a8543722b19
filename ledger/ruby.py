"""拼音注音: how a text is read aloud, a syllable with its tone for each character, for those who read letters better."""

import re

import ledger.pinyin  # noqa: F401 - it sets the library's switches before it is first imported

from pypinyin import Style, lazy_pinyin  # isort: skip

_HAN = re.compile("[\u3400-\u9fff]")
_READ = {
    "行业": "háng yè", "银行": "yín háng", "重庆": "chóng qìng", "长期": "cháng qī", "长白": "cháng bái",
    "会计": "kuài jì", "还有": "hái yǒu", "还没": "hái méi", "工行": "gōng háng", "数控": "shù kòng",
    "同行": "tóng háng", "这一行": "zhè yì háng", "厂长": "chǎng zhǎng", "班长": "bān zhǎng", "重新": "chóng xīn",
    "倒班": "dǎo bān", "两班倒": "liǎng bān dǎo", "三班倒": "sān bān dǎo", "朝阳": "cháo yáng", "长沙": "cháng shā",
    "长安": "cháng ān", "长寿": "cháng shòu", "都有": "dōu yǒu", "一家人": "yì jiā rén", "家长": "jiā zhǎng",
    "模具": "mú jù", "中专": "zhōng zhuān", "调查": "diào chá", "便宜": "pián yi", "教学": "jiào xué",
}  # fmt: skip
"""Words of advertisements and of the kiosk whose characters are mostly read otherwise; a dictionary of all takes 50 MB."""

_WORDS = re.compile("|".join(sorted(map(re.escape, _READ), key=len, reverse=True)))


def syllables(text: str) -> list[str]:
    """One for each Chinese character of the text, in their order; anything else has none."""
    found: list[str] = []
    at = 0
    for word in _WORDS.finditer(text):
        found += _plain(text[at : word.start()])
        found += _READ[word.group()].split()
        at = word.end()
    return found + _plain(text[at:])


def _plain(text: str) -> list[str]:
    han = [letter for letter in text if _HAN.match(letter)]
    return [lazy_pinyin(letter, style=Style.TONE)[0] for letter in han]
