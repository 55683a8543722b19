"""性别: one sex wanted, preferred or barred, and other conditions for one sex than for the other."""

import re
from collections.abc import Iterator

from ledger.postings.demands.closed_to_women import closed_to_women
from ledger.postings.demands.rule import BARRED, NOTICE_2026, PREFERRED, REFUSED, Rule, without
from ledger.postings.findings import Finding, Ground, Severity

_LAW = (
    "《就业促进法》第二十七条、《妇女权益保障法》第四十三条、九部门《关于进一步规范招聘行为促进妇女就业的通知》（2019年）、"
    f"{NOTICE_2026}：除国家规定不适合妇女的工种外，不得限定性别或规定性别优先"
)
_LEAD = r"(?:性别(?:要求)?|要求|仅|只|限|招聘?|诚?聘|急聘|要|需|须|为|优先|录用|录取|[男女](?:[性生士工]|孩子?|的|员工)?|[:()、,\s])+"
_NUMBER = re.compile(r"\d+")
_ONE = r"[男女](?:[性士生工]|孩子?|的|同志|同胞|青年|员工)?"
_WANT = r"(?:仅|只|限|招聘|招收|招|聘|录用|录取|要求?|需要?|须|找|求|寻|优先(?:考虑|录用)?|面向|最好(?:是|为)?|适合|适宜|欢迎)(?:年轻|成年|中年|青年|本地|单身|已婚|未婚)?的?"
_POST = (
    r"(?:普工|工人|员工|[一-龥]{0,4}[工员师]|[一-龥]{0,3}(?:助理|主管|经理|秘书|会计|出纳|前台|司机|保安|保镖|客服|迎宾|导购|厨|教练|主播|模特|公关"
    r"|销售|业务|网络|文[员秘]|学徒|徒工|组长|班长|店长|领班|护工|保洁|护士|销售代表|促销|内勤|跟单|操作工|暑假工|临时工|小时工))"
)
_CALLED = r"(?:美女|帅哥|靓[女妹仔]|俊男|小姐姐?|小[哥妹]|小伙子?|姑娘|大姐|大嫂|大叔|大妈|阿姨|宝妈|妈妈|妇女|先生|女士)"
# What stands before and after a lone 男 or 女 that is a whole item of a list.
_START = r"(?:(?<=[\s,。;:、()/.\d要求])|^)"
_END = r"(?=[\s,。;:、)(/.+]|\d|$)"

