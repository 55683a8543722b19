"""`./wengang rank`: the ranked list of one person or one post of an exchange folder, without a server."""

import csv
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from api.cli.files import write
from api.cli.folders import market_of, rejected_beside, told_of_reading, what_was_read
from api.cli.past_words import what_the_past_lacks
from api.cli.prices import Prices, read_prices
from api.cli.speaking import Refused, Telling, answer
from api.collecting import uncollected
from api.folder.market import FolderMarket
from api.folder.people import WORKERS_FILE
from api.folder.posts import VACANCIES_FILE
from api.folder.ranker import ranker_for
from api.rounding import short
from ledger.cells import harmless
from matching.columns import Market
from matching.eligibility import Exclusion, excluded_vacancies, excluded_workers
from matching.flags import flags
from matching.ranking import Ranking, rank_vacancies, rank_workers

COLUMNS = (
    "rank", "worker_id", "vacancy_id", "p_hire", "p_stay_90", "p_stay_180", "score", "reasons",
)  # fmt: skip


def run(
    folder: Path,
    *,
    as_of: date,
    worker: str | None,
    vacancy: str | None,
    top: int,
    seed: int,
    prices: Path | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Rank the posts for `worker` (net of `prices`, where there are), or the open workers for `vacancy`; print, and write to `out`.

    Raises
    ------
    Refused
        when nothing could be ranked, or the list cannot be written.
    """
    rejected = rejected_beside(out, folder) if out else None
    with Telling(quiet=as_json) as tell, uncollected():
        read = market_of(folder, as_of, tell, rejected)
        market = read.market(as_of)
        if worker is not None:
            at = _row(read, WORKERS_FILE, read.worker_ids, worker, "人")
            tell(0, 0, "排序岗位")
            offered = read.on_offer(as_of)
            costs = None if prices is None else read_prices(prices, read.vacancy_ids)
            ranker = ranker_for(read, as_of, seed, "surplus" if costs is None else costs.objective)
            ranking = rank_vacancies(market, ranker, at, top, price=None if costs is None else costs.price)
            pairs = [(at, item.index) for item in ranking.items]
            considered = int(offered.sum())
            out_of = [each for each in excluded_vacancies(market, at) if offered[each.index]]
        else:
            costs = None
            at = _row(read, VACANCIES_FILE, read.vacancy_ids, vacancy or "", "岗位")
            tell(0, 0, "排序人员")
            looking = read.open_workers(as_of)
            ranking = rank_workers(market, ranker_for(read, as_of, seed), at, top, among=looking)
            pairs = [(item.index, at) for item in ranking.items]
            considered = ranking.considered
            out_of = [each for each in excluded_workers(market, at) if looking[each.index]]
        result = {
            "folder": folder.name,
            "as_of": as_of,
            "ranker": ranking.ranker,
            "version": ranking.version,
            "worker_id": worker,
            "vacancy_id": vacancy,
            "considered": considered,
            "eligible": ranking.eligible,
            "excluded": dict(Counter(each.label for each in out_of)),
            "notes": [
                *_notes(read, as_of, at, worker is not None, considered, out_of),
                *what_the_past_lacks(read.history, as_of),
            ],
            "items": _items(read, market, ranking, pairs, costs),
            **what_was_read(read, rejected),
            "out": str(out) if out else None,
        }
        if out:
            write(out, lambda stream: _fill(stream, result["items"]))
    if as_json:
        answer(result)
    else:
        sys.stdout.write("\n".join(_told(result, market, pairs)) + "\n")


def _row(read: FolderMarket, file: str, ids: Sequence[str], wanted: str, what: str) -> int:
    try:
        return ids.index(wanted)
    except ValueError:
        lost = any(each.file == file for each in read.rejected)
        hint = "；有的行没有读取，加上 --out 可以看原因" if lost else ""
        raise Refused(f"{file} 里没有这个编号的{what}，请检查编号{hint}。") from None


def _notes(
    read: FolderMarket,
    as_of: date,
    at: int,
    of_worker: bool,
    considered: int,
    out_of: Sequence[Exclusion],
) -> list[str]:
    """What somebody should know of the list, in sentences."""
    if of_worker:
        if not considered:
            return [f"{as_of}没有在招的岗位，请检查日期和岗位的有效期（valid_from、valid_until）"]
        if not read.open_workers(as_of)[at]:
            return [
                "这个人这一天有在岗记录，列表供参考"
                if read.told_open is None
                else "这个人不在 open_workers.csv 里，列表供参考"
            ]
        return []
    if not considered:
        return [f"{as_of}没有待安置的人：每个人都有在岗记录，或 open_workers.csv 里没有人"]
    if not read.on_offer(as_of)[at]:
        return sorted({each.sentence for each in out_of if each.code in ("no_seat", "not_valid")})
    return []


def _items(
    read: FolderMarket,
    market: Market,
    ranking: Ranking,
    pairs: Sequence[tuple[int, int]],
    costs: Prices | None,
) -> list[dict[str, Any]]:
    return [
        {
            "rank": item.rank,
            "worker_id": read.worker_ids[worker],
            "vacancy_id": read.vacancy_ids[vacancy],
            "p_hire": short(item.p_hire),
            "p_stay_90": short(item.p_stay_90),
            "p_stay_180": short(item.p_stay_180),
            "score": short(item.score),
            "price": None
            if costs is None or np.isnan(costs.price[vacancy])
            else short(float(costs.price[vacancy])),
            "reasons": [
                {
                    "code": each.code,
                    "sentence": each.sentence,
                    "contribution": short(each.contribution),
                }
                for each in item.reasons
            ],
            "flags": [flag.sentence for flag in flags(market, worker, vacancy, str(read.groups.sex[worker]))],
        }
        for item, (worker, vacancy) in zip(ranking.items, pairs, strict=True)
    ]


def reasons_cell(sentences: Iterable[str]) -> str:
    """Reasons as one cell of a CSV file."""
    return "；".join(sentences)


def _fill(stream: TextIO, items: Sequence[dict[str, Any]]) -> None:
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    for item in items:
        cells = {
            **item,
            "worker_id": harmless(item["worker_id"]),
            "vacancy_id": harmless(item["vacancy_id"]),
            "reasons": reasons_cell(reason["sentence"] for reason in item["reasons"]),
        }
        writer.writerow([cells[name] for name in COLUMNS])


def _told(result: dict[str, Any], market: Market, pairs: Sequence[tuple[int, int]]) -> list[str]:
    of_worker = result["worker_id"] is not None
    what = "个在招岗位" if of_worker else "个待安置的人"
    whose = f"人员 {result['worker_id']}" if of_worker else f"岗位 {result['vacancy_id']}"
    lines = [
        f"{whose}（截至{result['as_of']}）：{result['considered']}{what}，符合条件{result['eligible']}个，"
        f"列出{len(result['items'])}个。"
    ]
    lines += [f"  {note}" for note in result["notes"]]
    for item, (_, vacancy) in zip(result["items"], pairs, strict=True):
        title = str(market.vacancies.title[vacancy])
        name = f"{item['vacancy_id']} {title}" if of_worker else item["worker_id"]
        chances = [
            f"{label}{item[key]:.0%}"
            for key, label in (("p_hire", "录用"), ("p_stay_90", "干满三个月"), ("p_stay_180", "干满半年"))
            if item[key] is not None
        ]
        lines.append(f"{item['rank']:>3}. {name}  {'，'.join(chances)}")
        if item["price"]:
            lines.append(f"     名额价格{item['price']:.3g}，扣除后{item['score'] - item['price']:.3g}")
        if item["reasons"]:
            lines.append(f"     {'；'.join(reason['sentence'] for reason in item['reasons'])}")
        lines += [f"     请确认：{sentence}" for sentence in item["flags"]]
    if not result["eligible"] and result["excluded"]:
        counts = "、".join(f"{label}{many}个" for label, many in result["excluded"].items())
        lines.append(f"  没有符合条件的：{counts}（一个可能有几条）")
    lines += told_of_reading(result)
    if result["out"]:
        lines.append(f"  列表：{result['out']}")
    return lines
