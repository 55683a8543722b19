"""What a written place means: real spellings, former names, and silence where a text is ambiguous."""

import json
import time
from pathlib import Path

import pytest

from ledger.gazetteer import Gazetteer
from models.reference import RegionRow, regions

POSTINGS = Path(__file__).parents[3] / "shared" / "data" / "postings" / "postings_2015.jsonl"


@pytest.fixture(scope="module")
def places() -> Gazetteer:
    return Gazetteer.national()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("镇巴县", "610728"),
        ("镇巴", "610728"),
        ("洋县", "610723"),
        ("陕西汉中市洋县", "610723"),
        ("重庆市奉节县", "500236"),
        ("奉节", "500236"),
        ("安康市岚皋县", "610925"),
        ("黔西南州", "5223"),
        ("黔西南布依族苗族自治州", "5223"),
        ("贵州省黔西南州望谟县", "522326"),
        ("如皋", "320682"),
        ("江苏省如皋市", "320682"),
        ("惠州", "4413"),
        ("滨州", "3716"),
        ("惠州大亚湾", "4413"),
        ("江苏省 - 苏州市", "3205"),
        ("江苏省 - 常熟市", "320581"),
        ("内蒙古 - 赤峰市", "1504"),
        ("湖北省 - 仙桃市", "429004"),
        ("湖北省直辖县级行政单位仙桃市", "429004"),
        ("重庆市 - 石柱县", "500240"),
        ("吉林省吉林市", "2202"),
        ("长沙", "4301"),
        ("长沙县", "430121"),
        ("河南", "41"),
        ("河南蒙古族自治县", "632324"),
        ("海南", "46"),
        ("青海海南州", "6325"),
        ("工作地点：苏州吴江", "320509"),
        ("苏州工业园区", "3205"),
        ("江苏省　南通市", "3206"),
    ],
)
def test_a_place_as_people_write_it(places: Gazetteer, text: str, code: str) -> None:
    assert places.find(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("东莞石碣镇", "441900101"),
        ("东莞长安", "441900119"),
        ("苏州吴江松陵", "320509002"),
        ("苏州吴江松陵人民路新苏天地", "320509002"),
        ("陕西省镇巴县泾洋街道", "610728001"),
        ("上海市松江区泗泾镇", "310117102"),
        ("江苏省南通市通州区平潮镇新县村", "320612114"),
    ],
)
def test_townships_are_read_where_their_county_or_city_is_named(
    places: Gazetteer, text: str, code: str
) -> None:
    assert places.find(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("上海市 - 闸北区", "310106"),
        ("上海市 - 卢湾区", "310101"),
        ("上海市 - 南汇区", "310115"),
        ("重庆市 - 璧山县", "500120"),
        ("重庆市 - 荣昌县", "500153"),
        ("重庆市 - 江津市", "500116"),
        ("重庆市 - 江北区", "500157"),
        ("通州市", "320612"),
        ("吴江市", "320509"),
        ("威海市", "3710"),
        ("石家庄市桥东区", "1301"),
    ],
)
def test_a_former_name_answers_with_the_place_in_force(places: Gazetteer, text: str, code: str) -> None:
    assert places.find(text) == code


@pytest.mark.parametrize("text", ["南通通州", "江苏通州区", "通州（南通）", "南通市通州区"])
def test_context_decides_between_two_places_of_one_name(places: Gazetteer, text: str) -> None:
    assert places.find(text) == "320612"


def test_a_known_region_is_context_too(places: Gazetteer) -> None:
    assert places.find("泾洋街道") is None
    assert places.find("泾洋街道", within="610728") == "610728001"
    assert places.find("通州区", within="32") == "320612"
    assert places.find("安徽合肥", within="31") == "3401"
    assert places.find("黄金湖岸旅游区", within="32") is None
    assert places.find("江苏省", within="320612") == "32"


@pytest.mark.parametrize(
    "text",
    [
        *("通州区", "鼓楼区", "朝阳", "城关镇", "江北区", "", "外省", "省外", "不限"),
        *("南京西路100号", "东方大厦", "大理石厂"),
    ],
)
def test_what_is_ambiguous_or_no_place_stays_unknown(places: Gazetteer, text: str) -> None:
    assert places.find(text) is None


