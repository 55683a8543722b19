"""Pay in the spellings that people use; the phrases are ours, the habits are those of real advertisements."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.postings.pay import HIGHEST_MONTHLY, LOWEST_MONTHLY, Pay, field_pay, read_pay, shown


@pytest.mark.parametrize(
    ("field", "low", "high"),
    [
        ("3000-5000", 3000, 5000),
        ("8000以上", 8000, None),
        ("面议", None, None),
        ("", None, None),
        ("２５００元", 2500, 2500),
        ("4千到6千", 4000, 6000),
        ("3.5K-5K", 3500, 5000),
        ("4-6K", 4000, 6000),
        ("年薪8-10万", 6667, 8333),
        ("1.5-2.5万", 15000, 25000),
        ("3,000—4,500元/月", 3000, 4500),
        ("三千五百元", 3500, 3500),
        ("三千至五千", 3000, 5000),
        ("4000以内", None, 4000),
        ("120元/天", 2610, 2610),  # 120 × 21.75
        ("15元/小时", 2610, 2610),  # 15 × 174
        ("999999999999999999999999", None, None),
        ("5000-3000", None, None),
    ],
)
def test_field(field: str, low: int | None, high: int | None) -> None:
    pay = field_pay(field)
    assert (pay.minimum, pay.maximum) == (low, high)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("本车间月薪3500-4500元，五险齐全", 3500, 4500),
        ("待遇：底薪2500+提成", 2500, None),
        ("底薪2600，业绩另有提成", 2600, None),
        ("底薪2600-2800元", 2600, 2800),
        ("底薪2000提成15%", 2000, None),
        ("无责任3500加高额提成", 3500, None),
        ("2300+提成+全勤", 2300, None),
        ("2400底薪+高提成", 2400, None),
        ("综合工资4000左右", 4000, 4000),
        ("底薪2200+全勤奖200+瓶盖费300-500元，综合工资3100-3600元", 3100, 3600),
        ("底薪+提成+奖金=9000元以上", 9000, None),
        ("试用期2400元/月，转正后2900元/月", 2900, 2900),
        ("试用期三个月，月薪2300", 2300, 2300),
        ("计时120元/天，月工资不低于3300元", 3300, None),
        ("薪资：120元/天，日结", 2610, 2610),
        ("时薪16元", 2784, 2784),
        ("年薪9万左右", 7500, 7500),
        ("月收入可达8000元", None, 8000),
        ("税前工资：2300元—4500元，五险一金", 2300, 4500),
        ("工资\n3000\n-\n4000\n元", 3000, 4000),
        ("收入4000+提成+效益奖", 4000, None),
        ("2000—2600", 2000, 2600),
        ("<p>工资：<b>3200</b>元/月</p>", 3200, 3200),
        ("薪资待遇：3K-4.2K", 3000, 4200),
        ("3.3500-4500元/月，两班倒", 3500, 4500),
    ],
)
def test_text(text: str, low: int | None, high: int | None) -> None:
    pay = read_pay("面议", "普工", text)
    assert (pay.minimum, pay.maximum, pay.source) == (low, high, "text")


@pytest.mark.parametrize(
    "text",
    [
        "迟到一次罚款50元，旷工罚款500元",
        "年终奖2000-5000元",
        "入职交押金300元，离职退还",
        "公司注册资金2000万元，占地12000平方米",
        "公司成立于2004年，年产值3亿元",
        "餐补300元，房补500元，全勤奖200元/月",
        "工龄工资满一年100元/月",
        "地址：花园路1200号3栋801室，乘801路、3000路",
        "身高170以上，年龄18-45岁，每月休4天",
        "电话：<phone>，网址 http://example.com/?id=4500",
        "工资面议，敢于挑战高薪",
        "1985-1995年之间出生",
        "工作时间8:30-17:00，带薪年假5天",
        "加班费13元/小时",
    ],
)
def test_money_that_is_no_pay(text: str) -> None:
    assert read_pay("面议", "普工", text) == Pay()


def test_the_post_of_the_title_is_read_among_several() -> None:
    text = "1、车工 3名 薪资：4000-6000元\n2、保洁 2名 薪资：2000-2400元\n3、会计 1名 工资面议"
    assert read_pay("面议", "保洁员", text).minimum == 2000
    assert read_pay("面议", "车工", text).maximum == 6000
    assert not read_pay("面议", "会计", text).known


def test_posts_that_no_title_names_give_the_whole_range() -> None:
    text = "1、车工 3名 薪资：4000-6000元\n2、保洁 2名 薪资：2000-2400元"
    pay = read_pay("面议", "一线岗位", text)
    assert (pay.minimum, pay.maximum) == (2000, 6000)


def test_another_posts_pay_is_not_taken_where_the_rest_is_negotiable() -> None:
    text = "理财顾问薪资是底薪3000元+提成，其余岗位薪资面议"
    assert not read_pay("面议", "行政总监", text).known
    assert read_pay("面议", "理财顾问", text).minimum == 3000


def test_the_field_wins_over_the_text_and_the_difference_is_said() -> None:
    pay = read_pay("5000-8000", "操作工", "月综合工资2300元-3200元")
    assert (pay.minimum, pay.maximum, pay.source) == (5000, 8000, "field")
    assert pay.remark is not None and "2300-3200元" in pay.remark
    assert read_pay("2000-3000", "操作工", "工资2500-3500元/月").remark is None


def test_converted_pay_says_so() -> None:
    assert "21.75天" in (read_pay("120元/天").remark or "")
    assert "21.75天" in (read_pay("面议", "普工", "薪资：120元/天").remark or "")
    assert read_pay("面议", "普工", "计时120元/天，月工资3300元").remark is None


def test_the_title_wins_over_the_text() -> None:
    pay = read_pay("面议", "客服2800底薪包住", "薪资标准：底薪2300+提成")
    assert (pay.minimum, pay.maximum, pay.source) == (2800, None, "title")


@pytest.mark.parametrize(
    ("pay", "words"),
    [
        (Pay(3000, 5000), "3000-5000元"),
        (Pay(8000, None), "8000元以上"),
        (Pay(None, 8000), "8000元以内"),
        (Pay(), "面议"),
    ],
)
def test_shown(pay: Pay, words: str) -> None:
    assert shown(pay) == words


def test_a_months_total_with_its_parts_in_brackets_behind_it() -> None:
    text = "正常生产全勤约2500元～4000元/月（基本工资+绩效工资+加班工资+岗位津贴+补贴）"
    assert (read_pay("面议", "普工", text).minimum, read_pay("面议", "普工", text).maximum) == (2500, 4000)


def test_another_posts_pay_is_not_taken_where_posts_are_listed_by_their_duties() -> None:
    text = (
        "物流经理：维护客户，统筹运输。\n3、仓库主管：要求精通仓储。\n"
        "6、现场业务员：热爱物流行业，薪酬2200元-3500元。\n7、仓管员：熟悉出入库。"
    )
    assert not read_pay("面议", "物流经理", text).known
    assert read_pay("面议", "现场业务员", text).minimum == 2200
    assert read_pay("面议", "物流经理", text + "\n以上岗位月薪3000-5000元").minimum == 3000


_SCRAPS = st.lists(
    st.one_of(
        st.integers(0, 10**7).map(str),
        st.sampled_from(
            [
                "月薪",
                "底薪",
                "工资",
                "综合",
                "元",
                "-",
                "到",
                "千",
                "K",
                "万",
                "/月",
                "/天",
                "年薪",
                "以上",
                "可达",
                "+提成",
                "\n",
                "，",
            ]
        ),
        st.text(max_size=3),
    ),
    max_size=16,
).map("".join)


@given(_SCRAPS, _SCRAPS, _SCRAPS)
def test_bounds_are_in_order_and_within_reason(field: str, title: str, text: str) -> None:
    pay = read_pay(field, title, text)
    for bound in (pay.minimum, pay.maximum):
        assert bound is None or LOWEST_MONTHLY <= bound <= HIGHEST_MONTHLY
    if pay.minimum is not None and pay.maximum is not None:
        assert pay.minimum <= pay.maximum
