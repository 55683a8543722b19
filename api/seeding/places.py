"""Where the demonstration takes place: the home counties, their villages, and where their people go."""

from collections.abc import Mapping
from dataclasses import dataclass

from api.seeding.copying import Rows
from models import reference


@dataclass(frozen=True, slots=True)
class Home:
    """One home county: how many people, who they are, and where they find work.

    `east` are the counties of the paired destination (nothing where the plan names no partner), `others` other
    places with the weight of each. `near_home` is the share that wants to stay, by whether the household is
    poverty-relieved; `relieved` the share of such households. `premises` counts the workplaces at home by kind.
    """

    code: str
    workers: int
    family: str
    ethnicities: Mapping[str, float]
    relieved: float
    near_home: tuple[float, float]
    east: tuple[str, ...]
    others: Mapping[str, float]
    premises: Mapping[str, int]

    @property
    def neighbours(self) -> str | None:
        """The city that the county is part of; a municipality's county has none."""
        return None if self.code.startswith("50") else self.code[:4]


_HAN = {"汉族": 0.985, "回族": 0.01, "土家族": 0.005}
_FROM_QINBA = {"6101": 3.0, "4419": 2.0, "3301": 2.0, "320583": 2.0, "4401": 1.0}
_FROM_CHONGQING = {"500101": 3.0, "4419": 2.0, "3301": 2.0, "3502": 1.0}
_FROM_GUIZHOU = {"4419": 4.0, "4401": 3.0, "3301": 2.0, "5201": 3.0}
_QIANXINAN = (
    ("522302", 1350, {"汉族": 0.70, "布依族": 0.13, "苗族": 0.10, "彝族": 0.04, "回族": 0.03}),
    ("522323", 900, {"汉族": 0.74, "布依族": 0.09, "苗族": 0.10, "彝族": 0.04, "回族": 0.03}),
    ("522324", 850, {"汉族": 0.50, "布依族": 0.26, "苗族": 0.13, "彝族": 0.07, "仡佬族": 0.04}),
    ("522325", 1150, {"汉族": 0.50, "布依族": 0.38, "苗族": 0.09, "仡佬族": 0.03}),
    ("522326", 850, {"汉族": 0.20, "布依族": 0.67, "苗族": 0.10, "壮族": 0.03}),
    ("522327", 600, {"汉族": 0.22, "布依族": 0.74, "苗族": 0.04}),
    ("522328", 800, {"汉族": 0.55, "布依族": 0.36, "苗族": 0.08, "彝族": 0.01}),
)

HOMES = (
    Home(
        "610728", 1500, "qinba", _HAN, 0.25, (1.0, 0.29), ("320612",), _FROM_QINBA,
        {"workshop": 14, "community_factory": 5, "employment_base": 6},
    ),
    Home(
        "610723", 600, "qinba", _HAN, 0.25, (0.30, 0.20), ("320682",), _FROM_QINBA,
        {"workshop": 7, "community_factory": 2, "employment_base": 3},
    ),
    Home(
        "500236", 600, "qinba", {"汉族": 0.95, "土家族": 0.05}, 0.25, (0.30, 0.20),
        ("371602", "371625", "371681"), _FROM_CHONGQING, {"workshop": 8, "employment_base": 3},
    ),
    Home(
        "610925", 800, "qinba", _HAN, 0.25, (0.70, 0.60), (), {**_FROM_QINBA, "3202": 1.0},
        {"community_factory": 34, "employment_base": 3},
    ),
    *(
        Home(
            code, workers, "qianxinan", ethnicities, 0.095, (0.24, 0.17),
            ("441302", "441303", "441322", "441323", "441324"), _FROM_GUIZHOU,
            {"workshop": 7, "employment_base": 3},
        )
        for code, workers, ethnicities in _QIANXINAN
    ),
)  # fmt: skip
"""The county of each plan, and the seven counties of 黔西南州 that were lifted out of poverty."""

EAST_FIRMS = {
    "320612": 32, "320682": 24, "441302": 16, "441303": 14, "441322": 12, "441323": 10, "441324": 4,
    "371602": 9, "371625": 8, "371681": 8,
}  # fmt: skip
"""How many firms of each eastern county advertise."""

FIRMS_ELSEWHERE = 12
"""How many firms of each other place advertise."""

_VILLAGES = ("测试一村", "测试二村", "测试三村", "测试四村")
_FIRST_VILLAGE = 901
"""Real villages and neighbourhoods are numbered below 600."""


def villages(home: Home) -> Rows:
    """Two to four invented villages for each real township, as region rows."""
    townships = [
        row for row in reference.regions() if row.level == "township" and row.code.startswith(home.code)
    ]
    return [
        {
            "code": f"{township.code}{_FIRST_VILLAGE + number}",
            "name": _VILLAGES[number],
            "short_name": _VILLAGES[number],
            "level": "village",
            "parent_code": township.code,
            "longitude": None,
            "latitude": None,
            "source": "demo",
        }
        for township in townships
        for number in range(2 + int(township.code) % 3)
    ]
