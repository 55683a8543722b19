"""Where a telephone is, as a county: what a place is for here, and all that is kept of it."""

from math import asin, cos, radians, sin, sqrt

from sqlmodel import Session, col, select

from models.region import Region, RegionLevel

_AROUND = 1.5
"""Degrees around a telephone within which a county's centre is looked for; the largest counties of the west reach further."""
_FAR = 120.0
_EARTH = 6371.0


def county_at(session: Session, latitude: float, longitude: float) -> str | None:
    """The county whose centre is nearest (the city where it has no counties); None far from all, as abroad.

    Near a border that may be the neighbour: a place read this way is a hint, not a proof.
    """
    rows = session.exec(
        select(Region.code, Region.latitude, Region.longitude).where(
            col(Region.level).in_((RegionLevel.COUNTY, RegionLevel.CITY)),
            col(Region.latitude).between(latitude - _AROUND, latitude + _AROUND),
            col(Region.longitude).between(longitude - _AROUND, longitude + _AROUND),
        )
    ).all()
    cities_with_counties = {code[:4] for code, _, _ in rows if len(code) == 6}
    near = [
        (_kilometres(latitude, longitude, lat, lon), code)
        for code, lat, lon in rows
        if lat is not None and lon is not None and not (len(code) == 4 and code in cities_with_counties)
    ]
    distance, code = min(near, default=(_FAR, None))
    return code if distance < _FAR else None


def _kilometres(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    up, across = radians(lat2 - lat1) / 2, radians(lon2 - lon1) / 2
    half = sin(up) ** 2 + cos(radians(lat1)) * cos(radians(lat2)) * sin(across) ** 2
    return 2 * _EARTH * asin(sqrt(half))
