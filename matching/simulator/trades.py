"""The trades: occupations of GB/T 6565, the skill that each asks or teaches, the usual pay in the east."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Trade:
    """Pay in yuan a month, hours a week; `asks` is how often a post demands the skill, `nights` how often shifts rotate."""

    code: str
    title: str
    skill: str
    pay: float
    hours: int
    asks: float
    nights: float
    schooling: int
    text: str


TRADES = (
    Trade("61101", "缝纫工", "缝纫工", 5600, 56, 0.35, 0.05, 0, "操作平缝机缝制衬衫和工装，计件工资"),
    Trade("60804", "电子装配工", "电子装配", 5200, 58, 0.10, 0.6, 2, "流水线上插件、组装和外观检查"),
    Trade("69901", "食品包装工", "包装", 4500, 54, 0.0, 0.2, 0, "负责称重、装袋、封口、装箱"),
    Trade("60902", "注塑操作工", "注塑", 5100, 58, 0.10, 0.7, 0, "负责看管注塑机，取件、修边、装箱"),
    Trade("60402", "电焊工", "焊工", 7600, 56, 0.9, 0.1, 0, "负责二氧化碳保护焊，户外和船舱内作业"),
    Trade("62405", "叉车司机", "叉车司机", 5900, 54, 0.9, 0.4, 0, "仓库和装卸区叉车作业"),
    Trade("62601", "质检员", "质量检验", 5500, 52, 0.3, 0.5, 3, "用检具检查产品，填写检验记录"),
    Trade(
        "40601", "养老护理员", "养老护理员", 5000, 54, 0.3, 0.4, 0, "负责照料老人起居、用餐和活动，记护理日志"
    ),
    Trade("40712", "家政服务员", "家政服务员", 5300, 52, 0.3, 0.0, 0, "负责住家做饭、保洁、照看老人或孩子"),
    Trade("40301", "厨师", "中式烹调师", 6200, 56, 0.8, 0.0, 0, "负责炒菜、配菜"),
    Trade("62302", "砌筑工", "砌筑工", 7000, 58, 0.5, 0.0, 0, "负责工地砌墙、抹灰，户外作业"),
    Trade("50106", "茶叶加工工", "茶叶加工", 4300, 48, 0.1, 0.0, 0, "负责鲜叶分拣、杀青、包装"),
)
PAY = np.array([trade.pay for trade in TRADES])
AT_HOME = np.array([3, 2, 2, 0, 0.3, 0.3, 0.3, 0.8, 0.5, 0.5, 0.5, 2.5])
AWAY = np.array([3, 4, 2, 2, 1.2, 1, 1, 1, 0.8, 0.6, 1, 0.1])
"""How often an employer at home, or away, is of each trade."""
