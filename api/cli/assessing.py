"""`./wengang assess`: 个人信息保护影响评估 of the whole service, as a file."""

from pathlib import Path

from api.assessment.making import assessment
from api.assessment.written import as_page
from api.cli.preparing import opened
from api.cli.speaking import Refused, Telling, answer, say
from api.database import owner_connection, sessions_of
from api.settings import Settings


def write_assessment(settings: Settings, out: Path, *, as_json: bool) -> None:
    """Write it to `out`; the counts are of all regions.

    Raises
    ------
    Refused
        when the file is there already or can't be written.
    """
    if out.exists():
        raise Refused(f"{out} 已经存在，请换一个文件名：以前的评估要留着。")
    with Telling(quiet=as_json) as tell, opened(settings, tell) as ready:
        with (
            owner_connection(ready.owner_database_url or "") as connection,
            sessions_of(connection)() as session,
        ):
            parts = assessment(session, ready)
        try:
            out.write_text(as_page(parts, ready.today()), encoding="utf-8")
        except OSError as error:
            raise Refused(f"不能写入 {out}（{error.strerror}）。") from None
        tell.stop()
        if as_json:
            answer({"file": str(out), "sections": {part.code: len(part.rows) for part in parts}})
            return
        say(f"影响评估已写入 {out}。请由负责人核对、签字后存档，至少保存3年。")
