"""Who asks: an account with its roles, each in its own region, and what of it counts at this moment."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from api.rights import ALLOWED, AREAS, Action, Area
from models.account import Role


@dataclass(frozen=True, slots=True)
class Grant:
    """One role in one region, and the pairing, the station or the employer that it rests on; `home`: the county whose people a station's
    account looks after there."""

    role: Role
    region: str | None
    pairing_id: int | None = None
    station_id: int | None = None
    employer_id: int | None = None
    home: str | None = None


@dataclass(frozen=True, slots=True)
class Caller:
    """The account that asks, and the rights it has at this moment.

    A role counts in its own region alone ([decision 47](../docs/decisions/0047-role-region-pairing.md)): `regions` are
    those of all its roles until a route says what it is about to do, and from then on those of the roles that allow it.
    `waiting`: roles that count once the account has a second factor; `areas`: what the key is for that it asks by, None
    where it is a person; `doing`: what it was narrowed to.
    """

    account_id: int
    username: str
    display_name: str
    grants: tuple[Grant, ...]
    regions: tuple[str, ...]
    is_demo: bool
    token_id: int | None = None
    areas: frozenset[Area] | None = None
    waiting: frozenset[Role] = frozenset()
    doing: frozenset[Action] = frozenset()

    @property
    def roles(self) -> frozenset[Role]:
        """Its roles, wherever they count."""
        return frozenset(grant.role for grant in self.grants)

    @property
    def employer_id(self) -> int | None:
        """The employer for whom it speaks, where it speaks for one and is nothing else."""
        told = {grant.employer_id for grant in self.grants}
        return told.pop() if len(told) == 1 else None

    @property
    def actions(self) -> frozenset[Action]:
        """All that its roles allow, each somewhere; by a key, no more than what the key is for."""
        allowed = frozenset(action for role in self.roles for action in ALLOWED[role])
        if self.areas is None:
            return allowed
        return allowed.intersection(action for area in self.areas for action in AREAS[area])

    def regions_of(self, action: Action) -> tuple[str, ...]:
        """The regions of the roles that allow `action`."""
        return regions_of(grant for grant in self.grants if action in ALLOWED[grant.role])

    def may(self, action: Action, region: str | None = None) -> bool:
        """Whether it may do `action` in `region`; where none is told, in all of its present regions."""
        if action not in self.actions:
            return False
        own = self.regions_of(action)
        return all(lies_in(each, own) for each in (self.regions if region is None else (region,)))

    def where(self, *actions: Action) -> "Caller | None":
        """The caller in those of its present regions where it may do all of `actions`; None where there is no such."""
        if not self.actions.issuperset(actions):
            return None
        regions = self.regions
        for action in actions:
            regions = common(regions, self.regions_of(action))
        if self.regions and not regions:
            return None
        return replace(self, regions=regions, doing=self.doing.union(actions))

    @property
    def whole(self) -> tuple[str, ...]:
        """Of its present regions what it sees all of: where a station stands it sees its own county's people alone."""
        others = [grant for grant in self.grants if grant.role is not Role.STATION]
        if len(others) == len(self.grants):
            return self.regions
        regions = common(self.regions, regions_of(others))
        for action in self.doing:
            regions = common(regions, regions_of(each for each in others if action in ALLOWED[each.role]))
        return regions

    @property
    def posts(self) -> list[tuple[str, str]]:
        """Where it looks after whom as a station's account: the place, and the county that keeps the station."""
        if not self.doing <= ALLOWED[Role.STATION]:
            return []
        return [
            (place, grant.home)
            for grant in self.grants
            if grant.role is Role.STATION and grant.region and grant.home
            for place in common(self.regions, (grant.region,))
        ]

    def governs(self, region: str) -> bool:
        """Whether `region` lies within one of its present regions."""
        return lies_in(region, self.regions)

    def administers(self, region: str) -> bool:
        """Whether it looks after the accounts of `region`."""
        return lies_in(region, self.administered)

    @property
    def administered(self) -> tuple[str, ...]:
        """Where it looks after accounts."""
        return regions_of(grant for grant in self.grants if grant.role is Role.ADMINISTRATOR)


def regions_of(grants: Iterable[Grant]) -> tuple[str, ...]:
    """Their regions, as they were bound: the first is the one that is taken where none is chosen."""
    return tuple(dict.fromkeys(grant.region for grant in grants if grant.region))


def lies_in(region: str, others: Iterable[str]) -> bool:
    """Whether `region` lies within one of the others."""
    return any(region.startswith(other) for other in others)


def common(some: Iterable[str], others: Collection[str]) -> tuple[str, ...]:
    """What lies in one of `some` and in one of `others`: of two of which one holds the other, the smaller."""
    both = (
        (one, other) for one in some for other in others if lies_in(one, (other,)) or lies_in(other, (one,))
    )
    return tuple(dict.fromkeys(max(pair, key=len) for pair in both))
