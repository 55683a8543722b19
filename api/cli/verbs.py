"""./wengang up, import, test: the verbs and what they are told.

What a verb needs is loaded when it runs: the service's libraries take seconds, a help page should not.
"""

import os
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from api.cli.chinese import Verb, Verbs
from api.cli.configured import read_settings
from api.cli.files import content_of
from api.cli.folder_verbs import Json, folder_app
from api.cli.keeping_verbs import keeping_app
from api.cli.key_verbs import keys_app
from api.cli.model_verbs import models_app
from api.cli.record_verbs import record_app
from api.cli.speaking import Refused, refuse

app = typer.Typer(
    cls=Verbs,
    help="稳岗桥：东西部劳务协作的台账、匹配、上岗、稳定就业与任务进度。",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
import_app = typer.Typer(cls=Verbs, help="导入文件。", no_args_is_help=True)
app.add_typer(import_app, name="import")
app.add_typer(models_app, name="models")
app.add_typer(record_app, name="audit")
app.add_typer(keys_app, name="keys")
app.add_typer(folder_app)
app.add_typer(keeping_app)


@app.command(cls=Verb)
def up(
    port: Annotated[
        int, typer.Option(min=0, max=65535, metavar="端口", help="网页端口；0 为任选一个空闲端口")
    ] = 8000,
    host: Annotated[str, typer.Option(metavar="地址", help="监听地址")] = "127.0.0.1",
    as_json: Json = False,
) -> None:
    """启动服务（首次会准备数据库和演示数据），按 Ctrl+C 停止。"""
    try:
        settings = read_settings()
        from api.cli.listening import listen

        with listen(host, port) as listener:
            from api.cli.serving import serve

            serve(settings, listener, as_json=as_json)
    except Refused as refused:
        refuse(str(refused))


@app.command(cls=Verb)
def assess(
    out: Annotated[Path, typer.Option(metavar="文件", help="评估写入该文件（HTML）")],
    as_json: Json = False,
) -> None:
    """个人信息保护影响评估：按程序的声明和记录生成，供负责人核对签字。"""
    try:
        settings = read_settings()
        from api.cli.assessing import write_assessment

        write_assessment(settings, out, as_json=as_json)
    except Refused as refused:
        refuse(str(refused))


@app.command("fake-wechat", cls=Verb)
def fake_wechat(
    port: Annotated[
        int, typer.Option(min=0, max=65535, metavar="端口", help="端口；0 为任选一个空闲端口")
    ] = 8099,
    as_json: Json = False,
) -> None:
    """启动模拟的微信服务器，供开发和测试小程序用，不连外网。"""
    try:
        from api.cli.fake_wechat import serve_fake

        serve_fake(port, as_json=as_json)
    except Refused as refused:
        refuse(str(refused))


@app.command(cls=Verb, hidden=True)
def work() -> None:
    """处理后台任务（导入、导出等），直到停止；./wengang up 会自己启动它。"""
    try:
        # It never acts as the tables' owner: what names one database names the other.
        settings = read_settings(owner_database_url=os.environ.get("WENGANG_DATABASE_URL"))
        from api.cli.working import work as be_a_worker

        be_a_worker(settings)
    except Refused as refused:
        refuse(str(refused))


@import_app.command("postings", cls=Verb)
def import_postings(
    file: Annotated[Path, typer.Argument(metavar="文件", help="每行一条广告的 .jsonl 文件")],
    as_of: Annotated[
        datetime | None,
        typer.Option(
            "--as-of", formats=["%Y-%m-%d"], metavar="日期", help="文件的时点，如 2015-04-01；默认为当天"
        ),
    ] = None,
    region: Annotated[
        str | None,
        typer.Option(metavar="代码", help="由哪个地区保管（行政区划代码）；默认为账号的第一个辖区"),
    ] = None,
    account: Annotated[
        str | None, typer.Option(metavar="账号", help="由哪个账号导入；演示环境默认为演示账号")
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="文件", help="逐行结果写入该 CSV 文件")] = None,
    as_json: Json = False,
) -> None:
    """导入招聘广告：完整的发布，缺项的待补，违规的扣下，读不了的说明原因。"""
    try:
        settings = read_settings()
        content = content_of(file, settings.max_body_bytes)
        from api.cli.importing import run

        run(
            settings,
            content,
            file.name,
            as_of=as_of.date() if as_of else None,
            region=region,
            account=account,
            out=out,
            as_json=as_json,
        )
    except Refused as refused:
        refuse(str(refused))


