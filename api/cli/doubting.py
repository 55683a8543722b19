"""`./wengang doubts`: the 疑点 rules over a workbook of the national system, without a server."""

import csv
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TextIO

from api.cli.files import why, write
from api.cli.speaking import Refused, Telling, answer
from api.workbooks.limits import Unreadable
from api.workbooks.reading import Cell, sheets
from ledger.cells import harmless
from ledger.doubts.catalogue import RULES
from ledger.doubts.checking import doubts
from ledger.doubts.place import cities_without_counties
from ledger.doubts.report import by_rule, write_csv
from ledger.doubts.rule import Context, Finding
from ledger.doubts.services import SERVICE_LISTS, services
from ledger.forms import EXPLANATION, Complaint, Unrecognised, read_sheet
from ledger.gazetteer import Gazetteer
from ledger.records.reported import Reported

REJECTED = "rejected.csv"
_EVERY = 5000


@dataclass
class _Read:
    """What came of the file: records to check, and what could not be read, by sheet."""

    records: list[Reported] = field(default_factory=list)
    complaints: list[tuple[str, Complaint]] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)
    refused_rows: int = 0


def is_home(code: str) -> bool:
    """Whether the code is a county in force, or a city without counties."""
    gazetteer = Gazetteer.national()
    return code in gazetteer and (gazetteer.level(code) == "county" or code in cities_without_counties())


def run(file: Path, *, as_of: date, home: str, out: Path, as_json: bool) -> None:
    """Check a file, write the findings and what could not be read, and print the sums.

    Raises
    ------
    Refused
        when nothing could be checked, or the results cannot be written.
    """
    rejected = out.with_name(REJECTED)
    if out.resolve() in (file.resolve(), rejected.resolve()):
        raise Refused(f"--out 不能是要检查的文件，也不能叫 {REJECTED}，请换一个文件名。")
    with Telling(quiet=as_json) as tell:
        read = _read(file, tell)
        write(rejected, lambda stream: _write_rejected(stream, file.name, read))
        if not read.records:
            raise Refused(f"{file.name} 里没有能检查的行，原因见 {rejected}。")
        tell(0, 0, f"检查 {len(read.records)} 行")
        context = Context(as_of, home)
        findings = doubts(read.records, context)
        to_serve = services(read.records, context)
        tell(0, 0, f"写入 {out.name}")
        several = len(read.sheets) > 1
        write(out, lambda stream: write_csv(findings, stream, name_sheets=several))
    result = _summary(file, out, rejected, context, read, findings, to_serve)
    if as_json:
        answer(result)
    else:
        sys.stdout.write("\n".join(_told(result)) + "\n")


def _read(file: Path, tell: Telling) -> _Read:
    read = _Read()
    try:
        for sheet in sheets(file):
            known = len(read.records) + len(read.complaints)
            try:
                for _, row, reported in read_sheet(
                    sheet.name, _counted(sheet.rows, tell), formulas=sheet.formulas
                ):
                    read.complaints.extend((sheet.name, complaint) for complaint in row.complaints)
                    if reported:
                        read.records.append(reported)
            except Unrecognised as problem:
                if sheet.name == EXPLANATION:
                    continue
                read.complaints.append((sheet.name, Complaint(0, "", f"表“{sheet.name}”{problem}")))
            if len(read.records) + len(read.complaints) > known:
                read.sheets.append(sheet.name)
    except Unreadable as problem:
        raise Refused(f"{file.name}：{problem}。") from None
    except FileNotFoundError:
        raise Refused(f"没有找到文件 {file}，请检查文件名。") from None
    except OSError as error:
        raise Refused(f"不能读取 {file}（{why(error)}），请检查文件和权限。") from None
    refused = {(sheet, complaint.row) for sheet, complaint in read.complaints if complaint.refused}
    read.refused_rows = len(refused)
    return read


def _counted(
    rows: Iterable[tuple[int, Sequence[Cell]]], tell: Telling
) -> Iterator[tuple[int, Sequence[Cell]]]:
    for number, cells in rows:
        if number % _EVERY == 0:
            tell(0, 0, f"读取第 {number} 行")
        yield number, cells


def _write_rejected(stream: TextIO, name: str, read: _Read) -> None:
    writer = csv.writer(stream)
    writer.writerow(("file", "line", "column", "reason"))
    several = len(read.sheets) > 1
    for sheet, complaint in read.complaints:
        reason = f"表“{sheet}”：{complaint.reason}" if several and complaint.row else complaint.reason
        ending = "" if complaint.refused or not complaint.row else "（其余内容已照常检查）"
        writer.writerow((harmless(name), complaint.row or "", complaint.column, reason + ending))


def _summary(
    file: Path,
    out: Path,
    rejected: Path,
    context: Context,
    read: _Read,
    findings: Sequence[Finding],
    to_serve: Sequence[Finding],
) -> dict[str, Any]:
    return {
        "file": file.name,
        "as_of": context.as_of,
        "home": context.home,
        "sheets": read.sheets,
        "rows": len(read.records) + read.refused_rows,
        "checked": len(read.records),
        "rejected": read.refused_rows,
        "unread_cells": sum(1 for _, complaint in read.complaints if complaint.row and not complaint.refused),
        "findings": len(findings),
        "by_rule": by_rule(findings),
        "by_severity": dict(Counter(finding.rule.severity.value for finding in findings)),
        "lists": [
            {"rule": finding.rule.number, "row": finding.reported.row, "what": finding.what}
            | dict(finding.statistics)
            for finding in findings
            if finding.rule.number == "D23"
        ],
        "services": dict(Counter(finding.rule.number for finding in to_serve)),
        "out": str(out),
        "rejected_file": str(rejected),
    }


def _told(result: dict[str, Any]) -> list[str]:
    titles = {rule.number: rule.title for rule in (*RULES, *SERVICE_LISTS)}
    lines = [
        f"{result['file']}：检查了{result['checked']}行，发现疑点{result['findings']}条"
        f"（截至{result['as_of']}，本县{Gazetteer.national().name(result['home'])}）。"
    ]
    lines += [f"  {number} {titles[number]}：{count}条" for number, count in result["by_rule"].items()]
    lines += [f"  需要服务：{titles[number]} {count}人" for number, count in result["services"].items()]
    if result["rejected"] or result["unread_cells"]:
        lines.append(
            f"  有{result['rejected']}行不能读取，另有{result['unread_cells']}处读不懂：{result['rejected_file']}"
        )
    lines.append(f"  逐条结果：{result['out']}")
    return lines