_SPEAKS_OF_BOTH = (
    r"(?:不限|不论|无论|不分|不拘|不问)(?:性别)?男女|男\s*:?\s*不限\s*[,、;]?\s*女\s*:?\s*不限|不限性别|(?:男女|女男|男\s*[、/,或和及与]\s*女)(?![性生士工]*(?:员工|普工)?\s*各)"
    r"(?:[性生士]|同学|同志|同胞|员工|朋友|青年)*"
    r"|男(?:性|士|生)\s*[、/,或和及与]?\s*女(?:性|士|生)(?:均可|皆可|都可以?|都行|不限|均|都|皆|亦可)?(?!优先)"
    r"|女(?:性|士|生)\s*[、/,或和及与]?\s*男(?:性|士|生)(?:均可|皆可|都可以?|都行|不限|均|都|皆|亦可)?(?!优先)|(?:俊男|帅哥|型男)[、/和与及]?(?:美女|靓女)|美女[、/和与及]?(?:帅哥|俊男)"
    r"|性别\s*(?:要求)?\s*[:为]?\s*(?:不限|无要求|不要求|不作要求|不做要求|没有要求|不拘|均可|皆可|无(?!\w))"
)
_NEGATED = (
    r"(?:不得|不准|不会|不应|不|严禁|禁止|杜绝|反对|消除)(?:歧视|限制|限定|设置|排斥|区分|因)(?:性别|[男女妇]性?女?)[^,。;\n]{0,6}"
    r"|(?:无|没有|不设|不存在)(?:任何)?性别(?:要求|限制|歧视|门槛)|性别(?:平等|歧视)|(?:男女|与男性)同工同酬|[也均都同样]欢迎[男女]性?"
    r"|[男女](?:性|生|士)?也(?:可以?|行)"
)
_GOODS_AND_PLACES = (
    r"[男女](?:性|士|生|式|款)?(?:用品|用户|客户(?!经理|代表|专员|主管|顾问)|顾客|客人|客群|消费|群体|受众|内衣|内裤|护理(?!员|师)|护肤|会员|时装|时尚|创业|市场(?!部)|美容(?!师|导师|顾问|助理)|美发(?!师)|服装(?!导购|店员|营业)|服饰|健康(?=咨询|产品|用品|管理|中心|讲座|服务|知识|品牌|行业)|保健(?!按摩|师|员)|化妆(?!师)|品牌"
    r"|医院|宿舍|公寓|寝室|浴|更衣|卫生间|洗手间|厕所|衬衫|西[服装裤]|睡衣|毛衣|牛仔|手表|皮鞋|产品|心理(?!素质)|生殖|疾病|题材|频道|读者|电商(?!客|专|运|主)|养生|足球|篮球|排球)"
    r"|[男女](?:装(?!卸|配|载|修|潢|箱|订)|鞋|裤|裙|袜|款|式|童|宾|科(?![员长级研])|厕|浴|团|足(?![疗浴部])|排(?![版产字队])|篮|神|包(?![吃住食装]))|女子(?:医院|学院|学校|中学|监狱|会所|健身|瑜伽|养生|美容|会馆)"
    r"|[子儿孙少仙熟歌舞]女(?!优先|[士性生工员普技文客操裁缝车保])|女[儿婿王红巫娲]|女工委|妇女(?=儿童|之家|节|权益|用品|联合|主任|干部|保健|病|医院)"
    r"|(?:先生|女士|男士|小姐)们|(?:照顾|照看|护理|接送|陪护|服侍|看护|教|辅导)[^,。;\n]{0,8}?[男女](?:性|孩|生|宝|童)?(?:老人|病人|患者|雇主|宝宝|学生|学员)?"
    r"|[男女]性?(?:主人|老人|患者|病人|雇主|老板)|(?<![合限招宜迎])[男女]性?朋友|爱美女[性士]|(?<![一-龥招聘限要])美女(?!优先|若干|\s*\d)|(?<=在)美女|美女(?=如云|老板|旁|成群)"
)
_PEOPLE_NAMED = (
    r"(?:(?<![一-龥])|(?<=[人系找询部理线话洽机]))[王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石"
    r"姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文陶洪钮季施严华俞柳葛倪岳耿翟殷包纪][一-龥]?(?:女士|先生|小姐)(?!优先)"
)
_CARE_FOR_WOMEN = (
    r"[男女]性?(?:职工|员工|同事|同胞)?[^\s,。;]{0,6}?(?:享|福利|体检|产假|例假|生理假|经期|三八|哺乳|特殊保护|专项|女工委)[^,。;\n]{0,4}"
    r"|[男女](?:生|性|员工|职工|工)?(?:提供|住宿|宿舍|公寓|分开|分住|分楼|安排)"
)

_HARMLESS = re.compile(
    "|".join([_NEGATED, _SPEAKS_OF_BOTH, _PEOPLE_NAMED, _GOODS_AND_PLACES, _CARE_FOR_WOMEN])
)
_DEMAND = re.compile(
    rf"性别\s*(?:要求|条件|限制|限)?\s*[:为是]?\s*(?:仅?限|要求)?\s*{_ONE}(?:优先|为主)?"
    rf"|{_WANT}\s*(?:招|限|聘|录|收|用|要)?\s*(?:\d+\s*[名位个人])?{_ONE}(?:性|生)?{_POST}?(?:优先)?"
    rf"|(?:不适合|{REFUSED})\s*{_ONE}|{_ONE}(?:者)?\s*(?:{PREFERRED}|{BARRED}|更好|不适合|不宜)|{_ONE}[^,。;\n]{{0,4}}?(?:可以?|适当)放宽"
    rf"|[男女]性(?:{_POST})?(?:优先)?|(?<![一-龥])[男女](?:[生孩士]子?|青年)|(?<=[岁下上内名位])[男女](?:[士生]|孩子?|青年)|的[男女]孩子?|[男女]的(?=[干做负])|(?:岁|以[上下内]|左右)的[男女](?:[生士]|青年|员工)"
    rf"|(?<=\d[、.])[男女](?![男女性士生/、])|(?<![一-龥])[男女](?={_POST}|身高|年龄|年满|满\d|须|需|能|会|不超过)|(?<=[名位人][聘招限])[男女]|[男女]{_POST}(?=\s*\d|若干|[,。;:、)(\s]|$)"
    r"|(?:男女|男\s*[、/和及]\s*女)(?:[性生士工]*|员工|普工)\s*各\s*(?:\d+|[一二两三四五六七八九十]+|半|占?一半|若干)[名人位]?"
    r"|[男女](?:[性生士工]|员工|普工)?\s*[::]?\s*\d+\s*[名人位](?!间)"
    rf"|(?:限|仅限|招[聘收]?|诚?聘|只要|找|急招)\s*(?:\d+\s*[名位])?\s*[^,。;\n○]{{0,8}}?(?!先生|女士){_CALLED}|{_CALLED}\s*(?:优先|为主|若干|\d+\s*[名位人])"
    r"|(?:迎宾|礼仪|促销|售楼|导购|接待|咨询|前台|公关|酒水|点菜|客服|收银|服务)(?:小姐|小妹|女郎|先生)|(?:保洁|清洁|洗碗|打扫)(?:阿姨|大姐|大妈)"
    rf"|{_START}[男女]{_END}"
    r"|(?i:\b(?:fe)?males?\s+(?:only|preferred)|\bonly\s+(?:fe)?males?\b)"
)
_DEMAND_OF_TITLE = re.compile(rf"{_DEMAND.pattern}|[男女]{_POST}?|{_CALLED}(?!们)")
# Both sexes with figures: other figures for one than for the other are other conditions.
_BY_SEX = re.compile(
    r"男[性生士工]?(?:员工)?(?P<his>[^男女\n。;]{0,24}?\d[^男女\n]{0,18}?)[,、;/(\s]*女[性生士工]?(?:员工)?(?P<hers>[^男女\n,。;)]{0,20}\d[^男女\n,。;)]{0,10})"
    r"|女[性生士工]?(?:员工)?(?P<hers_first>[^男女\n。;]{0,24}?\d[^男女\n]{0,18}?)[,、;/(\s]*男[性生士工]?(?:员工)?(?P<his_last>[^男女\n,。;)]{0,20}\d[^男女\n,。;)]{0,10})"
)
_SEATS = re.compile(r"\d\s*[名位人](?![间/])")
_REST_OF_CLAUSE = re.compile(r"[^,。;:、()\n]{0,12}")


