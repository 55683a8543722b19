"""What employers are entitled to: by the head, or a share of costs while enough of their workers are poverty-relieved."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date

from outcomes.benefits.benefit import UNKNOWN_AMOUNT, Amount, Benefit, Party, yuan
from outcomes.benefits.standing import Payment, State
from outcomes.calendar import shift
from outcomes.columns import columns_of
from outcomes.known_rules import KnownRule
from outcomes.spells import Spell
from outcomes.stability import evaluate_all


@dataclass(frozen=True, slots=True)
class Hand:
    """One of an employer's workers: who, born when, whether poverty-relieved, and the spells there."""

    key: Hashable
    birth_date: date | None
    relieved: bool
    spells: tuple[Spell, ...]

    def at_work(self, day: date) -> bool:
        """Whether she works there on `day`."""
        return any(each.first_day <= day <= (each.ended_on or day) for each in self.spells)


@dataclass(frozen=True, slots=True)
class Firm:
    """One employer: where it is kept, its kind, since when it is open, its workers and what it was paid."""

    region: str
    kind: str
    opened_on: date | None = None
    hands: tuple[Hand, ...] = ()
    payments: tuple[Payment, ...] = ()


@dataclass(frozen=True, slots=True)
class FirmStanding:
    """What a benefit says of an employer. `heads` are the keys of those it is paid for; `amount` is unknown while
    the costs that it is a share of are. `workers` and `relieved` are counted as of the day."""

    state: State
    amount: Amount = UNKNOWN_AMOUNT
    heads: tuple[Hashable, ...] = ()
    missing: tuple[str, ...] = ()
    workers: int = 0
    relieved: int = 0


def judge_firm(
    benefit: Benefit, firm: Firm, *, year: int, as_of: date, costs: int | None = None
) -> FirmStanding:
    """What a benefit for employers says of one in `year`; `costs` in fen are those that a share is paid of.

    Raises
    ------
    ValueError
        when the benefit is not one for employers, or the costs are negative.
    """
    if benefit.party is not Party.EMPLOYER or (costs is not None and costs < 0):
        raise ValueError("a benefit for employers, and costs that are not negative")
    mine = (each for each in firm.payments if each.benefit.code == benefit.code and each.year == year)
    paid = next((each for each in mine if each.paid_on is not None), None)
    if paid is not None:
        return FirmStanding(State.PAID, Amount(paid.fen))
    said = []
    if not benefit.of_year(year):
        said.append(f"{year}年没有这项补贴")
    if not benefit.of_region(firm.region):
        said.append("不在发放这项补贴的地区")
    if benefit.kind is not None and firm.kind != benefit.kind:
        said.append("单位类型不符")
    if said:
        return FirmStanding(State.NOT_YET, missing=tuple(said))
    tier = benefit.tiers[0]
    if tier.rule is not None:
        return _by_the_head(firm, tier.rule, tier.amount.fen, year, as_of)
    return _by_share(benefit, firm, as_of, tier.share or 0, costs)


def _by_the_head(firm: Firm, known: KnownRule, each: int | None, year: int, as_of: date) -> FirmStanding:
    """Each worker whose mark lies in the year, once: a rule without a calendar year has one mark for ever."""
    columns = columns_of([(hand.spells, hand.birth_date) for hand in firm.hands])
    results = evaluate_all(columns, known.rule, as_of=as_of).results()
    heads = tuple(firm.hands[at].key for at, result in results if result.year == year)
    if not heads:
        return FirmStanding(State.NOT_YET, missing=(f"{year}年还没有符合“{known.name}”的工人",))
    return FirmStanding(State.ENTITLED, Amount(None if each is None else each * len(heads)), heads)


def _by_share(benefit: Benefit, firm: Firm, as_of: date, share: int, costs: int | None) -> FirmStanding:
    at_work = [hand for hand in firm.hands if hand.at_work(as_of)]
    relieved = sum(hand.relieved for hand in at_work)
    said = []
    if benefit.min_share is not None:
        least, of = benefit.min_share
        # Compared crosswise: a third has no exact decimal.
        if not at_work or relieved * of < least * len(at_work):
            needed = -(-least * len(at_work) // of) - relieved
            short = f"还差{needed}人" if at_work else "还没有在岗工人"
            said.append(f"在岗{len(at_work)}人中脱贫劳动力{relieved}人，不到{of}分之{least}，{short}")
    if benefit.term_months is not None:
        if firm.opened_on is None:
            said.append("没有登记开办日期，不能判断是否在补贴期内")
        elif as_of < firm.opened_on or as_of >= shift(firm.opened_on, benefit.term_months):
            said.append(
                f"补贴期{benefit.term_months}个月，已经过了" if as_of >= firm.opened_on else "还没有开办"
            )
    if said:
        return FirmStanding(State.NOT_YET, missing=tuple(said), workers=len(at_work), relieved=relieved)
    # Rounded down, so that no more than the share is paid.
    amount = Amount(None if costs is None else costs * share // 100)
    return FirmStanding(State.ENTITLED, amount, workers=len(at_work), relieved=relieved)


def total_words(fen: int, unknown: int) -> str:
    """A sum, with how many amounts it does not hold because they are not known."""
    return yuan(fen) if not unknown else f"{yuan(fen)}，另有{unknown}笔金额待定"
