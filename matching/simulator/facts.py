"""What a worker and a vacancy have to do with each other, in the units that the worlds' weights are given in."""

from dataclasses import dataclass

import numpy as np

from matching.simulator import places
from matching.simulator.firms import Firms
from matching.simulator.people import RANKS, People
from matching.simulator.places import BoolArray, FloatArray, IntArray
from matching.simulator.posts import Posts

_TOWNSPEOPLE = np.log1p(20.0)


@dataclass(frozen=True, slots=True)
class Facts:
    """One value a pair, in the shape of the indices that were asked about."""

    pay_over_floor: FloatArray
    """Thousand yuan a month, from -1.5 to 1.5."""
    pay_over_local: FloatArray
    """Thousand yuan a month, from -1 to 1."""
    distance: FloatArray
    """Thousand kilometres between the counties' centres."""
    no_bed: BoolArray
    """A bed is needed and none is offered, away from the home county."""
    hours: FloatArray
    """Hours a week over 48, in twelves."""
    nights: FloatArray
    """0 day, 0.5 two shifts, 1 three."""
    required: BoolArray
    """What the post demands is had, or it demands nothing."""
    preferred: BoolArray
    """It prefers a skill, and that is had."""
    same_trade: BoolArray
    foreign_speech: BoolArray
    """No Mandarin, in another province."""
    townspeople: FloatArray
    """log(1 + people from home there) / log(21)."""
    schooling: FloatArray
    """Steps over what is asked, from -2 to 2; 0 where nothing is."""
    experience: FloatArray
    """log(1 + months) / log(25)."""


def facts(people: People, firms: Firms, posts: Posts, w: IntArray, v: IntArray) -> Facts:
    """Of the pairs of people `w` and vacancies `v`, indices that are broadcast against each other."""
    home, firm, place = people.home[w], posts.firm[v], posts.place[v]
    skills, required, preferred, asked = (
        people.skills[w],
        posts.required[v],
        posts.preferred[v],
        posts.min_rank[v],
    )
    return Facts(
        pay_over_floor=np.clip((posts.pay[v] - people.pay_floor[w]) / 1000, -1.5, 1.5),
        pay_over_local=np.clip((posts.pay[v] - posts.local_pay[v]) / 1000, -1.0, 1.0),
        distance=places.KILOMETRES[home, place] / 1000,
        no_bed=people.needs_bed[w] & ~posts.lodging[v] & (home != place),
        hours=(posts.hours[v] - 48) / 12,
        nights=posts.nights[v] / 2,
        required=(skills & required) == required,
        preferred=(preferred > 0) & ((skills & preferred) == preferred),
        same_trade=people.trade[w] == posts.trade[v],
        foreign_speech=~people.mandarin[w] & ~places.SAME_PROVINCE[home, place],
        townspeople=np.log1p(firms.towns[firm, home]) / _TOWNSPEOPLE,
        schooling=np.where(asked >= 0, np.clip(RANKS[people.schooling[w]] - asked, -2, 2), 0).astype(
            np.float64
        ),
        experience=np.log1p(people.experience[w]) / np.log(25),
    )
