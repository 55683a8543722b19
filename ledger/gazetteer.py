"""Places: what a code means, and which code a text written by people means.

`Gazetteer.find` reads names from left to right and keeps the set of places that all of them allow. A name
narrows the set to places inside it (苏州 吴江) or, written backwards, to places that it contains (通州，南通).
What stays ambiguous answers with the smallest region that holds every reading, or with None: never a guess.
"""

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

from models.reference import FormerRegionRow, RegionRow, former_regions, regions
from models.reference.place_names import short_name

EARTH_RADIUS_KM = 6371.0
# A bare name that was also somebody else's in living memory is ambiguous; an older one is not held against it.
FORMER_NAMES_STILL_WRITTEN_SINCE = 2000
_COLLOQUIAL = {"自治区": "省", "自治州": "州", "自治县": "县", "自治旗": "旗"}
_OTHER_NAMES = {"内蒙": "15"}
# After a short name these make it a street, a building or people: 南京西路, 东方大厦, 四川人.
_NOT_A_PLACE = re.compile(
    r"[东西南北中]?[一二三四五]?[路街巷弄]|大[道街厦学桥]|广场|公园|大酒店|宾馆|医院|银行|人(?!民)|[菜村]|(?<=大理)石|(?<=和田)玉"
)
_GAP = re.compile(r"[\W_]*")
_WORDS = re.compile(r"[^\W_]+")
_LEADS = "在到往去于至赴"


@dataclass(slots=True)
class _Names:
    """Codes by what people write: full names, short names, both also of places that are no more."""

    full: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    short: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    former: dict[str, list[tuple[str, int]]] = field(default_factory=lambda: defaultdict(list))
    town: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    town_short: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def knows(self, name: str) -> bool:
        return (
            name in self.full
            or name in self.short
            or name in self.town
            or name in self.former
            or name in self.town_short
        )


