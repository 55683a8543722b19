"""违法限制: demands in an advertisement that the law forbids, and milder ones that need a reason.

The rules are those of 就业促进法 (art. 3, 26 to 31), 妇女权益保障法 (art. 43), 残疾人保障法 (art. 38), the notice of nine
ministries on women's employment (2019) and that of five on recruitment information online (January 2026). A stated
preference counts as a restriction. Age, 身体健康 and a preference for veterans are no grounds.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ledger.postings.findings import Finding, Ground, Severity
from ledger.postings.wording import plain


@dataclass(frozen=True)
class Rule:
    """Words that make a demand, the words that look like it and are none, and what is said of it."""

    ground: Ground
    severity: Severity
    demand: re.Pattern[str]
    harmless: re.Pattern[str] | None
    rule: str
    rewording: str


_SEX_LAW = (
    "《就业促进法》第二十七条、《妇女权益保障法》第四十三条、九部门《关于进一步规范招聘行为促进妇女就业的通知》（2019年）："
    "除国家规定不适合妇女的工种外，不得限定性别或规定性别优先"
)
_SEX_REWORDING = "删去性别要求，改为“男女不限”，并写明岗位的实际工作内容和强度"
_END = r"(?=[\s,。;:、)(/.+]|\d|$)"
_START = r"(?:(?<=[\s,。;:、()/.\d要求])|^)"

_RULES: tuple[Rule, ...] = (
    Rule(
        Ground.SEX,
        Severity.UNLAWFUL,
        re.compile(
            r"性别(?:要求)?\s*[:为]?\s*(?:限)?[男女]性?"
            r"|(?:仅|只|限|招|聘|要求|优先)\s*(?:招|限|录)?\s*[男女](?:性|生|士|工|孩|同志)?|要[男女](?:的|性|生|工)"
            r"|[男女](?:性|士|生|工|孩子?|同志)?(?:者)?\s*(?:优先|优考|最佳|为佳|尤佳)"
            r"|[男女]性|(?<![一-龥])[男女]生|(?<=[岁下上内])[男女][士生]|(?:先生|美女|帅哥)优先|靓[女妹]|的[男女]孩子?|(?<=\d[、.])[男女](?![男女性士生/、])|[男女](?=普工|员工|服务员|销售|业务|文员|网络|公关|店员|营业员|技工|保安)"
            rf"|{_START}[男女]{_END}"
        ),
        re.compile(
            r"(?:男女|女男|男[、/或]女)(?:[性生士]|员工)?(?:不限|均可|皆可|都可|各半|兼收|服务员|宿舍|员工|搭配|老少|分开)?|不限男女|性别(?:要求)?\s*[:]?\s*(?:不限|无要求|不拘|均可|无)"
            r"|(?:年龄|学历|经验|地区)?、?性别、?(?:年龄|经验)?[、\w]{0,4}不限|[男女]性(?:用品|健康|客户|顾客|消费者|朋友|内衣|护理|会员|时尚|市场|美容|服装|医院|化妆)"
            r"|女性?(?:职工|员工)(?:享|可享|福利|体检|特殊|保护|专项)|[男女]生(?:提供|宿舍|公寓|住)|[男女](?:装|鞋|包|人|宾|科)|[美妇子儿孙]女|女士们|[一-龥]女士|热情积极青年男女|青年男女"
        ),
        _SEX_LAW,
        _SEX_REWORDING,
    ),
    Rule(
        Ground.MARRIAGE_OR_CHILDBIRTH,
        Severity.UNLAWFUL,
        re.compile(
            r"[已未]婚(?:[已未]育)?(?:人士|人员|者|女性|男性|妇女)?(?:优先)?|[已未]育(?:者)?(?:优先)?|(?:限|仅限|要求)?单身(?:人士|者)?(?:优先|勿扰)"
            r"|(?:[一二两三\d]年|短期|近期)内?(?:不|无)(?:打算)?(?:生育|怀孕|结婚|要孩子|婚育)(?:计划|打算)?|无(?:婚育|生育|结婚|怀孕)(?:计划|打算)|不(?:打算|准备)(?:生育|怀孕|结婚)|孕妇(?:勿扰|除外|勿投)|(?:禁止|谢绝|不招)孕妇|隐婚"
        ),
        re.compile(r"(?:[已未]婚[、/或,]?[已未]婚|婚姻状况|婚育状况|婚否|婚育)(?:均可|不限|皆可|不作要求)"),
        "《妇女权益保障法》第四十三条、《就业促进法》第二十七条：不得以婚姻、生育状况作为录用条件",
        "删去婚育要求；如需稳定，可写“希望长期从事本岗位”",
    ),
    Rule(
        Ground.ETHNICITY,
        Severity.UNLAWFUL,
        re.compile(
            r"(?:限|仅限|只招|要求|须为)?汉族(?:优先|人士|者)?|(?:少数民族|[藏回维彝苗壮]族|维吾尔族?)[一-龥]{0,3}?(?:勿扰|除外|不招|不要|勿投|谢绝|不予)|(?:不招|不要|谢绝|不收|不录)[一-龥]{0,4}(?:少数民族|[藏回维彝苗壮]族)|民族\s*[:要求]{1,3}\s*汉|[回藏]民(?:勿扰|除外|不招|不要|勿投)|(?:仅|只)?限[回藏维彝苗壮]族"
        ),
        re.compile(
            r"民族不限|不限民族|汉族[、及和或/]?(?:少数民族|[藏回维彝苗壮]族)[^,。;\n]{0,4}(?:不限|均可|皆可)"
        ),
        "《就业促进法》第二十八条：各民族劳动者享有平等的劳动权利，不得以民族为由拒绝录用",
        "删去民族要求",
    ),
    Rule(
        Ground.RELIGION,
        Severity.UNLAWFUL,
        re.compile(
            r"(?:无|没有|不信|不得有)(?:任何)?宗教(?:信仰)?|不信教|(?:有)?宗教信仰(?:者)?(?:勿扰|除外|不招|勿投)|(?:信教|信佛|基督徒?|佛教徒?|穆斯林|伊斯兰教徒?|天主教徒?|教徒)[一-龥]{0,2}?(?:勿扰|除外|不招|优先|勿投|不要)"
        ),
        re.compile(r"(?:宗教)?信仰不限|不限宗教"),
        "《就业促进法》第三条：劳动者就业不因宗教信仰不同而受歧视",
        "删去宗教信仰要求",
    ),
    Rule(
        Ground.HUKOU_REGION,
        Severity.UNLAWFUL,
        re.compile(
            r"(?:仅限|限|只招|要求)?(?:本地|本市|本县|本省|本区|当地|外地|外省市?|本村|城镇|农村)(?:户口|户籍|人士?|人员|籍)(?:优先|勿扰|除外|不招|勿投)?"
            r"|(?:[一-龥]{2,3}(?:/[一-龥]{2,3})?)?(?:市|省)?(?:户籍|户口)(?:者|人士|人员)?(?:优先|勿扰|除外)|(?:限|需|须|要求|有)[一-龥]{2,4}(?:户籍|户口)(?!不限|簿|本)"
            r"|(?<![一-龥])[沪京苏浙皖渝粤鄂湘川闽赣鲁豫冀晋陕甘黔滇桂琼辽吉津蒙宁青藏新]籍|[一-龥]{2,3}籍(?:贯)?(?:优先|除外|勿扰)|(?:本地|当地|本市)(?:者)?优先"
            r"|(?:河南|东北|新疆|西藏|安徽|四川|贵州|云南|外地|湖南|广西)(?:籍|人)(?:勿扰|除外|不招|不要|勿投)|(?:不招|不要|谢绝)(?:河南|东北|新疆|西藏|安徽|四川|贵州|云南|外地|湖南|广西)人?"
        ),
        re.compile(
            r"(?:户籍|户口|籍贯|地区|地域|区域|本地[、/]?外地|外地[、/]?本地)[^,。;\n]{0,3}(?:不限|均可|皆可)|不限(?:户籍|户口|地区)|户口[簿本]|[上落]户口|外地员工可?安排|外地人员可?(?:安排|提供)|外地人员?(?:包住|均可|亦可)"
        ),
        "《就业促进法》第三十一条、五部门《关于规范网络平台招聘类信息发布的通知》（2026年）：不得在户籍、地域等方面设置限制，表示优先也属于限制",
        "删去户籍或地域要求；确需熟悉当地的，写“熟悉当地路况”“听得懂当地话”等工作所需的条件",
    ),
    Rule(
        Ground.CARRIER_OR_HEALTH,
        Severity.UNLAWFUL,
        re.compile(
            r"(?:无|非|没有)?(?:乙肝|乙型肝炎|丙肝|艾滋病?|HIV|HBV)[一-龥]{0,6}|两对半|大三阳|小三阳|(?:无|没有|未患)(?:任何|其他|其它|各种)?传染(?:性)?(?:疾病|病)|病原携带者?|肝功能?(?:正常|合格)"
        ),
        re.compile(r"(?:乙肝|病原)?携带者?(?:可|均可|亦可|不限)"),
        "《就业促进法》第三十条：不得以是传染病病原携带者为由拒绝录用；只有法律规定易使传染病扩散的工作才可要求",
        "删去；食品、饮用水、公共场所等岗位写“须办理健康证”",
    ),
    Rule(
        Ground.DISABILITY,
        Severity.UNLAWFUL,
        re.compile(
            r"(?:无|非|没有)(?:身体)?(?:残疾|残障)(?:人)?|(?:残疾|残障|聋哑)(?:人|人士|者)?(?:勿扰|除外|不招|勿投|谢绝)|(?:不招|谢绝|不要)(?:残疾|残障)[人者]?|四肢健全|肢体健全|无(?:明显)?(?:身体|生理)缺陷"
        ),
        re.compile(r"(?:招收|招聘|接收|安置|欢迎|优先)[一-龥]{0,4}残[疾障]"),
        "《残疾人保障法》第三十八条、《就业促进法》第二十九条：招用人员不得歧视残疾人",
        "删去；写明岗位的实际动作要求，如“需长时间站立、搬运20公斤以内物品”",
    ),
    Rule(
        Ground.OTHER_IDENTITY,
        Severity.ASK,
        re.compile(
            r"无(?:任何|不良)?(?:违法)?(?:犯罪|前科|案底)(?:记录|前科|史)?|统招|全日制(?:大专|本科|专科|统招|中专|普通|学历|毕业)|(?:985|211)(?:/(?:985|211))?(?:院校|高校|大学|毕业|工程)|(?:中共)?党员(?:优先)?|无纹身"
        ),
        None,
        "《就业促进法》第二十六条、五部门《关于规范网络平台招聘类信息发布的通知》（2026年）：不得设置与岗位无关的身份限制，须说明岗位为何需要",
        "岗位确有需要的，在后面写明理由；否则删去",
    ),
    Rule(
        Ground.CARRIER_OR_HEALTH,
        Severity.ASK,
        re.compile(
            r"身高(?:要求)?[:在]?\s*(?:[男女]\w{0,3})?\s*\d(?:[.,、]?\d{1,2})?\d{0,2}\s*(?:cm|CM|公分|厘米|米|m|M)?(?:以上|左右|及以上)?|(?:无)?色[盲弱]|(?:裸眼)?视力[^,。;\n]{0,3}(?:\d\.\d|良好|正常)"
        ),
        None,
        "《就业促进法》第二十六条：身高、视力等要求须与岗位有关，否则构成不合理限制",
        "岗位确有需要的，写明理由（如“辨认线缆颜色”）；否则删去",
    ),
)
_CLAUSE_REST = re.compile(r"[^,。;:、()\n]{0,12}")
_BY_SEX = re.compile(
    r"男[性生士]?[^男女\n]{0,14}\d{2,3}[^男女\n]{0,16}女[性生士]?[^男女\n]{0,10}\d{2,3}|女[性生士]?[^男女\n]{0,14}\d{2,3}[^男女\n]{0,16}男[性生士]?[^男女\n]{0,10}\d{2,3}"
)


def find_demands(*, gender: str, title: str, text: str) -> tuple[Finding, ...]:
    """The unlawful and the doubtful demands, field by field, each phrase once."""
    found = [*_in_gender_field(gender), *_in_words("title", plain(title)), *_in_words("text", plain(text))]
    kept: dict[tuple[Ground, str, str], Finding] = {}
    for finding in found:
        kept.setdefault((finding.ground, finding.field, finding.phrase), finding)
    return tuple(kept.values())


def _in_gender_field(gender: str) -> Iterator[Finding]:
    stated = plain(gender).strip()
    if re.fullmatch(r"(?:仅?限|要求)?[男女](?:性|生|士)?(?:优先)?", stated):
        yield Finding(
            Ground.SEX, Severity.UNLAWFUL, "gender_req", f"性别要求：{stated}", _SEX_LAW, _SEX_REWORDING
        )


def _in_words(field: str, words: str) -> Iterator[Finding]:
    for rule in _RULES:
        open_words = rule.harmless.sub(_blank, words) if rule.harmless else words
        if rule.ground is Ground.SEX:
            for both in _BY_SEX.finditer(open_words):
                yield Finding(
                    rule.ground,
                    rule.severity,
                    field,
                    both[0].strip(),
                    _SEX_LAW + "；对男女规定不同的年龄、身高等条件也属于限制",
                    "对男女写同一个条件，或删去",
                )
            open_words = _BY_SEX.sub(_blank, open_words)
        for demand in rule.demand.finditer(open_words):
            # A lone 男 says little: the rest of its clause belongs to the phrase.
            rest = _CLAUSE_REST.match(words, demand.end()) if len(demand[0].strip()) == 1 else None
            phrase = (demand[0] + (rest[0] if rest else "")).strip(" ,。;:、)\n")
            yield Finding(rule.ground, rule.severity, field, phrase, rule.rule, rule.rewording)


def _blank(found: re.Match[str]) -> str:
    # A sign that no rule knows keeps what stands left and right apart.
    return "○" * len(found[0])
