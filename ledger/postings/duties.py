"""岗位职责: whether a text says anything of the work, or of who can do it.

Praise of the firm, pay, benefits, a list of posts with numbers and an address say nothing of it. What remains of a
text without them must hold a sign of duties, conditions or working hours.
"""

import re

from ledger.postings.demands.rule import NOTICE_2026
from ledger.postings.findings import Finding, Ground, Severity
from ledger.postings.wording import plain

NOTHING_OF_THE_WORK = Finding(
    Ground.MISSING_DUTIES,
    Severity.MISSING,
    "description",
    "只写了单位、待遇或地址，没有写做什么、什么人能做",
    f"{NOTICE_2026}：招聘信息应写明工作内容和招聘条件",
    "写明做什么、怎么做、上班时间，如“负责平车缝制，计件，每天8小时”",
)
_CLAUSE = re.compile(r"[^\n。!;?,]+")
# Words that only duties, conditions and hours are written in, wherever they stand.
_SURE = re.compile(
    r"吃苦|耐劳|(?:\d\s*|周)岁|学历|文化程度|中专|大专|本科|应届|优先|男|女|负责|服从|从事过|经验|熟练|熟悉|热爱|上进心|身体健康|责任心|双休|单休|月休|[做上][五六]休"
    r"|白班|夜班|倒班|上班|下班|工作时间|\d小时|\d[::]\d\d|驾照|[电焊证]工证|操作证|上岗证|性格|普通话|工作流程|领导(?:安排|交代|交办)"
)
# Said of the firm, its goods and what it gives; a clause with one of these is no sign by itself.
_BESIDE = re.compile(
    r"公司|企业|我们|成立|荣获|产品|品牌|顾客|生产各类|总面积|行业|代理|致力|坚守|技术体系|保险|五险|奖|提成|年假|礼|旅游|福利|补助|补贴|包食宿|提供|食宿|工资|薪|待遇|元"
    r"|地址|电话|联系|认证|合同|培训|空间|平台|职位描述|岗位描述|岗位职责|制程|永续|茶|绩效|体检|安全"
)
_SIGN = re.compile(
    r"从事|完成|协助|操作|维护|管理(?!方法|手段|、)|制定|开发|接待|检[验查测]|安装|维修|清洗|搬运|装卸|驾驶|配料|加工|销售|认真|细心|踏实|责任|上进|诚[实信]|年龄|毕业|专业$|精通|会[开用写做说操法计看]|会\w+软件|能[吃独够适熟看写做说接胜开]|具[有备]"
    r"|身高|证书|形象|沟通|全职|兼职|编制|绘制|推广|服务意识|独立|统计|对账|设计|制作|选型|拓展|出差|保持|达成|发展客户|记录|反馈|通过电话|做[一-龥]{1,8}工作"
)
_FEWEST = 6  # Chinese characters; below it nobody can know what the work is
_SHARE = 8  # one clause in so many; fewer signs than that stand in praise of the firm


def says_what_the_work_is(text: str) -> bool:
    """Whether `text` states duties, conditions or hours."""
    words = plain(text)
    if len(re.findall("[一-龥]", words)) < _FEWEST:
        return False
    clauses = _CLAUSE.findall(words)
    signs = sum(1 for clause in clauses if _SIGN.search(clause) and not _BESIDE.search(clause))
    return bool(_SURE.search(words)) or signs * _SHARE >= max(len(clauses), 1)
