"""./wengang backup, restore."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from api.cli.chinese import Verb
from api.cli.configured import read_settings
from api.cli.folder_verbs import Json
from api.cli.speaking import Refused, refuse

keeping_app = typer.Typer()
Jobs = Annotated[int, typer.Option(min=1, max=64, metavar="数", help="同时做几份（用外部数据库时）")]


@keeping_app.command("backup", cls=Verb)
def backup(
    out: Annotated[Path, typer.Option(metavar="文件夹", help="备份写入这个新的（或空的）文件夹")],
    keys: Annotated[
        Path | None,
        typer.Option(metavar="文件夹", help="把密钥文件另存到这里；不能在备份文件夹里"),
    ] = None,
    jobs: Jobs = 2,
    as_json: Json = False,
) -> None:
    """备份全部数据，服务不用停。密钥不在备份里，要另外保管。"""
    try:
        settings = read_settings()
        from api.cli.keeping import make

        make(settings, out, keys=keys, jobs=jobs, as_json=as_json)
    except Refused as refused:
        refuse(str(refused))


@keeping_app.command("restore", cls=Verb)
def restore(
    backup: Annotated[Path, typer.Argument(metavar="备份", help="./wengang backup 写出的文件夹")],
    key: Annotated[
        Path | None,
        typer.Option(metavar="文件", help="另外保管的密钥文件 secret.key；设置了 WENGANG_SECRET_KEY 的不用"),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S.%f"],
            metavar="时刻",
            help="恢复到这一时刻（北京时间），如 '2026-03-01 09:30:00'；要有日志归档",
        ),
    ] = None,
    jobs: Jobs = 2,
    as_json: Json = False,
) -> None:
    """从备份恢复到新的数据文件夹（WENGANG_DATA_FOLDER），并核对数据和操作记录。"""
    try:
        settings = read_settings()
        from api.cli.keeping import put_back

        put_back(settings, backup, key=key, until=until, jobs=jobs, as_json=as_json)
    except Refused as refused:
        refuse(str(refused))
