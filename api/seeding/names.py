"""Plausible names of people and firms. They are nobody's: put together at random, and their rows carry `is_demo`."""

from random import Random

from models.worker import Sex

SURNAMES = {
    "qinba": "李王张陈刘杨赵吴周何罗唐冯邓曹许程彭袁龚蒲康向苟符熊廖谭汪郑",
    "qianxinan": "王罗韦岑陆黄杨吴李陈潘蒙班梁张刘何余查贺郎周龙卢贾桑毛彭颜肖",
}
_GIVEN = {
    (
        Sex.MALE,
        1965,
    ): "建国 国华 明贵 永福 德才 正兵 光荣 世平 兴旺 昌明 忠友 启发 代云 成林 金水 红兵 长生 卫东 天佑 文富 朝贵 开明 万全 家和",
    (
        Sex.MALE,
        1990,
    ): "志强 大勇 小龙 小军 文斌 海涛 勇 军 强 伟 波 少华 平 建华 永刚 世军 明辉 光华 国平 正华 云 林 金龙 成",
    (
        Sex.MALE,
        2100,
    ): "俊杰 浩 鹏 飞 磊 子豪 宇航 家乐 鑫 涛 杰 凯 文杰 志鹏 宇 天浩 明轩 超 龙 俊 坤 旭 帅 健",
    (
        Sex.FEMALE,
        1965,
    ): "秀英 桂兰 玉珍 兴秀 光秀 菊香 银凤 代群 朝珍 素芳 凤英 桂英 玉兰 秀珍 明秀 正英 国珍 德秀 翠花 莲英",
    (
        Sex.FEMALE,
        1990,
    ): "春梅 小燕 丽华 红梅 冬梅 明芳 小芳 晓丽 敏 艳 霞 娟 萍 玲 慧 琴 彩云 美玲 丽 燕 小红 英 群 莉",
    (
        Sex.FEMALE,
        2100,
    ): "婷婷 雪 静 倩 丹 欣怡 雨桐 佳慧 思思 婷 佳 颖 梦婷 雨欣 思雨 晓雪 丽娜 梦 瑶 阿妹 蕾 露",
}
"""By sex and the year before which somebody was born."""
_GIVEN_NAMES = {key: tuple(names.split()) for key, names in _GIVEN.items()}
_BRANDS = "安禾云远丰和恒源泽宏辉盛嘉祥顺新康瑞达诚"


def surname(random: Random, family: str) -> str:
    """A surname common in that part of the country; the earlier in the list, the more frequent."""
    stock = SURNAMES[family]
    return stock[min(int(random.expovariate(2.6 / len(stock))), len(stock) - 1)]


def given_name(random: Random, sex: Sex, born: int) -> str:
    """A given name of the generation born in that year."""
    era = next(year for one, year in _GIVEN_NAMES if one is sex and born < year)
    return random.choice(_GIVEN_NAMES[sex, era])


def brand(number: int) -> str:
    """The brand of firm `number`. All carry the character 桥, so that whoever knows sees generated data."""
    around, character = divmod(number, len(_BRANDS))
    return f"{_BRANDS[character]}桥" if around % 2 else f"桥{_BRANDS[character]}"
