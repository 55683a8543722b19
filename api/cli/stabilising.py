"""`./wengang stability`: stability rules over the spells of an exchange folder, without a server."""

import csv
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from api.cli.files import content_of, write
from api.cli.folders import reading, rejected_beside, rejected_rows, told_of_reading, write_rejected
from api.cli.speaking import Refused, Telling, answer
from api.collecting import uncollected
from api.folder.spells import Folder, read_folder
from api.folder.work import SPELLS_FILE
from ledger.cells import harmless
from outcomes.days import NEVER, day_of
from outcomes.rule_book import RulesError, read_rules
from outcomes.rules import StabilityRule
from outcomes.stability import Outcomes, evaluate_all

COLUMNS = ("worker_id", "rule", "stable", "stable_on", "year", "reason")
_LARGEST_RULES = 1024 * 1024

__all__ = ["RulesError", "rules_of", "run"]


def rules_of(file: Path) -> list[StabilityRule]:
    """The rules of a rules.json.

    Raises
    ------
    RulesError
        when they cannot be read or used.
    """
    try:
        return read_rules(content_of(file, _LARGEST_RULES).decode("utf-8-sig"))
    except Refused as refused:
        raise RulesError(str(refused)) from None
    except UnicodeDecodeError:
        raise RulesError(f"{file.name} 的文字编码不是UTF-8，请另存为UTF-8。") from None


def run(
    folder: Path,
    rules: Sequence[StabilityRule],
    *,
    as_of: date,
    known_on: date | None,
    out: Path,
    as_json: bool,
) -> None:
    """Evaluate the rules, write one row a worker, rule and year of its mark, and print the sums.

    Raises
    ------
    Refused
        when nothing could be evaluated, or the results cannot be written.
    """
    rejected = rejected_beside(out, folder)
    counts: list[dict[str, Any]] = []
    with Telling(quiet=as_json) as tell, uncollected():
        read = reading(folder, lambda: read_folder(folder, known_on, tell))
        write_rejected(rejected, read.rejected)
        left_out = {each.line for each in read.rejected if each.file == SPELLS_FILE}
        if left_out and len(left_out) >= read.spells:
            raise Refused(f"{SPELLS_FILE} 没有一行能读取，原因见 {rejected}，请修改文件后再试。")

        def fill(stream: TextIO) -> None:
            writer = csv.writer(stream)
            writer.writerow(COLUMNS)
            workers = [harmless(worker) for worker in read.workers]
            for at, rule in enumerate(rules):
                tell(at, len(rules), f"计算口径“{rule.id}”")
                outcomes = evaluate_all(read.columns, rule, as_of=as_of)
                writer.writerows(_rows(outcomes, workers))
                counts.append(_counts(outcomes))

        write(out, fill)
    result = _summary(folder, as_of, known_on, read, counts, out, rejected)
    if as_json:
        answer(result)
    else:
        sys.stdout.write("\n".join(_told(result)) + "\n")


def _rows(outcomes: Outcomes, workers: Sequence[str]) -> Iterable[tuple[object, ...]]:
    rule = harmless(outcomes.rule.id)
    days: dict[int, tuple[str, str]] = {NEVER: ("", "")}
    for mark in np.unique(outcomes.mark).tolist():
        if mark < NEVER:
            day = day_of(mark)
            days[mark] = day.isoformat(), str(day.year)
    for person, mark, reason in zip(
        outcomes.person.tolist(), outcomes.mark.tolist(), outcomes.reasons(), strict=True
    ):
        stable_on, year = days[mark]
        yield workers[person], rule, int(mark < NEVER), stable_on, year, reason


def _counts(outcomes: Outcomes) -> dict[str, Any]:
    stable = len(set(outcomes.fulfilled))
    return {
        "rule": outcomes.rule.id,
        "stable": stable,
        "not_stable": outcomes.columns.people - stable,
        "rows": len(outcomes),
    }


def _summary(
    folder: Path,
    as_of: date,
    known_on: date | None,
    read: Folder,
    counts: list[dict[str, Any]],
    out: Path,
    rejected: Path,
) -> dict[str, Any]:
    return {
        "folder": folder.name,
        "as_of": as_of,
        "known_on": known_on,
        "workers": len(read.workers),
        "spells": read.spells,
        "in_force": len(read.columns.person),
        "superseded": read.recorded.superseded,
        "recorded_later": read.recorded.later,
        "unknown_supersedes": read.recorded.astray,
        "rejected": rejected_rows(read.rejected),
        "birth_dates": read.has_workers,
        "unknown_columns": {file: list(names) for file, names in read.unknown_columns.items() if names},
        "rules": counts,
        "out": str(out),
        "rejected_file": str(rejected),
    }


def _told(result: dict[str, Any]) -> list[str]:
    known = f"，只用{result['known_on']}以前登记的" if result["known_on"] else ""
    lines = [
        f"{result['workers']}人、{result['spells']}条务工记录，计入{result['in_force']}条（截至{result['as_of']}{known}）。"
    ]
    lines += [
        f"  {each['rule']}：稳定{each['stable']}人，未达到{each['not_stable']}人" for each in result["rules"]
    ]
    if result["superseded"]:
        lines.append(f"  已被更正、不再计入 {result['superseded']}条")
    if result["recorded_later"]:
        lines.append(f"  当时还没有登记 {result['recorded_later']}条")
    if result["unknown_supersedes"]:
        lines.append(f"  {result['unknown_supersedes']}条写明更正另一条，但没有找到那一条")
    if not result["birth_dates"]:
        lines.append("  没有 workers.csv：不知道出生日期，未满16周岁的日子没有扣除")
    lines += told_of_reading(result)
    lines.append(f"  逐条结果：{result['out']}")
    return lines
