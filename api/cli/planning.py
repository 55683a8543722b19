"""`./wengang plan`: who goes where for the most stable employment, over an exchange folder, without a server."""

import csv
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from api.cli.files import write
from api.cli.folders import keep_inputs, market_of, rejected_beside, told_of_reading, what_was_read
from api.cli.past_words import what_the_past_lacks
from api.cli.prices import file_of, write_prices
from api.cli.ranking import reasons_cell
from api.cli.speaking import Refused, Telling, answer
from api.cli.unplaced import file_beside, unplaced_rows, unplaced_sums, why_nobody, write_unplaced
from api.collecting import uncollected
from api.folder.market import FolderMarket
from api.folder.ranker import ranker_for
from api.rounding import short
from ledger.cells import harmless
from matching import regions
from matching.abreast import abreast
from matching.allocation.buses import buses_to
from matching.allocation.left_empty import left_empty
from matching.allocation.plan import allocate
from matching.allocation.problem import Quota
from matching.allocation.unplaced import unplaced
from matching.allocation.words import GROUPS, bus_words, out_of_reach, quota_words
from matching.columns import Pairs
from matching.explanation import chosen
from matching.groups import QUOTA_GROUPS
from matching.nothing_fits import nothing_fits
from matching.planning import problem_of
from matching.rankers import PriorRanker
from matching.shares import ORDERS

COLUMNS = ("worker_id", "vacancy_id", "p_hire", "p_stay_90", "p_stay_180", "score", "reasons")
MOST_OF_A_QUOTA = 10_000_000
FULLEST_BUS = 10_000
_EXPLAINED_AT_ONCE = 500
_MANY, _FEW_ORDERS = 5_000, 2
"""Of more placements than that causes are looked at in fewer orders (`matching.shares`)."""


def quota_of(text: str) -> Quota:
    """`monitored=120` or `monitored=20%`.

    Raises
    ------
    Refused
        for anything else.
    """
    group, _, asked = text.partition("=")
    if group not in QUOTA_GROUPS or not asked:
        known = "、".join(f"{name}（{GROUPS[name]}）" for name in QUOTA_GROUPS)
        raise Refused(f"--quota {text} 不认识，应写作 组=人数 或 组=百分比%，组是{known}。")
    try:
        if asked.endswith("%"):
            return Quota(group, share=Fraction(asked[:-1]) / 100)
        people = int(asked)
        if people > MOST_OF_A_QUOTA:
            raise ValueError
        return Quota(group, people=people)
    except (ValueError, ZeroDivisionError):
        raise Refused(
            f"--quota {text} 的数不对，人数是0到{MOST_OF_A_QUOTA}的整数，百分比在0%到100%之间。"
        ) from None


def bus_of(text: str) -> tuple[str, int]:
    """`320612=30`: a destination and the least people that a bus goes there with.

    Raises
    ------
    Refused
        for anything else.
    """
    place, _, least = text.partition("=")
    if not (place.isascii() and place.isdigit() and len(place) in (2, 4, 6)):
        raise Refused(f"--bus {text} 不认识，应写作 地区代码=人数，代码是省（2位）、市（4位）或县（6位）。")
    if not (least.isascii() and least.isdigit() and len(least) < 6 and 1 <= int(least) <= FULLEST_BUS):
        raise Refused(f"--bus {text} 的人数不对，是1到{FULLEST_BUS}的整数。")
    return place, int(least)


def buses_of(told: Sequence[str]) -> list[tuple[str, int]]:
    """The buses of a command, one a destination.

    Raises
    ------
    Refused
        for what `bus_of` refuses, and for a second bus to one place.
    """
    buses = [bus_of(each) for each in told]
    twice = next((place for place, _ in buses if sum(place == other for other, _ in buses) > 1), None)
    if twice:
        raise Refused(f"--bus {twice} 写了两次，同一个地方只写一次。")
    return buses


