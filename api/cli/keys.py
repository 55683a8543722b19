"""`./wengang keys`: which keys there are and what is still under each, and another one in their place."""

import time
from pathlib import Path
from typing import Any

import typer
from sqlalchemy import create_engine, select
from sqlmodel import col

from api.cli.preparing import opened
from api.cli.speaking import Refused, Telling, answer, say
from api.service_keys.counting import values_under
from api.service_keys.rotating import NotRotated, rotate
from api.settings import SHANGHAI, Settings
from models.sealing import KeyState
from models.service_key import ServiceKey


def tell_of(settings: Settings, *, as_json: bool) -> None:
    """Print the keys."""
    with Telling(quiet=as_json) as tell, opened(settings, tell) as ready:
        told = _keys(ready)
        tell.stop()
    if as_json:
        answer({"keys": told, "sealing": settings.sealing_algorithm.value})
        return
    for key in told:
        values = "、".join(f"{name} {count:,} 个" for name, count in key["values"].items()) or "没有"
        retired = f"，{key['retired_at']:%Y-%m-%d %H:%M} 停用" if key["retired_at"] else ""
        since = f"{key['since']:%Y-%m-%d %H:%M} 启用{retired}"
        say(f"密钥“{key['id']}”：{KeyState.read(key['state']).label}，{since}；由它加密的：{values}。")
        if key["remembers"]:
            say("  仍用它认出资料已按规定删除的人的证件号码（只认号码，不能解密）。")
    say(f"新加密用 {settings.sealing_algorithm.label}。")


def _keys(settings: Settings) -> list[dict[str, Any]]:
    engine = create_engine(settings.owner_database_url or "", hide_parameters=True)
    try:
        with engine.connect() as connection:
            under = values_under(connection)
            rows = connection.execute(select(ServiceKey).order_by(col(ServiceKey.created_at))).all()
    finally:
        engine.dispose()
    return [
        {
            "id": row.id,
            "state": row.state.value,
            "since": row.created_at.astimezone(SHANGHAI),
            "retired_at": row.retired_at.astimezone(SHANGHAI) if row.retired_at else None,
            "values": {algorithm.label: count for algorithm, count in under.get(row.id, {}).items()},
            "remembers": row.remembers,
        }
        for row in rows
    ]


def change(settings: Settings, *, out: Path | None, keep: Path | None, as_json: bool) -> None:
    """Change the key; ends with 3 where the setting is to be changed first.

    Raises
    ------
    Refused
        when it can't be done.
    """
    began = time.monotonic()
    if keep is not None and keep.exists():
        raise Refused(f"{keep} 已经存在，请换一个文件名。")
    with Telling(quiet=as_json) as tell, opened(settings, tell) as ready:
        try:
            done = rotate(ready, tell, out=out, keep=keep)
        except NotRotated as error:
            raise Refused(str(error)) from None
        except OSError as error:
            raise Refused(
                f"不能写密钥文件 {error.filename}（{error.strerror}），请处理后再运行一次。"
            ) from None
    seconds = time.monotonic() - began
    if as_json:
        told = {"key": done.new, "former": done.old, "moved": done.moved, "waits": done.waits}
        answer(told | {"remembers": done.remembers, "seconds": round(seconds, 1)})
    elif done.waits:
        say(f"{done.moved:,} 处数据已改用密钥“{done.new}”，用时 {seconds:.0f} 秒。还差最后一步：", "yellow")
        say("  把新密钥设为 WENGANG_SECRET_KEY，重新启动全部服务，再运行一次 ./wengang keys rotate。")
        say(f"  在此之前，旧密钥“{done.old}”仍能打开数据库里的新密钥。")
    else:
        say(f"已换用密钥“{done.new}”，{done.moved:,} 处数据重新加密，用时 {seconds:.0f} 秒。", "green")
        say(f"密钥“{done.old}”已停用。" + _former(settings, keep))
        say("请把新密钥另行保管，并做一次新的备份。")
    if done.waits:
        raise typer.Exit(3)


def _former(settings: Settings, keep: Path | None) -> str:
    if settings.secret_key is not None:
        return "以前的备份要用它才能读；不再需要就请销毁，需要就请另行保管。"
    if keep is not None:
        return f"它另存在 {keep}，以前的备份要用它才能读。"
    return "它没有保存：以前的备份，要有另存的密钥文件才能读出证件号码。"
