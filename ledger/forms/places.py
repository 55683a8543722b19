"""The place of work: read out of the cells that name province, city and county, and written back into them."""

import re
from typing import Any

from ledger.forms.national import CITY, COUNTY, PLACE, PROVINCE
from ledger.gazetteer import Gazetteer

PARTS = (PROVINCE, CITY, COUNTY, PLACE)
_ABROAD = ("境外", "国外", "香港", "澳门", "台湾")
# What the system writes between a province and a county of its own.
_NO_PLACES = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})
_BETWEEN = re.compile(r"[/／\-—、,，\s]+")


class Places:
    """Places of work by what the cells say; each different text is looked up once."""

    def __init__(self, gazetteer: Gazetteer | None = None) -> None:
        self._gazetteer = gazetteer or Gazetteer.national()
        self._found: dict[tuple[str, ...], dict[str, Any]] = {}

    def read(self, cells: tuple[str, str, str, str]) -> dict[str, Any]:
        """`region`, `county_text` and `abroad` for the texts of `PARTS`; nothing where no place is named.

        `county_text` is kept only where the code table knows no such county: a development zone.
        """
        found = self._found.get(cells)
        if found is None:
            found = self._found[cells] = self._look_up(*cells)
        return found

    def _look_up(self, province: str, city: str, county: str, whole: str) -> dict[str, Any]:
        if not (province or city or county):
            province, city, county = ([*_BETWEEN.split(whole, 2), "", ""])[:3]
        parts = [part for part in dict.fromkeys((province, city, county)) if part and part not in _NO_PLACES]
        if not parts:
            return {}
        region = self._gazetteer.find("".join(parts))
        if region is None and len(parts) > 1:
            region = self._gazetteer.find("".join(parts[:-1]))
        named = region is not None and self._gazetteer.level(region) in ("county", "township")
        return {
            "region": region,
            # The city's own name in the county's cell names no county.
            "county_text": county if county not in (province, city, "") and not named else None,
            "abroad": parts[0].startswith(_ABROAD),
        }

    def parts(
        self, region: str | None, county_text: str | None = None, abroad: bool = False
    ) -> dict[str, str]:
        """The texts of province, city, county and of all in one, as the national system writes them."""
        if region is None:
            where = "境外" if abroad else ""
            return {PROVINCE: where, COUNTY: county_text or "", PLACE: where + (county_text or "")}
        names = {"province": "", "city": "", "county": county_text or ""}
        for code in (*reversed(self._gazetteer.ancestors(region)), region):
            if (level := self._gazetteer.level(code)) in names:
                names[level] = self._gazetteer.name(code)[len("".join(self._above(code))) :]
        if names["county"] and not names["city"]:
            names["city"] = "县" if names["county"].endswith("县") else "市辖区"
        shown = dict(zip((PROVINCE, CITY, COUNTY), names.values(), strict=True))
        return shown | {PLACE: "".join(name for name in names.values() if name not in _NO_PLACES)}

    def _above(self, code: str) -> str:
        parent = self._gazetteer.parent(code)
        return self._gazetteer.name(parent) if parent else ""
