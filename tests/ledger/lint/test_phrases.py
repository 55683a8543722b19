"""Phrases that restrict and phrases that only look like it, ground by ground; then rule, rewording and severity."""

import re

import pytest

from ledger.postings.demands import find_demands
from ledger.postings.findings import Ground, Severity

UNLAWFUL = {
    Ground.SEX: [
        "限男性",
        "仅招女工",
        "女士优先",
        "男士优先考虑",
        "男生优先",
        "女生勿扰",
        "谢绝女性",
        "不适合女生",
        "适合女性",
        "性别：男",
        "性别要求:限女",
        "性别为女",
        "招男工5名",
        "招男女工各10名",
        "男5名，女3名",
        "男女各半",
        "男18-50岁，女18-45岁",
        "男身高170以上，女身高160以上",
        "男55周岁以下、女50周岁以下",
        "1、女，20-35岁",
        "诚聘女服务员",
        "男普工",
        "要求男性，能吃苦",
        "男女不限，女性优先",
        "限女生",
        "只要男的",
        "女孩子优先",
        "招礼仪小姐",
        "保洁阿姨2名",
        "宝妈优先",
        "妇女优先",
        "(女)",
        "女性为佳",
        "招收女缝纫工20名",
        "聘女会计一名",
        "男青年，18-30岁",
        "迎宾小姐",
        "小伙子优先",
        "帅哥优先",
        "40岁以下的女士",
        "男性优先",
        "男，45岁以下，有驾照",
        "男工优先",
        "本岗位只招女性",
        "女：18-35岁",
        "先生优先",
        "女的也行但男的优先",
        "限招女员工",
    ],
    Ground.MARRIAGE_OR_CHILDBIRTH: [
        "已婚优先",
        "已婚已育优先",
        "未婚",
        "限未婚",
        "已婚妇女优先",
        "单身优先",
        "三年内不生育",
        "两年内无生育计划",
        "入职后两年内不得怀孕",
        "无婚育计划",
        "孕妇勿扰",
        "哺乳期勿扰",
        "孕期、哺乳期除外",
        "无家庭拖累",
        "夫妻优先",
        "限夫妻工",
        "婚姻状况：已婚",
        "入职须做妊娠检测",
        "已育者优先",
        "离异勿扰",
        "不打算要孩子者优先",
        "短期内无结婚计划",
        "有小孩者勿扰",
    ],
    Ground.ETHNICITY: [
        "限汉族",
        "汉族",
        "民族：汉",
        "少数民族勿扰",
        "不招少数民族",
        "维吾尔族勿扰",
        "藏族除外",
        "谢绝彝族",
        "仅限回族",
        "非少数民族",
        "回民勿扰",
        "汉族优先",
        "限白人外教",
        "要求回族",
        "少数民族人员不予录用",
    ],
    Ground.RELIGION: [
        "无宗教信仰",
        "不信教",
        "有宗教信仰者勿扰",
        "限佛教徒",
        "信佛者优先",
        "基督徒优先",
        "宗教信仰：无",
        "没有任何宗教信仰",
        "穆斯林勿扰",
        "不招信教人员",
        "有信仰者优先",
    ],
    Ground.HUKOU_REGION: [
        "本地户口优先",
        "限本地户籍",
        "本地人优先",
        "仅限本地人",
        "外地人勿扰",
        "不招外地人",
        "谢绝外地",
        "河南人勿扰",
        "东北人勿扰",
        "不要新疆人",
        "需上海户口",
        "沪籍",
        "限本村村民",
        "本市户籍优先",
        "限惠州户籍",
        "城镇户口",
        "农村户口优先",
        "户籍要求：安徽",
        "老乡优先",
        "外地人优先",
        "限镇巴籍",
        "仅限南通人",
        "本县居民优先",
        "当地优先",
        "安徽籍优先",
        "要求合肥本地人",
        "有苏州户口者优先",
        "贵州人除外",
        "限合肥本地户口",
        "本地优先",
        "同等条件下本地人优先录用",
    ],
    Ground.CARRIER_OR_HEALTH: [
        "无乙肝",
        "乙肝携带者勿扰",
        "无传染病",
        "无任何传染性疾病",
        "身体健康，无传染疾病",
        "肝功能正常",
        "两对半检查合格",
        "非乙肝病毒携带者",
        "无艾滋病",
        "无传染病史",
        "大三阳勿扰",
        "入职须查乙肝，乙肝阳性不得录用",
        "没有乙肝、丙肝等疾病",
    ],
    Ground.DISABILITY: [
        "无残疾",
        "残疾人勿扰",
        "四肢健全",
        "肢体健全",
        "身体无残疾",
        "不招残疾人",
        "聋哑人勿扰",
        "无身体缺陷",
        "无生理缺陷",
        "手脚健全",
        "非残疾人",
        "谢绝残障人士",
    ],
    Ground.OTHER_IDENTITY: ["属虎勿扰", "处女座勿扰", "A型血优先", "姓张的勿扰", "不招属羊的"],
}
ASK = {
    Ground.OTHER_IDENTITY: [
        "无犯罪记录",
        "无违法犯罪记录",
        "无前科",
        "无案底",
        "无任何不良犯罪记录",
        "全日制本科学历",
        "统招大专",
        "985、211院校毕业",
        "党员优先",
        "第一学历本科",
        "未受过刑事处罚",
        "全日制统招专科及以上",
    ],
    Ground.CARRIER_OR_HEALTH: [
        "身高170cm以上",
        "身高1.65米以上",
        "身高一米六以上",
        "无色盲",
        "无色盲色弱",
        "视力1.0以上",
        "矫正视力5.0",
        "裸眼视力良好",
        "身高165以上",
        "体重60kg以内",
        "无精神病史",
    ],
    Ground.ETHNICITY: ["同等条件下少数民族优先"],
}
HARMLESS = [
    # 性别
    "男女不限", "性别不限", "不限男女", "男女均可", "男、女不限", "男性女性均可", "无性别要求", "不限性别", "男女兼招", "男女老少皆可", "男18-45岁，女18-45岁", "男女同工同酬", "不歧视女性", "负责女装销售", "男装车间",
    "在妇产医院工作", "妇女儿童医院", "联系人：王女士", "张先生 138", "女职工享受产假", "女性用品", "面向女性客户", "男女宿舍分开", "帅哥美女多", "照顾一位女性老人", "服务男宾", "为女士们服务", "子女教育补贴", "儿女双全的老板",
    "男鞋针车工", "女包生产线", "女子医院", "少女装设计", "公司男女比例均衡", "三八妇女节福利", "妇联合作单位", "不得限定性别", "性别平等", "男科医院", "找曹小姐", "女生宿舍管理", "男女皆可，18岁以上", "男/女 20-40岁", "男女服务员若干名", "男女员工",
    # 婚育
    "已婚未婚均可", "婚否不限", "婚姻状况不限", "未婚、已婚均可", "婚假产假", "生育保险", "婚纱店", "婚庆公司", "提供夫妻房", "单身宿舍", "单身公寓", "结婚礼金", "孕妇装", "孕婴用品", "婚介", "不得以结婚生育为由辞退", "婚育不限", "单身可提供住宿",
    "夫妻可安排夫妻间", "婚恋网站客服", "月嫂培训", "夫妻双方在本公司上班可申请夫妻宿舍",
    # 民族与宗教
    "民族不限", "各民族平等", "回族餐厅", "回族自治县", "藏族自治州", "民族服装", "民族舞教师", "上班族", "苗族银饰", "彝族村寨", "不限民族", "土家族苗族自治县", "汉族或少数民族均可", "民族团结", "宗教信仰不限", "尊重宗教信仰", "佛教用品店", "宗教事务局", "清真餐厅", "基督教堂旁",
    # 户籍地域
    "不限户籍", "户籍不限", "户口不限", "外地人员提供住宿", "本地外地均可", "熟悉本地路况", "外地员工可安排住宿", "户口本复印件", "办理居住证、落户", "有经验的人优先", "农村信用社", "本地市场开发", "能听懂本地话", "退伍军人优先", "会开车的人优先", "居民小区", "能到外地出差",
    "不歧视外地户籍", "应届生优先", "有本地客户资源者优先", "本地生活服务平台", "户籍管理岗", "外地来的员工报销车费", "欢迎外地人员", "住附近优先", "熟悉当地市场优先",
    # 健康与残疾
    "身体健康", "无需健康证", "须办理健康证", "入职体检", "不查乙肝", "传染病医院", "乙肝疫苗", "健康证齐全", "五官端正", "形象气质佳", "不歧视残疾人", "残疾人优先", "可招收残疾人", "残疾人证", "残联", "残疾人就业保障金", "视力不限", "身高不限", "视力保护中心", "招聘残疾人", "预防传染病", "无重大疾病",
    # 其他
    "全职", "年龄18-45岁", "退伍军人优先", "非全日制用工", "无不良驾驶记录", "党员活动室", "工资2110元", "全日制幼儿园", "学历不限", "联系电话：13985211985", "无需无犯罪记录证明",
]  # fmt: skip


