"""Role and region go together: whatever roles an account has, where it may do something is where each role allows it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from api.deps import Caller, Grant, common, lies_in, regions_of
from api.rights import ALLOWED, Action
from models.account import Role

REGIONS = ["61", "6107", "610728", "610728001", "610723", "3206", "320612"]
PLACES = [*REGIONS, "610728002", "320682", "610723001"]
grants = st.lists(st.builds(Grant, st.sampled_from(list(Role)), st.sampled_from(REGIONS)), max_size=4)
actions = st.lists(st.sampled_from(list(Action)), min_size=1, max_size=3)


def caller(given_grants: list[Grant]) -> Caller:
    held = tuple(given_grants)
    return Caller(1, "a", "a", held, regions_of(held), False)


def allowed_at(held: list[Grant], action: Action, place: str) -> bool:
    return any(action in ALLOWED[grant.role] and place.startswith(grant.region or "-") for grant in held)


@settings(max_examples=400, deadline=None)
@given(grants, actions)
def test_where_is_exactly_where_every_action_is_allowed(held: list[Grant], wanted: list[Action]) -> None:
    narrowed = caller(held).where(*wanted)
    for place in PLACES:
        right = all(allowed_at(held, action, place) for action in wanted)
        assert (narrowed is not None and narrowed.governs(place)) == right
        for action in wanted:
            assert caller(held).may(action, place) == allowed_at(held, action, place)
    if narrowed is not None:
        assert all(narrowed.may(action) for action in wanted), "there it may do them everywhere"


@settings(max_examples=200, deadline=None)
@given(grants, actions, actions)
def test_narrowing_again_never_widens(held: list[Grant], first: list[Action], second: list[Action]) -> None:
    once = caller(held).where(*first)
    twice = None if once is None else once.where(*second)
    if once is None or twice is None:
        return
    both = caller(held).where(*first, *second)
    assert both is not None
    for place in PLACES:
        assert twice.governs(place) == both.governs(place)
        assert once.governs(place) or not twice.governs(place)


def test_a_right_in_one_region_is_none_in_the_other() -> None:
    both = caller([Grant(Role.COUNTY, "610728"), Grant(Role.STATION, "320612")])
    assert both.may(Action.REVEAL, "610728001") and not both.may(Action.REVEAL, "320612")
    assert not both.may(Action.REVEAL), "not in all of its regions"
    revealing = both.where(Action.REVEAL)
    assert revealing is not None and revealing.regions == ("610728",)
    assert not revealing.governs("320612") and revealing.may(Action.REVEAL)
    assert both.where(Action.REVEAL, Action.VISIT) is not None, "a county's clerk may visit too"
    assert caller([Grant(Role.STATION, "320612")]).where(Action.REVEAL) is None
    assert caller([Grant(Role.VILLAGE, "610728"), Grant(Role.PROVINCE, "32")]).where(
        Action.CLAIM, Action.MANAGE_TARGETS
    ) is None, "each somewhere, both nowhere"  # fmt: skip


@given(st.lists(st.sampled_from(REGIONS), max_size=4), st.lists(st.sampled_from(REGIONS), max_size=4))
def test_what_lies_in_both(some: list[str], others: list[str]) -> None:
    for place in PLACES:
        assert lies_in(place, common(some, others)) == (lies_in(place, some) and lies_in(place, others))