def _rewording(phrase: str) -> str:
    rest = re.sub(rf"^{_LEAD}", "", phrase).strip("优先 ,。;:、()/")
    stays = f"{rest}，男女不限" if re.search(r"\d", rest) else "男女不限"
    return f"删去性别要求，改写为“{stays}”；活重的写明实际内容，如“每天搬运20公斤以内的物品”"


_SEX = Rule(Ground.SEX, Severity.UNLAWFUL, _DEMAND, _HARMLESS, _LAW, _rewording)
_OTHER_CONDITIONS = Rule(
    Ground.SEX,
    Severity.UNLAWFUL,
    _BY_SEX,
    None,
    f"{_LAW}；对男女规定不同的年龄、身高等条件也属于限制",
    "对男女写同一个条件，如“18-50周岁，男女不限”；身高、年龄与岗位无关的删去",
)


def in_gender_field(gender: str) -> Iterator[Finding]:
    """What the source's own field of the wanted sex says; 不限 says nothing."""
    stated = re.search(r"^\s*(?:仅?限|只要|要求)?([男女])(?![男女])[性生士]?(?:优先)?\s*$", gender)
    if stated:
        yield _SEX.finding("gender_req", f"性别要求：{gender.strip()}")


def in_words(field: str, words: str) -> Iterator[Finding]:
    """Demands in a title or a text of one width."""
    open_words = without(_HARMLESS, words)
    taken = []
    for both in _BY_SEX.finditer(open_words):
        his, hers = (both["his"], both["hers"]) if both["his"] else (both["his_last"], both["hers_first"])
        if _SEATS.search(both[0]):
            yield _SEX.finding(field, words[both.start() : both.end()])
        elif _NUMBER.findall(his) != _NUMBER.findall(hers):
            yield _OTHER_CONDITIONS.finding(field, words[both.start() : both.end()])
        taken.append(both.span())
    for found in (_DEMAND_OF_TITLE if field == "title" else _DEMAND).finditer(open_words):
        if any(start <= found.start() < end for start, end in taken):
            continue
        # A lone 男 says little: the rest of its clause belongs to the phrase.
        rest = _REST_OF_CLAUSE.match(words, found.end()) if len(found[0].strip()) == 1 else None
        yield _SEX.finding(field, words[found.start() : rest.end() if rest else found.end()])


def lawful_for(title: str, finding: Finding) -> bool:
    """Whether a demand for men stands under a title that law closes to women."""
    for_men = "男" in finding.phrase and "女" not in finding.phrase
    no_women = re.search(r"女.{0,3}(?:勿|除外|免|不|谢绝|止步)|(?:不|谢绝|拒绝).{0,3}女", finding.phrase)
    return finding.ground is Ground.SEX and bool(for_men or no_women) and closed_to_women(title)