def run(
    folder: Path,
    *,
    as_of: date,
    objective: str,
    quotas: Sequence[Quota],
    buses: Sequence[tuple[str, int]],
    seed: int,
    out: Path,
    prices: Path | None,
    as_json: bool,
) -> None:
    """Plan, write one row a placement and one a vacancy with its price, and print the sums.

    Raises
    ------
    Refused
        when nothing could be planned, or the plan cannot be written.
    """
    rejected, prices = rejected_beside(out, folder), file_of(out, prices)
    keep_inputs("--prices", prices, folder, rejected)
    beside = file_beside(out, prices)
    with Telling(quiet=as_json) as tell, uncollected():
        read = market_of(folder, as_of, tell, rejected)
        market = read.market(as_of)
        looking, offered = np.flatnonzero(read.open_workers(as_of)), np.flatnonzero(read.on_offer(as_of))
        tell(0, 0, "学习以往谁被录用、谁留了下来")
        ranker = ranker_for(read, as_of, seed, objective)
        planned = problem_of(
            market, ranker, looking, offered, read.groups, tuple(quotas), seed=seed, tell=tell
        )
        tell(0, 0, "安排")
        problem = planned.problem
        if buses and problem.place is not None:
            problem = replace(problem, buses=buses_to(problem.place, buses))
        made = allocate(problem)
        missed = planned.chosen.missed(made.price, made.bound, seed=seed)
        placed = np.flatnonzero(made.vacancy >= 0)
        pairs = Pairs(market, looking[placed], offered[made.vacancy[placed]])
        rows = _rows(read, ranker, pairs, made.score[placed], tell)
        write(out, lambda stream: _fill(stream, rows))
        posts = [read.vacancy_ids[at] for at in offered.tolist()]
        taken = np.bincount(made.vacancy[placed], minlength=len(offered))
        write_prices(
            prices,
            zip(
                posts, problem.seats.tolist(), taken.tolist(),
                np.round(made.price, 6).tolist(), np.round(made.seat_worth, 6).tolist(), strict=True,
            ),
            objective,
        )  # fmt: skip
        why = unplaced(problem, made)
        none = [row for row, each in why.items() if each.code == "no_post"]
        nothing = dict(zip(none, nothing_fits(market, looking[none], offered), strict=False))
        people = [read.worker_ids[at] for at in looking.tolist()]
        write_unplaced(beside, unplaced_rows(why, nothing, people, posts, objective))
        result = {
            "folder": folder.name,
            "as_of": as_of,
            "objective": objective,
            "ranker": ranker.name,
            "version": ranker.version,
            "open_workers": len(looking),
            "vacancies": len(offered),
            "seats": int(market.vacancies.seats[offered].clip(0).sum()),
            "placed": len(placed),
            "expected_starts": _sum(rows, "p_hire"),
            "expected_stable_180": round(sum(row["p_hire"] * row["p_stay_180"] for row in rows), 3),
            "total": short(made.total),
            "bound": short(made.bound),
            "gap": short(made.gap),
            "missed": short(missed / made.bound if made.bound > 0 else 0.0),
            "missed_is_estimate": not planned.chosen.pairs.exact,
            "quotas": [
                {
                    "quota": quota_words(each.quota),
                    "asked": each.asked,
                    "reached": each.reached,
                    "most": each.most,
                    "one_more_costs": None if np.isnan(each.price) else short(each.price),
                }
                for each in made.quotas
            ],
            "shortfalls": [each.sentence for each in made.shortfalls],
            "left_empty": left_empty(problem, made),
            "buses": [
                {
                    "place": place,
                    "least": bus.least,
                    "aboard": bus.aboard,
                    "sentence": bus_words(market.places.get(regions.padded(place), place), bus),
                }
                for (place, _), bus in zip(buses, made.buses, strict=True)
            ],
            "unplaced": unplaced_sums(why, nothing),
            "past": what_the_past_lacks(read.history, as_of),
            "notes": [
                {"code": note.code, "people": len(note.rows), "sentence": note.sentence}
                for note in made.notes
            ],
            **what_was_read(read, rejected),
            "out": str(out),
            "prices": str(prices),
            "unplaced_file": str(beside),
        }
        result["nobody"] = why_nobody(result)
    if as_json:
        answer(result)
    else:
        sys.stdout.write("\n".join(_told(result)) + "\n")