class Gazetteer:
    """The tree of places and the names they have or had.

    Parameters
    ----------
    rows : every place in force, parents before children.
    former : codes and names no longer in force.
    """

    def __init__(self, rows: Sequence[RegionRow], former: Sequence[FormerRegionRow] = ()) -> None:
        self._rows = {row.code: row for row in rows}
        self._successors: dict[str, set[str]] = defaultdict(set)
        self._assigned = {row.code.ljust(6, "0") for row in rows if row.level != "township"}
        self._names = _Names()
        for row in rows:
            self._learn(row)
        for name, code in _OTHER_NAMES.items():
            if code in self._rows:
                self._names.full[name].append(code)
        for past in former:
            self._assigned.add(past.code.ljust(6, "0"))
            self._learn_former(past)
        self._longest = max(map(len, self._names.full), default=0)

    @staticmethod
    @cache
    def national() -> "Gazetteer":
        """The gazetteer of the reference tables, built once a process."""
        return Gazetteer(regions(), former_regions())

    def _learn(self, row: RegionRow) -> None:
        names = self._names
        if row.level == "township":
            names.town[row.name].append(row.code)
            if row.short_name != row.name:
                names.town_short[row.short_name].append(row.code)
            return
        names.full[row.name].append(row.code)
        if row.short_name != row.name:
            names.short[row.short_name].append(row.code)
        for suffix, spoken in _COLLOQUIAL.items():
            if row.name.endswith(suffix):
                names.full[row.short_name + spoken].append(row.code)

    def _learn_former(self, past: FormerRegionRow) -> None:
        # A place that was divided lives on in the city or province that its code named.
        heirs = [past.successor, past.code[:4], past.code[:2]]
        heir = next((code for code in heirs if code in self._rows), None)
        if heir is None:
            return
        self._successors[past.code].add(heir)
        if past.successor or past.until_year >= FORMER_NAMES_STILL_WRITTEN_SINCE:
            short = short_name(past.name, "county" if len(past.code) == 6 else "city")
            for name in {past.name, short}:
                self._names.former[name].append((heir, past.until_year))

    # What a code means

    def __contains__(self, code: object) -> bool:
        return code in self._rows

    def short(self, code: str) -> str:
        """The name as people write it; KeyError for a code not in force (as in all that follow)."""
        return self._rows[code].short_name

    def level(self, code: str) -> str:
        """province, city, county or township."""
        return self._rows[code].level

    def parent(self, code: str) -> str | None:
        """The region directly above, as stored: 500236 hangs on 50, 441900101 on 4419."""
        return self._rows[code].parent or None

    def ancestors(self, code: str) -> tuple[str, ...]:
        """From the parent up to the province."""
        above = []
        parent = self._rows[code].parent
        while parent:
            above.append(parent)
            parent = self._rows[parent].parent
        return tuple(above)

    def name(self, code: str) -> str:
        """The whole path, 江苏省苏州市吴江区."""
        return "".join(self._rows[part].name for part in (*reversed(self.ancestors(code)), code))

    def within(self, code: str, region: str) -> bool:
        """Whether `code` is `region` or lies in it."""
        return code == region or region in self.ancestors(code)

    def centroid(self, code: str) -> tuple[float, float] | None:
        """Longitude and latitude in degrees: the place's own, or those of the nearest region above it."""
        for part in (code, *self.ancestors(code)):
            row = self._rows[part]
            if row.lon is not None and row.lat is not None:
                return row.lon, row.lat
        return None

    def distance_km(self, one: str, other: str) -> float | None:
        """Kilometres between two centroids as the crow flies; None where one is not known."""
        start, end = self.centroid(one), self.centroid(other)
        if start is None or end is None:
            return None
        lon1, lat1, lon2, lat2 = map(math.radians, (*start, *end))
        chord = (
            math.sin((lat2 - lat1) / 2) ** 2
            + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
        )
        return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(chord))

    def ever_assigned(self, code6: str) -> bool:
        """Whether the six digits were a division's code in any list since 1980 (as an ID number begins)."""
        return code6 in self._assigned

    # Which code a text means

    def find(self, text: str, within: str | None = None) -> str | None:
        """The most specific code that the text surely means, or None.

        Parameters
        ----------
        text : a place as people write it; former names answer with the place in force now.
        within : the code of a region known from elsewhere. It decides between places of one name and lets a
            township stand alone; a text that plainly names a place outside it keeps its own meaning.
        """
        text = unicodedata.normalize("NFKC", text).strip()
        if text.isascii() and text.isdigit():
            return self._find_code(text)
        found = self._find(text, None)
        if within is None or (found is not None and not self.within(within, found)):
            return found
        inside = self._find(text, within)
        return found if inside == within else inside

    def _find(self, text: str, within: str | None) -> str | None:
        places = {within} if within is not None else set[str]()
        sure, after_name, position, covered = within is not None, False, 0, 0
        while position < len(text):
            gap = _GAP.match(text, position)
            position = gap.end() if gap else position
            length, narrowed, firm = self._read(text, position, places, sure, after_name)
            if narrowed:
                places, sure, covered = narrowed, sure or firm, covered + length
            after_name = bool(narrowed)
            position += length or 1
        if not sure and covered < sum(map(len, _WORDS.findall(text))):
            return None
        return self._common(places)

    def _find_code(self, code: str) -> str | None:
        if len(code) == 6:
            code = code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code
        if code in self._rows:
            return code
        return self._common(self._successors.get(code, set()))

    def _read(
        self, text: str, at: int, places: set[str], sure: bool, after_name: bool
    ) -> tuple[int, set[str], bool]:
        """The name that begins at `at`: its length, the places then possible, and whether that is sure."""
        begins = after_name or at == 0 or not text[at - 1].isalnum() or text[at - 1] in _LEADS
        conflict: tuple[int, set[str], bool] = (0, set(), False)
        far: tuple[int, set[str], bool] | None = None
        for end in range(min(len(text), at + self._longest), at + 1, -1):
            name = text[at:end]
            if not self._names.knows(name):
                continue
            whole = len(name) > 2 and name not in self._names.short and name not in self._names.town_short
            if not whole and (_NOT_A_PLACE.match(text, end) or (places and not begins)):
                continue
            if fitting := self._fitting(name, places, after_name):
                if far is None and not self._near(fitting, places):
                    far = (end - at, fitting, True)
                    continue  # 云南 普洱镇沅: a township somewhere, or a shorter name and what follows it
                return end - at, fitting | far[1] if far else fitting, True
            if not sure:
                found, firm = self._alone(name, begins)
                if found and (firm or not places):
                    return end - at, found, firm
            elif len(name) > 2 and len(self._names.full.get(name, ())) == 1 and not conflict[0]:
                both = {*places, *self._names.full[name]}
                common = self._common(both)
                conflict = (end - at, {common} if common else both, True)
        return far or conflict

    def _alone(self, name: str, begins: bool) -> tuple[set[str], bool]:
        """Places that a name may mean where nothing else was named, and whether it can be believed alone."""
        names = self._names
        past = names.former.get(name, ())
        living = {code for code, year in past if year >= FORMER_NAMES_STILL_WRITTEN_SINCE}
        if name in names.full:
            return self._tops(living.union(names.full[name])), True
        if name in names.short:
            tops = self._tops(living.union(names.short[name]))
            tops = {code for code in tops if len(code) == 2} or tops
            return tops, begins and all(len(code) <= 4 for code in tops)
        return {code for code, _ in past}, len(name) > 2

    def _fitting(self, name: str, places: set[str], after_name: bool) -> set[str]:
        """Places named `name` inside one of `places`; else those of `places` that lie in one so named."""
        names = self._names
        current = [*names.full.get(name, ()), *names.short.get(name, ())]
        towns = names.town.get(name, ())
        # A short name is a township's only right after its county: 南京 新街口 may lie in any district.
        nicknames = names.town_short.get(name, ()) if after_name and name[-1] not in "路街" else ()
        own_towns = {code for code in (*towns, *nicknames) if {code, self._rows[code].parent} & places}
        former = [code for code, _ in names.former.get(name, ())]
        return (
            self._tops(self._inside(current, places))
            or own_towns
            or self._tops(self._inside(former, places))
            or {place for place in places if any(self.within(place, code) for code in current)}
            or self._inside(towns, places)
        )

    def _near(self, codes: set[str], places: set[str]) -> bool:
        """Whether they are more than townships of counties that nobody named."""
        return any(len(code) < 9 or {code, self._rows[code].parent} & places for code in codes)

    def _inside(self, codes: Iterable[str], places: set[str]) -> set[str]:
        return {code for code in codes if any(self.within(code, place) for place in places)}

    def _tops(self, codes: set[str]) -> set[str]:
        """Without those that lie in another of them: 长沙 is the city before it is the county."""
        return {code for code in codes if not codes.intersection(self.ancestors(code))}

    def _common(self, codes: Iterable[str]) -> str | None:
        """The smallest region that holds all of them."""
        paths = [(*reversed(self.ancestors(code)), code) for code in codes]
        common = None
        for parts in zip(*paths, strict=False):
            if len(set(parts)) > 1:
                break
            common = parts[0]
        return common


def county_of(code: str) -> str:
    """The county that a place belongs to; a city without counties (嘉峪关, 东莞, 中山, 儋州) stands for its own."""
    return code[:6] if code[:6] in Gazetteer.national() else code[:4]