@app.command("invite", cls=Verb)
def invite(
    name: Annotated[str, typer.Argument(metavar="姓名", help="邀请谁")],
    region: Annotated[str, typer.Option(metavar="代码", help="管辖的行政区划代码，如 610728")],
    role: Annotated[
        str, typer.Option(metavar="角色", help="角色的代码或名称，如 county 或 县级经办人")
    ] = "administrator",
    as_json: Json = False,
) -> None:
    """开通一个账号，得到一次性的邀请链接；第一位系统管理员这样开通，以后在“账号”页面邀请。"""
    try:
        settings = read_settings()
        from api.cli.inviting import run
        from models.account import Role

        try:
            given = Role.read(role)
        except ValueError:
            refuse("没有这个角色，可用的有：" + "、".join(each.value for each in Role), code=2)
        run(settings, name, given, region, as_json=as_json)
    except Refused as refused:
        refuse(str(refused))


@app.command("doubts", cls=Verb)
def find_doubts(
    file: Annotated[
        Path, typer.Argument(metavar="文件", help="从全国系统导出的工作簿（.xlsx、.xls、.ods 或 .csv）")
    ],
    as_of: Annotated[
        datetime,
        typer.Option("--as-of", formats=["%Y-%m-%d"], metavar="日期", help="截至哪一天，如 2025-09-30"),
    ],
    home: Annotated[str, typer.Option(metavar="代码", help="本县的6位行政区划代码，如 610728")],
    out: Annotated[Path, typer.Option(metavar="文件", help="疑点写入该 CSV 文件")],
    as_json: Json = False,
) -> None:
    """查疑点：按审计的口径检查务工月监测等导出表，不需要启动服务。"""
    try:
        from api.cli.doubting import is_home, run

        if not is_home(home):
            refuse("--home 应为本县的行政区划代码（6位数字），例如镇巴县是 610728。", code=2)
        run(file, as_of=as_of.date(), home=home, out=out, as_json=as_json)
    except Refused as refused:
        refuse(str(refused))


@app.command("stability", cls=Verb)
def check_stability(
    folder: Annotated[
        Path, typer.Argument(metavar="文件夹", help="其中有 spells.csv（务工记录）和 workers.csv（出生日期）")
    ],
    rules: Annotated[Path, typer.Option(metavar="文件", help="稳定就业口径，rules.json")],
    as_of: Annotated[
        datetime,
        typer.Option("--as-of", formats=["%Y-%m-%d"], metavar="日期", help="截至哪一天，如 2025-09-30"),
    ],
    out: Annotated[Path, typer.Option(metavar="文件", help="每人每条口径的结果写入该 CSV 文件")],
    known_on: Annotated[
        datetime | None,
        typer.Option(
            "--known-on",
            formats=["%Y-%m-%d"],
            metavar="日期",
            help="只用这一天以前（含当天）登记的记录；默认为全部",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """算稳定就业：按口径判断每个人是否稳定、哪一天达到、为什么，不需要启动服务。"""
    try:
        from api.cli.stabilising import RulesError, rules_of, run

        try:
            read = rules_of(rules)
        except RulesError as wrong:
            refuse(str(wrong), code=2)
        run(
            folder,
            read,
            as_of=as_of.date(),
            known_on=known_on.date() if known_on else None,
            out=out,
            as_json=as_json,
        )
    except Refused as refused:
        refuse(str(refused))


@app.command("lint", cls=Verb)
def lint_file(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="文件",
            help="每行一条广告的 .jsonl 文件，或岗位表 .csv（第1行是列名 title,text,pay_min 等）",
        ),
    ],
    out: Annotated[Path, typer.Option(metavar="文件", help="问题逐条写入该 CSV 文件")],
    as_json: Json = False,
) -> None:
    """查岗位：违法限制、需说明理由的要求和缺项，给出原话、依据和改法，不需要启动服务。"""
    try:
        from api.cli.linting import run

        run(file, out=out, as_json=as_json)
    except Refused as refused:
        refuse(str(refused))


@app.command(
    cls=Verb,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []},
)
def test(context: typer.Context) -> None:
    """运行全部测试（后面可加 pytest 的参数）。"""
    try:
        from api.cli.testing import main
    except ImportError:
        refuse("测试工具还没有安装，请运行 ./wengang test。")
    raise typer.Exit(main(context.args))
