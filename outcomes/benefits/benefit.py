"""A subsidy as data: for whom, under which named stability rules, how much, and what it stands beside."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from models.coded import Coded
from models.spell import Arrangement
from models.target import Population
from outcomes.known_rules import KnownRule, known_rules


class Party(Coded):
    """Who receives it."""

    WORKER = "worker", "个人"
    EMPLOYER = "employer", "用人单位"


class BenefitError(ValueError):
    """A benefit that can't be used; the message says in Chinese which and what to mend."""


@dataclass(frozen=True, slots=True)
class Amount:
    """Money in fen. `fen` None: not known. `most`: paid by receipts, never more than this. Of a share both are None."""

    fen: int | None = None
    most: int | None = None

    @property
    def words(self) -> str:
        """As people read it."""
        if self.fen is not None:
            return yuan(self.fen)
        return "金额未知" if self.most is None else f"凭票据，最多{yuan(self.most)}"


UNKNOWN_AMOUNT = Amount()


@dataclass(frozen=True, slots=True)
class Tier:
    """One way of fulfilling a benefit, and what it brings.

    `amount` is paid once, or for each full month up to `most_months` where that is said; for an employer once for
    each head. `share` in percent is of costs that the claimant proves, instead of an amount.
    """

    rule: KnownRule | None
    amount: Amount
    most_months: int | None = None
    share: int | None = None


@dataclass(frozen=True, slots=True)
class Benefit:
    """One subsidy. A condition that its text does not state is absent.

    `region` is where its people (or the employer's keeper) must be registered; `years` those it is paid for.
    `tiers` exclude each other: of several that are fulfilled the dearest counts. `arrangement` says for whose way out
    it is paid: in one year nobody gets one for the organised and another for the self-arranged. `excludes` are codes
    that are not paid in the same year. `rule_is_ours`: the text names no time, the bureau's reference rule stands
    in, named as such. `min_share`, of an employer: the poverty-relieved among its workers, as a fraction;
    `term_months` for how long from its opening. `notice_days` is how long a claim is on public notice.
    """

    code: str
    name: str
    region: str
    years: tuple[int, int | None]
    party: Party
    tiers: tuple[Tier, ...]
    evidence: tuple[str, ...] = ()
    note: str = ""
    rule_is_ours: bool = False
    population: Population | None = None
    arrangement: Arrangement | None = None
    excludes: frozenset[str] = frozenset()
    not_if_paid_last_year: bool = False
    claim_to: date | None = None
    min_share: tuple[int, int] | None = None
    term_months: int | None = None
    kind: str | None = None
    notice_days: int = 5

    def of_year(self, year: int) -> bool:
        """Whether it is paid for that year."""
        first, last = self.years
        return first <= year and (last is None or year <= last)

    def of_region(self, region: str) -> bool:
        """Whether people registered there may have it."""
        return region.startswith(self.region)

    @property
    def amount_words(self) -> str:
        """All its amounts, as people read them."""
        said = [_tier_words(tier, self.party) for tier in self.tiers]
        return "；".join(dict.fromkeys(said))


def benefit_of(entry: Mapping[str, Any]) -> Benefit:
    """Read one `[[benefit]]` table.

    Raises
    ------
    BenefitError
        when a field is missing, unknown or of the wrong kind, or a rule has no such name.
    """
    code = entry.get("code")
    if not isinstance(code, str) or not code.isascii() or not 1 <= len(code) <= 60:
        raise BenefitError("每项政策要有编号 code：60字以内的英文字母、数字和下划线。")
    unknown = set(entry) - _FIELDS
    if unknown:
        raise BenefitError(f"政策“{code}”：没有字段“{'、'.join(sorted(unknown))}”。")
    try:
        return _read(code, entry)
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, BenefitError):
            raise
        raise BenefitError(f"政策“{code}”：内容不全或有误，请对照其他政策的写法改正。") from None


def yuan(fen: int) -> str:
    """An amount in words, exact to the fen."""
    whole, rest = divmod(fen, 100)
    return f"{whole}元" if not rest else f"{whole}.{rest:02}元"


_FIELDS = frozenset(field.name for field in fields(Benefit)) - {"years"} | {"from_year", "to_year"}
_TIER_FIELDS = frozenset({"rule", "amount_yuan", "most_yuan", "most_months", "share_percent"})


def _read(code: str, entry: Mapping[str, Any]) -> Benefit:
    least = entry.get("min_share")
    population, arrangement = entry.get("population"), entry.get("arrangement")
    tiers = tuple(_tier(code, tier) for tier in entry["tiers"])
    if not tiers:
        raise BenefitError(f"政策“{code}”：至少要有一档。")
    return Benefit(
        code=code,
        name=entry["name"],
        region=entry["region"],
        years=(int(entry["from_year"]), entry.get("to_year")),
        party=Party.read(entry["party"]),
        tiers=tiers,
        evidence=tuple(entry.get("evidence", ())),
        note=entry.get("note", ""),
        rule_is_ours=entry.get("rule_is_ours", False),
        population=Population.read(population) if population else None,
        arrangement=Arrangement.read(arrangement) if arrangement else None,
        excludes=frozenset(entry.get("excludes", ())),
        not_if_paid_last_year=entry.get("not_if_paid_last_year", False),
        claim_to=entry.get("claim_to"),
        min_share=(int(least[0]), int(least[1])) if least else None,
        term_months=entry.get("term_months"),
        kind=entry.get("kind"),
        notice_days=entry.get("notice_days", 5),
    )


def _tier(code: str, entry: Mapping[str, Any]) -> Tier:
    unknown = set(entry) - _TIER_FIELDS
    if unknown:
        raise BenefitError(f"政策“{code}”：没有字段“{'、'.join(sorted(unknown))}”。")
    name = entry.get("rule")
    if name is not None and name not in known_rules():
        raise BenefitError(f"政策“{code}”：没有名为“{name}”的口径。")
    amount = Amount(_fen(code, entry.get("amount_yuan")), _fen(code, entry.get("most_yuan")))
    rule = known_rules()[name] if name is not None else None
    return Tier(rule, amount, entry.get("most_months"), entry.get("share_percent"))


def _fen(code: str, told: object) -> int | None:
    if told is None:
        return None
    if isinstance(told, bool) or not isinstance(told, int) or told < 1:
        raise BenefitError(f"政策“{code}”：金额应是整元，不知道的不填。")
    return told * 100


def _tier_words(tier: Tier, party: Party) -> str:
    if tier.share is not None:
        return f"费用的{tier.share}%"
    if party is Party.EMPLOYER:
        return f"每人{tier.amount.words}"
    if tier.most_months is not None:
        return f"每月{tier.amount.words}，最多{tier.most_months}个月"
    return tier.amount.words
