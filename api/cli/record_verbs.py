"""./wengang audit anchor, verify."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli.chinese import Verb, Verbs
from api.cli.configured import read_settings
from api.cli.folder_verbs import Json
from api.cli.speaking import Refused, refuse

record_app = typer.Typer(cls=Verbs, help="操作记录：取锚点，核验有没有被改动。", no_args_is_help=True)


@record_app.command("anchor", cls=Verb)
def anchor(
    out: Annotated[
        Path, typer.Option(metavar="文件", help="锚点写入该文件；请另存到别处，如其他机器、U盘或打印")
    ],
    as_json: Json = False,
) -> None:
    """取锚点：记录链此刻的末尾。此前的记录以后被改动、删除或截断，凭它都能查出。"""
    try:
        settings = read_settings()
        from api.cli.auditing import take_anchor

        take_anchor(settings, out, as_json=as_json)
    except Refused as refused:
        refuse(str(refused))


@record_app.command("verify", cls=Verb)
def verify(
    anchors: Annotated[
        list[Path] | None,
        typer.Option(
            "--anchor", metavar="文件", help="另存的锚点，可写多个；数据文件夹里每天的锚点总会一起核对"
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """核验操作记录：改动、删除、插入、调换、截断都会指出在哪里；没有问题返回0，有问题返回1。"""
    try:
        settings = read_settings()
        from api.cli.auditing import verify_record

        verify_record(settings, anchors or [], as_json=as_json)
    except Refused as refused:
        refuse(str(refused))
