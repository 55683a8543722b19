"""The worlds: what decides there who is hired, who stays and who was sent where. Data, never another way of computing."""

from dataclasses import dataclass, replace

FESTIVALS = {
    2021: "2021-02-12", 2022: "2022-02-01", 2023: "2023-01-22", 2024: "2024-02-10", 2025: "2025-01-29",
    2026: "2026-02-17", 2027: "2027-02-06", 2028: "2028-01-26", 2029: "2029-02-13", 2030: "2030-02-03",
}  # fmt: skip
"""春节, the first day of the lunar year."""


@dataclass(frozen=True, slots=True)
class Staying:
    """Log-odds by which a monthly hazard of leaving falls (`season`, `base`: rises), per unit of each fact of `facts.py`."""

    base: tuple[float, ...] = (-2.00, -2.50, -2.55, -2.95, -3.00, -3.00, -3.20)
    """By month since the start; the last one goes on."""
    season: float = 0.7
    pay_over_floor: float = 0.12
    pay_over_local: float = 0.15
    distance: float = -0.15
    no_bed: float = -0.30
    hours: float = -0.15
    nights: float = -0.10
    required: float = 0.20
    preferred: float = 0.10
    same_trade: float = 0.20
    foreign_speech: float = -0.10
    townspeople: float = 0.15
    together: float = 0.20
    apart: float = -0.20
    employer: float = 0.30
    """Standard deviation of what employers differ by for reasons that no column tells."""
    bad_share: float = 0.0
    bad_effect: float = 0.0
    """A share of employers whose people leave by so much more."""


@dataclass(frozen=True, slots=True)
class Hiring:
    """Log-odds of an offer (`offer_…`) and of the worker's yes (`accept_…`), per unit of each fact."""

    offer: float = 1.0
    offer_required: float = 1.8
    offer_preferred: float = 0.5
    offer_same_trade: float = 0.4
    offer_schooling: float = 0.15
    offer_experience: float = 0.25
    offer_foreign_speech: float = -0.5
    offer_employer: float = 0.4
    accept: float = 1.1
    accept_pay_over_floor: float = 0.7
    accept_distance: float = -0.25
    accept_no_bed: float = -1.2
    accept_hours: float = -0.2
    accept_townspeople: float = 0.3


@dataclass(frozen=True, slots=True)
class Policy:
    """Who applied where: weights of an application's appeal, to which noise of the Gumbel distribution is added."""

    near: float = -0.8
    """A thousand kilometres."""
    old: float = -0.6
    """Thirty days since the post was published."""
    popular: float = 0.7
    pay: float = 0.3
    """A thousand yuan over the local rate."""
    townspeople: float = 0.6
    bias: float = 0.0
    """How much the monitored and those of 50 and over were sent to employers who keep nobody, and others not."""


@dataclass(frozen=True, slots=True)
class World:
    """One world. `before` is what held until a year and a half ago, where that was something else."""

    name: str
    title: str
    staying: Staying = Staying()
    before: Staying | None = None
    hiring: Hiring = Hiring()
    policy: Policy = Policy()
    past: int = 20_000
    companions: float = 0.12
    """The share of people who go with somebody."""


_NONE = replace(
    Staying(),
    season=0.0, pay_over_floor=0.0, pay_over_local=0.0, distance=0.0, no_bed=0.0, hours=0.0, nights=0.0, required=0.0,
    preferred=0.0, same_trade=0.0, foreign_speech=0.0, townspeople=0.0, together=0.0, apart=0.0, employer=0.02,
)  # fmt: skip
_DISTANCE = replace(Staying(), distance=-1.1, no_bed=-1.4, employer=0.2)
_PAY = replace(Staying(), pay_over_floor=0.8, pay_over_local=0.9, employer=0.2)
_EMPLOYERS = replace(Staying(), employer=0.5, bad_share=0.12, bad_effect=1.9)

WORLDS = {
    world.name: world
    for world in (
        World("mixed", "样样都有一点作用"),
        World("distance", "远近和住宿决定去留", _DISTANCE),
        World("pay", "工资高低决定去留", _PAY),
        World("employers", "用人单位决定去留", _EMPLOYERS),
        World("nothing", "去留几乎看不出规律", _NONE),
        World("biased", "过去的推荐有偏", _EMPLOYERS, policy=Policy(bias=2.0)),
        World("drift", "规律和季节一直在变", _PAY, before=replace(_DISTANCE, season=0.1, pay_over_floor=-0.3)),
        World("sparse", "过去的记录很少", replace(Staying(), distance=-0.6, no_bed=-0.8, pay_over_floor=0.4), past=300),
        World(
            "companions",
            "结伴和同乡决定去留",
            replace(Staying(), townspeople=1.2, together=0.9, apart=-0.9, employer=0.2),
            companions=0.4,
        ),
    )
}  # fmt: skip