def _rows(
    read: FolderMarket, ranker: PriorRanker, pairs: Pairs, score: Any, tell: Telling
) -> list[dict[str, Any]]:
    orders = ORDERS if len(pairs) <= _MANY else _FEW_ORDERS

    def told(begin: int) -> list[dict[str, Any]]:
        at = np.arange(begin, min(begin + _EXPLAINED_AT_ONCE, len(pairs)))
        some = pairs.take(at)
        expected = ranker.outlook(some)
        each_one = zip(
            some.workers.tolist(), some.vacancies.tolist(), expected.p_hire.tolist(), expected.stay(90).tolist(),
            expected.stay(180).tolist(), score[at].tolist(), ranker.contributions(some, orders), strict=True,
        )  # fmt: skip
        return [
            {
                "worker_id": read.worker_ids[worker],
                "vacancy_id": read.vacancy_ids[vacancy],
                "p_hire": short(hire),
                "p_stay_90": short(stay_90),
                "p_stay_180": short(stay_180),
                "score": short(worth),
                "reasons": reasons_cell(reason.sentence for reason in chosen(reasons)),
            }
            for worker, vacancy, hire, stay_90, stay_180, worth, reasons in each_one
        ]

    rows: list[dict[str, Any]] = []
    for some in abreast(told, range(0, len(pairs), _EXPLAINED_AT_ONCE)):
        rows += some
        tell(len(rows), len(pairs), "说明理由")
    return rows


def _sum(rows: Sequence[Mapping[str, Any]], name: str) -> float:
    return round(float(sum(row[name] for row in rows)), 3)


def _fill(stream: TextIO, rows: Sequence[Mapping[str, Any]]) -> None:
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    for row in rows:
        ids = {name: harmless(row[name]) for name in ("worker_id", "vacancy_id")}
        writer.writerow([{**row, **ids}[name] for name in COLUMNS])


def _told(result: dict[str, Any]) -> list[str]:
    learned = "学习模型" if result["ranker"] == "learned" else "没有以往记录可学，按默认权重"
    lines = [f"没有安排任何人：{result['nobody']}。"] if result["nobody"] else []
    lines += [
        f"待安排{result['open_workers']}人，在招岗位{result['vacancies']}个、{result['seats']}人"
        f"（截至{result['as_of']}，{learned}）。",
        f"  安排{result['placed']}人；预计到岗{result['expected_starts']:.0f}人，"
        f"干满半年{result['expected_stable_180']:.0f}人（模型估计）",
    ]
    if result["gap"]:
        lines.append(f"  与理论上限相差{result['gap']:.2%}")
    if result["missed"]:
        about = "（抽样估计）" if result["missed_is_estimate"] else ""
        lines.append(f"  没有细算的人岗组合最多还能增加{result['missed']:.2%}{about}")
    for each in result["quotas"]:
        cost = each["one_more_costs"]
        price = "" if not cost else f"，再多一人总分减少{cost:.3g}"
        short_of = "" if each["most"] is None else f"，{out_of_reach(each['most'])}"
        lines.append(f"  {each['quota']}：要求{each['asked']}人，安排{each['reached']}人{short_of}{price}")
    lines += [f"  {bus['sentence']}" for bus in result["buses"]]
    lines += [f"  {sentence}" for sentence in result["shortfalls"]]
    lines += [f"  请注意：{sentence}" for sentence in (*result["left_empty"], *result["past"])]
    lines += [
        f"  {note['people']}人：{note['sentence']}" for note in result["notes"] if not _again(note, result)
    ]
    if result["unplaced"]:
        lines.append(f"  没有安排{sum(each['people'] for each in result['unplaced'])}人：")
        lines += [f"    {each['people']}人：{each['sentence']}" for each in result["unplaced"]]
    return [
        *lines,
        *told_of_reading(result),
        f"  方案：{result['out']}；名额价格：{result['prices']}；没有安排的人：{result['unplaced_file']}",
    ]


def _again(note: Mapping[str, Any], result: Mapping[str, Any]) -> bool:
    """Whether that is told of those without a post."""
    return any(each["code"] == note["code"] for each in result["unplaced"])
