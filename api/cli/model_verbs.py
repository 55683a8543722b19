"""./wengang models list, train, back."""

from typing import Annotated

import typer

from api.cli.chinese import Verb, Verbs
from api.cli.configured import read_settings
from api.cli.folder_verbs import Json
from api.cli.speaking import Refused, refuse

models_app = typer.Typer(cls=Verbs, help="推荐模型：看、训练、退回上一版。", no_args_is_help=True)
Account = Annotated[
    str | None, typer.Option("--account", metavar="账号", help="用哪个账号；演示环境默认为演示账号")
]
OneRegion = Annotated[
    str | None, typer.Option("--region", metavar="代码", help="只管其中一个地区；默认为账号的全部地区")
]


@models_app.command("list", cls=Verb)
def list_models(account: Account = None, as_json: Json = False) -> None:
    """现在按什么排序，每次训练的结果和原因。"""
    try:
        settings = read_settings()
        from api.cli.models import show

        show(settings, account=account, as_json=as_json)
    except Refused as refused:
        refuse(str(refused))


@models_app.command("train", cls=Verb)
def train_model(account: Account = None, region: OneRegion = None, as_json: Json = False) -> None:
    """用现在已知的记录训练；比正在用的更准、没有群体吃亏才启用。"""
    try:
        settings = read_settings()
        from api.cli.models import train

        train(settings, account=account, region=region, as_json=as_json)
    except Refused as refused:
        refuse(str(refused))


@models_app.command("back", cls=Verb)
def back_model(
    reason: Annotated[str, typer.Option("--reason", metavar="原因", help="为什么退回，会留在记录里")],
    account: Account = None,
    region: OneRegion = None,
    as_json: Json = False,
) -> None:
    """退回上一版：以前的模型（或默认权重）立即重新使用。"""
    try:
        settings = read_settings()
        from api.cli.models import back

        back(settings, account=account, region=region, reason=reason, as_json=as_json)
    except Refused as refused:
        refuse(str(refused))
