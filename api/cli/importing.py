"""`./wengang import postings`: the file goes the same way as through the page, and the report is printed."""

import sys
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from api.audit import audited
from api.cli.files import why
from api.cli.preparing import opened
from api.cli.speaking import Refused, Telling, answer
from api.database import Sessions, service_engine, sessions_of
from api.demo_account import USERNAME
from api.deps import Caller, act_as, narrow
from api.errors import Problem, of_database
from api.importing import apply_postings, same_file
from api.intake.receiving import done, receive
from api.offering import Standing, standings
from api.rights import Action
from api.security import account_by_username
from api.settings import SHANGHAI, Settings
from ledger.gazetteer import Gazetteer
from ledger.postings.findings import Ground
from ledger.postings.report import Outcome, write_csv
from models.intake import Import, ImportKind, ImportLine, ImportState, LineStatus
from models.sealing import Keyring
from models.vacancy import Vacancy


def run(
    settings: Settings,
    content: bytes,
    name: str,
    *,
    as_of: date | None,
    region: str | None,
    account: str | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Import a file's content and print what came of it.

    Raises
    ------
    Refused
        when nothing was taken in.
    """
    username = account or (USERNAME if settings.demonstration else None)
    if username is None:
        raise Refused("请用 --account 写明由哪个账号导入。")
    with Telling(quiet=as_json) as tell, opened(settings, tell) as ready:
        engine = service_engine(ready.database_url or "")
        try:
            keyring = ready.keyring()
            result = _import(
                audited(sessions_of(engine), keyring),
                keyring,
                ready,
                content,
                name,
                username,
                as_of,
                region,
                out,
                tell,
            )
        except Problem as problem:
            raise Refused(f"{name}：{problem.body.detail}") from None
        except DBAPIError as error:
            raise Refused(f"{name}：{of_database(error).body.detail}") from None
        finally:
            engine.dispose()
    if as_json:
        answer(result)
    else:
        sys.stdout.write("\n".join(told(result)) + "\n")
    if result["counts"]["lines"] == result["counts"].get("rejected", 0):
        raise Refused("没有一行能读取，请按上面的原因修改文件后再导入。")


def _import(
    sessions: Sessions,
    keyring: Keyring,
    settings: Settings,
    content: bytes,
    name: str,
    username: str,
    as_of: date | None,
    region: str | None,
    out: Path | None,
    tell: Telling,
) -> dict[str, Any]:
    """One file in one transaction, as one account's bureau; where the table cannot be written nothing comes in."""
    today = settings.today()
    as_of = as_of or today
    with sessions() as session, session.begin():
        account_id = account_by_username(session, username)
        if account_id is None:
            raise Refused("没有这个账号，或账号已停用。")
        caller = narrow(session, act_as(session, account_id), Action.IMPORT)
        kept_by = _keeper(caller, region)
        row, repeated = receive(
            session,
            keyring,
            content,
            file_name=name,
            kept_by=kept_by,
            as_of=as_of,
            today=today,
            demonstration=settings.demonstration,
            account_id=account_id,
            kind=ImportKind.POSTINGS,
        )
        if not repeated:
            apply_postings(session, row, content, progress=tell)
            done(session, row)
        elif row.state is not ImportState.APPLIED:
            raise Refused("这个文件正在导入，请稍后再看结果。")
        if out is not None:
            tell(0, 0, f"写入 {out.name}")
            _write(session, row, out)
        return {
            "import_id": row.id,
            "file": name,
            "repeated": repeated,
            "region": row.region,
            "as_of": row.as_of,
            "shifted_days": row.shifted_days,
            "counts": row.counts,
            "standing": dict(
                standings(
                    session,
                    today,
                    col(Vacancy.import_id) == row.identity,
                    days=settings.vacancy_refresh_days,
                )
            ),
            "before": [
                {
                    "region": each.region,
                    "as_of": each.as_of,
                    "on": each.created_at.astimezone(SHANGHAI).date(),
                }
                for each in same_file(session, row)
            ],
            "out": str(out) if out else None,
        }


def _keeper(caller: Caller, region: str | None) -> str:
    if not caller.regions:
        raise Refused("这个账号没有管辖的地区，不能导入。")
    if region is None:
        return caller.regions[0]
    if not region.isdecimal() or not caller.governs(region):
        raise Refused(f"这个账号管辖的地区是：{'、'.join(caller.regions)}，请用 --region 选择其中之一。")
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
    try:
        with out.open("w", encoding="utf-8", newline="") as stream:
            write_csv(outcomes, stream)
    except OSError as error:
        raise Refused(f"不能写入 {out}（{why(error)}），没有导入任何内容，请换一个位置。") from None


def told(result: dict[str, Any]) -> list[str]:
    """The result in sentences."""
    counts = result["counts"]
    lines = []
    if result["repeated"]:
        lines.append("这个文件已经导入过，没有新增任何内容。上次的结果：")
    lines += [
        f"{result['file']}：共{counts['lines']}条，由{Gazetteer.national().name(result['region'])}保管。",
        f"  完整入库并发布 {counts.get('whole', 0)}条{_standing(result['standing'])}",
        f"  有缺项、待补全 {counts.get('unknowns', 0)}条{_grounds(counts, 'unknown:')}",
        f"  有违规限制、待改 {counts.get('held', 0)}条{_grounds(counts, 'held:')}",
        f"  未能读取 {counts.get('rejected', 0)}条",
    ]
    for before in result["before"]:
        place = Gazetteer.national().name(before["region"])
        lines.append(
            f"  注意：同一个文件{before['on']}为{place}导入过（时点{before['as_of']}），岗位重复，请核对是否都要保留。"
        )
    if result["shifted_days"]:
        way = "后移" if result["shifted_days"] > 0 else "前移"
        lines.append(
            f"  演示环境：广告日期整体{way}了{abs(result['shifted_days'])}天，"
            f"使文件时点{result['as_of']}对应业务日期。"
        )
    if result["out"]:
        lines.append(f"  逐行结果：{result['out']}")
    return lines


def _standing(counts: dict[Standing, int]) -> str:
    parts = [f"{standing.label} {counts[standing]}条" for standing in Standing if standing in counts]
    return f"（到业务日期：{'，'.join(parts)}）" if parts else ""


def _grounds(counts: dict[str, int], prefix: str) -> str:
    parts = [
        f"{Ground.read(name.removeprefix(prefix)).label}{count}"
        for name, count in sorted(counts.items(), key=lambda item: -item[1])
        if name.startswith(prefix)
    ]
    return f"（全部广告中：{'、'.join(parts)}）" if parts else ""
