"""去向: how far from home somebody works, by the codes of the two places."""

from collections.abc import Collection

from models.spell import Destination

_MUNICIPALITIES = frozenset({"11", "12", "31", "50"})
_DIRECTLY_UNDER_THE_PROVINCE = "90"


def destination_of(home: str, work: str | None, paired: Collection[str] = ()) -> Destination | None:
    """Where `work` lies as seen from `home`, both GB/T 2260 codes; None where the place is not known well enough.

    `paired` are the destinations of the home region's pairings. In a municipality, and among the counties right under
    a province (仙桃, 石河子), there is no city between: another county is elsewhere in the province.
    """
    if work is None or len(work) < 2:
        return None
    if work[:2] != home[:2]:
        return (
            Destination.PAIRED_EAST
            if any(work.startswith(region) for region in paired)
            else Destination.OTHER_PROVINCE
        )
    if len(work) >= 6 and len(home) >= 6 and work[:6] == home[:6]:
        return Destination.COUNTY
    if len(work) < 4 or len(home) < 4:
        return None
    without_city = work[:2] in _MUNICIPALITIES or _DIRECTLY_UNDER_THE_PROVINCE in (work[2:4], home[2:4])
    if work[:4] != home[:4] and not (work[:2] in _MUNICIPALITIES and len(work) < 6):
        return Destination.PROVINCE
    if len(work) < 6 or len(home) < 6:
        return None
    return Destination.PROVINCE if without_city else Destination.CITY
