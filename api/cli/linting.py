"""`./wengang lint`: a file of advertisements through the linter, with no server and no database."""

import csv
import sys
from collections import Counter
from pathlib import Path
from typing import Any, TextIO

from api.cli.files import content_of, write
from api.cli.speaking import Refused, Telling, answer
from ledger.cells import harmless
from ledger.lint.files import Linted, Unreadable, lint_csv, lint_json_lines
from ledger.postings.findings import Ground, Severity

COLUMNS = ("line", "ground", "severity", "field", "phrase", "rule", "rewording")
LARGEST_FILE = 512 * 1024 * 1024  # bytes
_READERS = {".csv": lint_csv, ".jsonl": lint_json_lines, ".json": lint_json_lines}


def run(file: Path, *, out: Path, as_json: bool) -> None:
    """Lint a file, write the findings and print what came of it.

    Raises
    ------
    Refused
        when nothing could be done.
    """
    read = _READERS.get(file.suffix.lower())
    if read is None:
        raise Refused(f"{file.name} 不是 .jsonl 或 .csv 文件，请另存为其中一种后再检查。")
    rejects = out.with_name("rejected.csv")
    if out == rejects or out.resolve() == file.resolve():
        raise Refused(f"--out 不能是 {out.name}，请换一个文件名。")
    content = content_of(file, LARGEST_FILE)
    with Telling(quiet=as_json) as tell:
        try:
            linted = read(content, tell)
        except Unreadable as unreadable:
            raise Refused(f"{file.name}：{unreadable}。") from None
        tell(0, 0, f"写入 {out.name}")
        _write(out, COLUMNS, _findings(linted))
        _write(rejects, ("file", "line", "column", "reason"), _rejected(linted, file.name))
    result = _summary(linted, file, out, rejects)
    if as_json:
        answer(result)
    else:
        sys.stdout.write("\n".join(told(result)) + "\n")
    if linted.lines == len(linted.rejected):
        raise Refused(f"没有一行能读取，原因见 {rejects}，请修改文件后再检查。")


def _findings(linted: Linted) -> list[tuple[object, ...]]:
    return [
        (
            line,
            found.ground,
            found.severity,
            found.field,
            " ".join(found.phrase.split()),
            found.rule,
            found.rewording,
        )
        for line, found in linted.findings
    ]


def _rejected(linted: Linted, name: str) -> list[tuple[object, ...]]:
    return [(name, line.line, line.field or "", line.reason) for line in linted.rejected]


def _write(path: Path, heading: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
    def fill(stream: TextIO) -> None:
        writer = csv.writer(stream)
        writer.writerow(heading)
        writer.writerows([harmless(str(cell)) for cell in row] for row in rows)

    write(path, fill)


def _summary(linted: Linted, file: Path, out: Path, rejects: Path) -> dict[str, Any]:
    """Counts of lines; a line with several findings of one kind counts once in it."""
    grounds = Counter(ground for _, ground in {(line, found.ground.value) for line, found in linted.findings})
    severities = Counter(
        severity for _, severity in {(line, found.severity.value) for line, found in linted.findings}
    )
    touched = len({line for line, _ in linted.findings})
    return {
        "file": file.name,
        "lines": linted.lines,
        "clean": linted.lines - len(linted.rejected) - touched,
        "rejected": len(linted.rejected),
        "findings": len(linted.findings),
        "lines_by_severity": {severity.value: severities[severity.value] for severity in Severity},
        "lines_by_ground": {ground.value: grounds[ground.value] for ground in Ground},
        "unknown_columns": list(linted.unknown_columns),
        "out": str(out),
        "rejected_file": str(rejects),
    }


def told(result: dict[str, Any]) -> list[str]:
    """The result in sentences."""
    severe = result["lines_by_severity"]
    grounds = "、".join(
        f"{Ground.read(name).label}{count}条"
        for name, count in sorted(result["lines_by_ground"].items(), key=lambda item: -item[1])
        if count
    )
    lines = [
        f"{result['file']}：共{result['lines']}条，没有问题的{result['clean']}条。",
        f"  有违法限制、不能发布 {severe['unlawful']}条",
        f"  有要求需说明理由 {severe['ask']}条",
        f"  有缺项、待补全 {severe['missing']}条",
    ]
    if grounds:
        lines.append(f"  按问题分：{grounds}")
    if result["rejected"]:
        lines.append(f"  未能读取 {result['rejected']}条，原因见 {result['rejected_file']}")
    if result["unknown_columns"]:
        lines.append(f"  没有用到的列：{'、'.join(result['unknown_columns'])}")
    lines.append(f"  逐条结果：{result['out']}")
    return lines
