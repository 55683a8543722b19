"""Who has no post in a plan and why, as a file beside it."""

import csv
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

from api.cli.files import write
from api.cli.speaking import Refused
from ledger.cells import harmless
from matching.allocation.unplaced import Why
from matching.allocation.words import nobody_placed, one_unplaced, why_unplaced
from matching.nothing_fits import NothingFits

COLUMNS = ("worker_id", "code", "reason")
Row = tuple[str, str, str]


def file_beside(out: Path, prices: Path) -> Path:
    """Named after the plan at `out` (`plan.csv`: `plan.unplaced.csv`), so that plans in one folder keep their own.

    Raises
    ------
    Refused
        when that is where the prices go.
    """
    path = out.with_name(f"{out.stem}.unplaced{out.suffix or '.csv'}")
    if path.resolve() == prices.resolve():
        raise Refused(f"名额价格不能写入 {path}，没有安排的人写在那里，请换一个文件名。")
    return path


def unplaced_rows(
    why: Mapping[int, Why],
    nothing: Mapping[int, NothingFits],
    worker_ids: Sequence[str],
    vacancy_ids: Sequence[str],
    objective: str,
) -> list[Row]:
    """Worker, code and sentence of everybody in `why`; ids by row of the plan."""
    stable, rows = objective == "stable", []
    for row, each in sorted(why.items()):
        if row in nothing:
            code, told = f"{each.code}_{nothing[row].rule.code}", nothing[row].sentence
        else:
            post = f"岗位{vacancy_ids[each.nearest]}" if each.nearest >= 0 else None
            code, told = each.code, one_unplaced(each.code, post, stable, each.score, each.price)
        rows.append((worker_ids[row], code, told))
    return rows


def unplaced_sums(why: Mapping[int, Why], nothing: Mapping[int, NothingFits]) -> list[dict[str, Any]]:
    """How many have no post for which reason, most first."""
    counted = Counter(
        (each.code, nothing[row].rule.label if row in nothing else None) for row, each in why.items()
    )
    return [
        {"code": code, "people": people, "sentence": why_unplaced(code, rule)}
        for (code, rule), people in sorted(counted.items(), key=lambda item: (-item[1], str(item[0])))
    ]


def write_unplaced(path: Path, rows: Iterable[Row]) -> None:
    """One row a person.

    Raises
    ------
    Refused
        when it cannot be written.
    """

    def fill(stream: TextIO) -> None:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        writer.writerows((harmless(worker), code, harmless(told)) for worker, code, told in rows)

    write(path, fill)


def why_nobody(result: Mapping[str, Any]) -> str | None:
    """Why the plan places nobody; None where it places somebody."""
    if result["placed"]:
        return None
    if not result["open_workers"]:
        return "没有待安置的人：每个人都有在岗记录，或 open_workers.csv 里没有人"
    if not result["vacancies"]:
        return "没有在招的岗位，请检查日期和岗位的有效期（valid_from、valid_until）"
    most = result["unplaced"][0]
    return nobody_placed(result["open_workers"], most["people"], most["sentence"])