@pytest.mark.parametrize(
    ("text", "code"), [("江苏省鼓楼区", "32"), ("江苏省南通市、苏州市", "32"), ("陕西省城关镇", "61")]
)
def test_several_readings_answer_with_the_region_that_holds_them_all(
    places: Gazetteer, text: str, code: str
) -> None:
    assert places.find(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("上海市松江区新城区文城路838号", "310117"),
        ("上海市长宁区江苏路599号（近延安西路）", "310105"),
        ("南京新街口洪武路38号", "3201"),
        ("合肥市经开区汤口路与始信路交口", "3401"),
        ("合肥市鼓楼区", "3401"),
        ("武汉市武昌区洪山亚贸广场", "420106"),
        ("吴江市区办公大楼", "320509"),
        ("重庆沙坪坝区天陈路1号三峡广场", "500106"),
        ("云南普洱镇沅", "530825"),
        ("云南省普洱镇", "53"),
        ("食品东方苏州市", "3205"),
        ("江苏省南通市 安徽省", None),
    ],
)
def test_addresses_are_read_as_far_as_they_are_sure(places: Gazetteer, text: str, code: str | None) -> None:
    assert places.find(text) == code


def test_codes_are_read_in_every_length(places: Gazetteer) -> None:
    assert places.find("320612") == "320612"
    assert places.find("320600") == places.find("3206") == "3206"
    assert places.find("310108") == "310106"
    assert places.find("999999") is None


def test_every_place_of_the_three_upper_levels_is_found_by_its_whole_path(places: Gazetteer) -> None:
    wrong = [
        row.code
        for row in regions()
        if row.level != "township" and places.find(places.name(row.code)) != row.code
    ]
    assert wrong == []


def test_every_township_is_found_by_its_whole_path(places: Gazetteer) -> None:
    wrong = [row.code for row in regions()[::7] if places.find(places.name(row.code)) != row.code]
    assert wrong == []


def test_no_county_is_taken_for_another_when_written_short(places: Gazetteer) -> None:
    for row in regions():
        if row.level == "county":
            path = (*reversed(places.ancestors(row.code)), row.code)
            found = places.find("".join(places.short(code) for code in path))
            assert found in path, path


def test_the_path_the_parents_and_the_levels(places: Gazetteer) -> None:
    assert places.name("320509") == "江苏省苏州市吴江区"
    assert places.name("500236") == "重庆市奉节县"
    assert places.name("429004") == "湖北省仙桃市"
    assert places.name("441900101") == "广东省东莞市石碣镇"
    assert places.parent("500236") == "50"
    assert places.parent("441900101") == "4419"
    assert places.parent("50") is None
    assert places.ancestors("610728001") == ("610728", "6107", "61")
    assert [places.level(code) for code in ("61", "6107", "610728", "610728001")] == [
        *("province", "city", "county", "township")
    ]
    assert places.short("5223") == "黔西南"
    assert places.within("610728001", "61")
    assert not places.within("610728", "32")


def test_distance_uses_the_nearest_centroid_known(places: Gazetteer) -> None:
    assert places.centroid("610728001") == places.centroid("610728")
    far = places.distance_km("610728", "320612")
    assert far is not None
    assert 1150 < far < 1330
    assert places.distance_km("610728", "610728") == 0


def test_a_code_ever_assigned_is_told_from_one_that_never_was(places: Gazetteer) -> None:
    for code in ("610728", "310108", "512301", "320600", "500112"):
        assert places.ever_assigned(code), code
    for code in ("999999", "610799", "000000"):
        assert not places.ever_assigned(code), code


def test_a_gazetteer_of_a_few_rows_needs_no_files() -> None:
    rows = [
        RegionRow("32", "江苏省", "江苏", "province", "", None, None),
        RegionRow("3206", "南通市", "南通", "city", "32", None, None),
    ]
    small = Gazetteer(rows)
    assert small.find("江苏南通") == "3206"
    assert small.distance_km("32", "3206") is None


def test_reading_is_fast_enough_for_an_import(places: Gazetteer) -> None:
    text = "贵州省黔西南布依族苗族自治州望谟县平洞街道洛郎村二组12号"
    started = time.perf_counter()
    for _ in range(200):
        places.find(text)
    assert (time.perf_counter() - started) / 200 < 0.002  # ten times what it takes


@pytest.mark.skipif(not POSTINGS.exists(), reason="needs the advertisements in ../shared, which no user has")
def test_every_region_of_the_real_advertisements_is_resolved(places: Gazetteer) -> None:
    with POSTINGS.open(encoding="utf-8") as lines:
        texts = {json.loads(line)["region"] for line in lines} - {""}
    assert len(texts) == 59
    assert sorted(text for text in texts if places.find(text) is None) == []
