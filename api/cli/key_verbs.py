"""./wengang keys list, rotate."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli.chinese import Verb, Verbs
from api.cli.configured import read_settings
from api.cli.folder_verbs import Json
from api.cli.speaking import Refused, refuse

keys_app = typer.Typer(cls=Verbs, help="密钥：查看，更换（服务不用停）。", no_args_is_help=True)


@keys_app.command("list", cls=Verb)
def show(as_json: Json = False) -> None:
    """列出密钥的编号、算法、启用时间，以及还有多少数据由它加密；密钥本身从不显示。"""
    try:
        settings = read_settings()
        from api.cli.keys import tell_of

        tell_of(settings, as_json=as_json)
    except Refused as refused:
        refuse(str(refused))


@keys_app.command("rotate", cls=Verb)
def rotate(
    out: Annotated[
        Path | None,
        typer.Option(metavar="文件", help="新密钥存入该文件；密钥由 WENGANG_SECRET_KEY 设置时要写"),
    ] = None,
    keep: Annotated[
        Path | None,
        typer.Option(
            "--keep-former", metavar="文件", help="旧密钥另存到该文件，以便读以前的备份；不写则不再保存"
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """更换密钥：全部数据改由新密钥加密，服务照常使用；中断了再运行一次，会接着做。"""
    try:
        settings = read_settings()
        from api.cli.keys import change

        change(settings, out=out, keep=keep, as_json=as_json)
    except Refused as refused:
        refuse(str(refused))
