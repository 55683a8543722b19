"""The code tables: right length, right parents, nothing twice, and the places that the plans name."""

from collections import Counter

import pytest

from models import reference
from models.reference.place_names import short_name

WIDTHS = {"province": 2, "city": 4, "county": 6, "township": 9}


def test_regions_have_natural_lengths_and_stored_parents() -> None:
    rows = {row.code: row for row in reference.regions()}
    assert len(rows) == len(reference.regions())
    assert Counter(row.level for row in rows.values()) == {
        "province": 34,
        "city": 333,
        "county": 2845,
        "township": 38723,
    }
    order = list(WIDTHS)
    for row in rows.values():
        assert len(row.code) == WIDTHS[row.level]
        assert row.name and row.short_name
        assert (row.parent == "") == (row.level == "province")
        if row.parent:
            assert order.index(rows[row.parent].level) < order.index(row.level)


@pytest.mark.parametrize(
    ("code", "name", "short", "parent"),
    [
        ("610728", "镇巴县", "镇巴", "6107"),
        ("610723", "洋县", "洋县", "6107"),
        ("500236", "奉节县", "奉节", "50"),
        ("610925", "岚皋县", "岚皋", "6109"),
        ("5223", "黔西南布依族苗族自治州", "黔西南", "52"),
        ("522326", "望谟县", "望谟", "5223"),
        ("320612", "通州区", "通州", "3206"),
        ("320682", "如皋市", "如皋", "3206"),
        ("4413", "惠州市", "惠州", "44"),
        ("3716", "滨州市", "滨州", "37"),
        ("429004", "仙桃市", "仙桃", "42"),
        ("441900101", "石碣镇", "石碣", "4419"),
        ("15", "内蒙古自治区", "内蒙古", ""),
    ],
)
def test_places_of_the_plans(code: str, name: str, short: str, parent: str) -> None:
    row = next(row for row in reference.regions() if row.code == code)
    assert (row.name, row.short_name, row.parent) == (name, short, parent)


def test_qianxinan_has_its_eight_counties() -> None:
    names = {row.name for row in reference.regions() if row.parent == "5223"}
    assert names == {"兴义市", "兴仁市", "普安县", "晴隆县", "贞丰县", "望谟县", "册亨县", "安龙县"}


def test_centroids_lie_in_the_country() -> None:
    upper = [row for row in reference.regions() if row.level != "township"]
    known = [row for row in upper if row.lon is not None and row.lat is not None]
    assert len(known) / len(upper) > 0.95
    for row in known:
        assert 73 < (row.lon or 0) < 136
        assert 3 < (row.lat or 0) < 54


def test_short_names() -> None:
    assert short_name("浦东新区", "county") == "浦东"
    assert short_name("万柏林区", "county") == "万柏林"
    assert short_name("神农架林区", "county") == "神农架"
    assert short_name("鄂温克族自治旗", "county") == "鄂温克"
    assert short_name("双江拉祜族佤族布朗族傣族自治县", "county") == "双江"
    assert short_name("于家务回族乡", "township") == "于家务"
    assert short_name("杨镇", "township") == "杨镇"


def test_former_regions_lead_to_places_in_force() -> None:
    in_force = {row.code: row.name for row in reference.regions()}
    former = reference.former_regions()
    assert len({(row.code, row.name) for row in former}) == len(former)
    for row in former:
        assert row.successor in in_force or not row.successor
        assert in_force.get(row.code) != row.name
        assert 1980 <= row.until_year <= 2025
    successors = {(row.code, row.name): row.successor for row in former}
    assert successors["310108", "闸北区"] == "310106"
    assert successors["310119", "南汇区"] == "310115"
    assert successors["310103", "卢湾区"] == "310101"
    assert successors["500381", "江津市"] == "500116"
    assert successors["510225", "江津县"] == "500116"
    assert successors["500227", "璧山县"] == "500120"
    assert successors["500226", "荣昌县"] == "500153"
    assert successors["500112", "渝北区"] == "500157"
    assert successors["130103", "桥东区"] == ""


@pytest.mark.parametrize(
    ("rows", "sizes"),
    [
        (reference.industries(), {1: 20, 2: 97, 3: 473, 4: 1381}),
        (reference.occupations(), {1: 8, 2: 63, 3: 386}),
    ],
)
def test_classifications_are_trees(rows: tuple[reference.ClassRow, ...], sizes: dict[int, int]) -> None:
    levels = {row.code: row.level for row in rows}
    assert len(levels) == len(rows)
    assert Counter(levels.values()) == sizes
    for row in rows:
        assert row.name == row.name.strip() != ""
        assert (levels[row.parent] == row.level - 1) if row.parent else row.level == 1
