"""Counties of origin and of work: codes and centres as in the ministry's list of 2025-12-31, distances, accepted regions."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

_EARTH_KM = 6371.0


@dataclass(frozen=True, slots=True)
class Place:
    """A county. `pay` is what work is paid there, as a share of the eastern rate; `pair` the county it is paired with."""

    code: str
    lon: float
    lat: float
    pay: float
    people: float = 0.0
    """The share of all workers whose home it is."""
    work: float = 0.0
    """The share of all employers."""
    pair: str = ""


PLACES = (
    Place("610728", 107.8950, 32.5367, 0.66, 0.30, 0.05, "320612"),
    Place("610723", 107.5458, 33.2227, 0.66, 0.20, 0.04, "320682"),
    Place("610925", 108.9020, 32.3070, 0.66, 0.15, 0.04, "320583"),
    Place("522301", 104.8955, 25.0920, 0.66, 0.20, 0.05, "441302"),
    Place("500236", 109.4004, 31.0184, 0.68, 0.15, 0.05, "371602"),
    Place("610702", 107.0319, 33.0678, 0.75, work=0.04),
    Place("610113", 108.9446, 34.2141, 0.84, work=0.07),
    Place("520115", 106.6225, 26.6014, 0.80, work=0.05),
    Place("320612", 121.0738, 32.0657, 1.00, work=0.10),
    Place("320682", 120.5738, 32.3716, 0.97, work=0.08),
    Place("371602", 118.0193, 37.4307, 0.95, work=0.07),
    Place("441302", 114.3825, 23.0841, 1.00, work=0.07),
    Place("441303", 114.4562, 22.7898, 0.99, work=0.05),
    Place("320583", 120.9807, 31.3856, 1.06, work=0.08),
    Place("330282", 121.2666, 30.1703, 1.04, work=0.06),
    Place("350582", 118.5517, 24.7816, 1.00, work=0.05),
    Place("440306", 113.8838, 22.5550, 1.08, work=0.05),
)
HOMES = sum(place.people > 0 for place in PLACES)
"""Homes come first."""
CODES = [place.code for place in PLACES]
PAY = np.array([place.pay for place in PLACES])
_EAST = "32;33;35;37;44"


def _kilometres() -> FloatArray:
    lon, lat = np.radians([[place.lon, place.lat] for place in PLACES]).T
    half = np.sin((lat[:, None] - lat) / 2) ** 2
    half += np.cos(lat[:, None]) * np.cos(lat) * np.sin((lon[:, None] - lon) / 2) ** 2
    distance: FloatArray = 2 * _EARTH_KM * np.arcsin(np.sqrt(half))
    return distance


KILOMETRES = _kilometres()
"""Between the centres of counties, along the great circle."""
SAME_PROVINCE: BoolArray = np.array([[a[:2] == b[:2] for b in CODES] for a in CODES])

WISHES = (0.25, 0.20, 0.15, 0.15, 0.25)
"""How often each kind of wish is wished."""


def _wish(home: Place, kind: int) -> str:
    return (
        "",
        f"{home.code[:2]};{home.pair[:4]}",
        home.code[:4] if home.code[:2] != "50" else home.code,
        _EAST,
        f"{home.pair[:2]};{home.code}",
    )[kind]


REGIONS = [[_wish(home, kind) for kind in range(len(WISHES))] for home in PLACES[:HOMES]]
"""The accepted regions, as written, by home and kind of wish; empty is anywhere."""
ACCEPTED: BoolArray = np.array(
    [[[not text or any(code.startswith(part) for part in text.split(";")) for code in CODES] for text in kinds]
     for kinds in REGIONS]
)  # fmt: skip
"""Whether a place lies in them, by home, kind of wish and place."""