def grounds(text: str, severity: Severity | None = None) -> set[Ground]:
    found = find_demands(gender="不限", title="普工", text=text)
    return {finding.ground for finding in found if severity in (None, finding.severity)}


@pytest.mark.parametrize(("ground", "text"), [(g, text) for g, texts in UNLAWFUL.items() for text in texts])
@pytest.mark.parametrize("around", ["{}", "任职要求：1、年龄18-45岁；2、{}；3、服从安排。"])
def test_unlawful(ground: Ground, text: str, around: str) -> None:
    assert ground in grounds(around.format(text), Severity.UNLAWFUL)


@pytest.mark.parametrize(("ground", "text"), [(g, text) for g, texts in ASK.items() for text in texts])
def test_milder(ground: Ground, text: str) -> None:
    assert ground in grounds(text, Severity.ASK)
    assert not grounds(text, Severity.UNLAWFUL)


@pytest.mark.parametrize("text", HARMLESS)
@pytest.mark.parametrize("around", ["{}", "任职要求：1、年龄18-45岁；2、{}；3、服从安排。"])
def test_harmless(text: str, around: str) -> None:
    assert not [
        finding.phrase for finding in find_demands(gender="不限", title="普工", text=around.format(text))
    ]


@pytest.mark.parametrize(
    "title", ["女装导购", "男鞋针车工", "女子会所前台", "妇产科护士", "男女服务员", "美女之家美容店店员", "普工（男女不限）", "婚纱店店员", "回族餐厅服务员", "女生宿舍管理员"]
)  # fmt: skip
def test_harmless_titles(title: str) -> None:
    assert not find_demands(gender="", title=title, text="")


