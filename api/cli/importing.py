"""`./wengang import postings`: the file goes the same way as through the page, and the report is printed."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from api.database import Sessions
from api.deps import Caller, act_as
from api.errors import Problem
from api.importing import EmptyFile, import_postings
from api.settings import Settings
from ledger.gazetteer import Gazetteer
from ledger.postings.findings import Ground
from ledger.postings.report import Outcome, write_csv
from models.intake import Import, ImportLine, LineStatus


class Refused(Exception):
    """The file was not taken in; the message says why and what to do."""


def import_file(
    settings: Settings,
    sessions: Sessions,
    account_id: int,
    file: Path,
    *,
    as_of: date | None,
    region: str | None,
    out: Path | None,
    tell: Callable[[str], None],
) -> dict[str, Any]:
    """Import one file in one transaction, as one account's bureau, and say what came of it.

    Raises
    ------
    Refused
        when nothing was taken in.
    """
    content = file.read_bytes()
    if len(content) > settings.max_body_bytes:
        raise Refused(f"{file.name} 超过{settings.max_body_bytes // 1024 // 1024}MB,请分成几份再导入。")
    today = settings.today()
    try:
        with sessions() as session, session.begin():
            caller = act_as(session, account_id)
            row = import_postings(
                session,
                content,
                file_name=file.name,
                kept_by=_keeper(caller, region),
                as_of=as_of or today,
                today=today,
                demonstration=settings.demonstration,
                account_id=account_id,
                progress=lambda done, total, words: tell(f"{words} {done}/{total}"),
            )
            if out is not None:
                tell(f"写入 {out.name}")
                _write(session, row, out)
            return {
                "import_id": row.id,
                "file": file.name,
                "region": row.region,
                "as_of": row.as_of,
                "shifted_days": row.shifted_days,
                "counts": row.counts,
                "out": str(out) if out else None,
            }
    except EmptyFile:
        raise Refused(f"{file.name} 里没有内容,请选择每行一条广告的 .jsonl 文件。") from None
    except Problem as problem:
        raise Refused(problem.body.detail) from None


def told(result: dict[str, Any]) -> list[str]:
    """The result in sentences."""
    counts = result["counts"]
    place = Gazetteer.national().name(result["region"])
    lines = [
        f"{result['file']}:共{counts['lines']}条,由{place}保管。",
        f"  完整入库并发布 {counts.get('whole', 0)}条(其中现在有效 {counts.get('open', 0)}条)",
        f"  有缺项、待补全 {counts.get('unknowns', 0)}条{_grounds(counts, 'unknown:')}",
        f"  有违规限制、待改 {counts.get('held', 0)}条{_grounds(counts, 'held:')}",
        f"  未能读取 {counts.get('rejected', 0)}条",
    ]
    if result["shifted_days"]:
        lines.append(
            f"  演示环境:广告日期整体后移了{result['shifted_days']}天,使文件时点{result['as_of']}对应业务日期。"
        )
    if result["out"]:
        lines.append(f"  逐行结果:{result['out']}")
    return lines


def _grounds(counts: dict[str, int], prefix: str) -> str:
    parts = [
        f"{Ground.read(name.removeprefix(prefix)).label}{count}"
        for name, count in sorted(counts.items(), key=lambda item: -item[1])
        if name.startswith(prefix)
    ]
    return f"(全部广告中:{'、'.join(parts)})" if parts else ""


def _keeper(caller: Caller, region: str | None) -> str:
    if region is None:
        return caller.regions[0]
    if not caller.governs(region):
        raise Refused(f"演示账号管辖的地区是:{'、'.join(caller.regions)},请用 --region 选择其中之一。")
    return region


def _write(session: Session, row: Import, out: Path) -> None:
    lines = session.exec(
        select(ImportLine).where(ImportLine.import_id == row.identity).order_by(col(ImportLine.line))
    )
    outcomes = (
        Outcome(line.line, LineStatus.REJECTED, "", "", "", "", "", "", line.reason)
        if line.status is LineStatus.REJECTED
        else Outcome(**line.reading)
        for line in lines
    )
    with out.open("w", encoding="utf-8-sig", newline="") as stream:
        write_csv(outcomes, stream)