@pytest.mark.parametrize("title", ["女文员", "普工(男)", "招女工", "男保安", "急聘女收银", "洗碗阿姨", "前台小姐", "女客服周末双休", "男技师", "高薪聘男公关"])  # fmt: skip
def test_titles_for_one_sex(title: str) -> None:
    found = find_demands(gender="", title=title, text="")
    assert {(finding.ground, finding.field) for finding in found} == {(Ground.SEX, "title")}


def test_a_reason_in_the_sentence_answers_the_question() -> None:
    assert not grounds("无色盲，需辨认线缆颜色")
    assert grounds("无色盲，能吃苦") == {Ground.CARRIER_OR_HEALTH}


def test_a_post_that_law_closes_to_women_may_ask_for_men_in_its_title_only() -> None:
    assert not find_demands(gender="男", title="煤矿井下采煤工", text="限男性，女性勿扰")
    assert find_demands(gender="女", title="煤矿井下采煤工", text="")
    assert find_demands(gender="男", title="搬运工", text="井下作业")
    assert not find_demands(gender="", title="操作工", occupation="矿井掘进工", text="限男性")


def test_every_phrase_is_as_written_with_law_and_something_to_paste() -> None:
    for texts in (*UNLAWFUL.values(), *ASK.values()):
        for text in texts:
            for finding in find_demands(gender="不限", title="普工", text=text):
                assert finding.phrase and finding.phrase in text
                assert re.search(r"第.{1,4}条", finding.rule)
                assert "“" in finding.rewording or "删去" in finding.rewording


def test_a_rewording_keeps_the_age() -> None:
    (finding,) = find_demands(gender="不限", title="普工", text="女，20-30岁，能吃苦")
    assert "男女不限" in finding.rewording
    (finding,) = find_demands(gender="不限", title="普工", text="1、女 20-30岁，能吃苦")
    assert "“20-30岁，男女不限”" in finding.rewording


@pytest.mark.parametrize(
    "text",
    [
        "男" * 20_000,
        "女18" * 6_000,
        "无、" * 10_000,
        "有本地" * 6_000,
        "男18岁以下" * 3_000,
        "汉族、" * 6_000,
    ],
)
def test_no_text_makes_it_slow(text: str) -> None:
    import time

    start = time.perf_counter()
    find_demands(gender="", title="普工", text=text)
    assert time.perf_counter() - start < 5
