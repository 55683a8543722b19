"""./wengang up, import, …: what each verb does; the words it prints are Chinese, `--json` is for programs."""

import json
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
import uvicorn
from pydantic import ValidationError
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from api.app import create_app
from api.audit import audited
from api.cli.importing import Refused, import_file, told
from api.database import Sessions, owner_connection, service_engine, sessions_of
from api.demo_account import DemoLogin, demo_login
from api.embedded import DatabaseNotStarted
from api.runtime import prepared
from api.security import account_by_username
from api.seeding.demo import load_demo
from api.seeding.reference import load_reference
from api.seeding.work_plans import load_work_plans
from api.settings import Settings

app = typer.Typer(
    help="稳岗桥:东西部劳务协作的台账、匹配、上岗、稳定就业与任务进度。",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
import_app = typer.Typer(help="导入文件。", no_args_is_help=True)
app.add_typer(import_app, name="import")

Json = Annotated[bool, typer.Option("--json", help="以JSON输出,供程序读取")]
_to_people = Console(stderr=True)


@app.command()
def up(
    port: Annotated[int, typer.Option(min=0, max=65535, help="网页端口;0为任选一个空闲端口")] = 8000,
    host: Annotated[str, typer.Option(help="监听地址")] = "127.0.0.1",
    as_json: Json = False,
) -> None:
    """启动服务(首次会准备数据库和演示数据),按 Ctrl+C 停止。"""
    settings = _settings()
    listener = _listen(host, port)
    address = f"http://{host}:{listener.getsockname()[1]}"
    with _telling(quiet=as_json) as tell, _prepared(settings, tell) as ready:
        login = _seed(ready, tell)
        service = create_app(ready)
        tell("")
        config = uvicorn.Config(service, log_level="warning", access_log=False, server_header=False)
        server = uvicorn.Server(config)
        _greet(address, login, as_json)
        try:
            server.run(sockets=[listener])
        finally:
            service.state.sessions.kw["bind"].dispose()


@import_app.command("postings")
def import_postings_(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="每行一条广告的 .jsonl 文件")
    ],
    as_of: Annotated[
        datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="文件的时点,默认为当天")
    ] = None,
    region: Annotated[str | None, typer.Option(help="由哪个地区保管(行政区划代码)")] = None,
    account: Annotated[str | None, typer.Option(help="由哪个账号导入;演示环境默认为演示账号")] = None,
    out: Annotated[
        Path | None, typer.Option(dir_okay=False, writable=True, help="逐行结果写入该CSV文件")
    ] = None,
    as_json: Json = False,
) -> None:
    """导入招聘广告:完整的发布,缺项的待补,违规的扣下,读不了的说明原因。"""
    settings = _settings()
    with _telling(quiet=as_json) as tell, _prepared(settings, tell) as ready:
        login = _seed(ready, tell)
        engine = service_engine(ready.database_url or "")
        sessions = audited(sessions_of(engine), ready.keyring())
        try:
            result = import_file(
                ready,
                sessions,
                _clerk(sessions, login, account),
                file,
                as_of=as_of.date() if as_of else None,
                region=region,
                out=out,
                tell=tell,
            )
        except Refused as refused:
            _refuse(str(refused))
        finally:
            engine.dispose()
    if as_json:
        _print(result)
    else:
        sys.stdout.write("\n".join(told(result)) + "\n")


def _clerk(sessions: Sessions, login: DemoLogin | None, account: str | None) -> int:
    username = account or (login.username if login else None)
    if username is None:
        _refuse("请用 --account 写明由哪个账号导入。")
    with sessions() as session:
        found = account_by_username(session, username)
    if found is None:
        _refuse("没有这个账号,或账号已停用。")
    return found


def _refuse(words: str) -> NoReturn:
    _to_people.print(words, style="red", soft_wrap=True)
    raise typer.Exit(1)


def _settings() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        for found in error.errors():
            _to_people.print(f"设置有误:{found.get('ctx', {}).get('error', found['msg'])}", style="red")
        raise typer.Exit(1) from None


@contextmanager
def _prepared(settings: Settings, tell: Callable[[str], None]) -> Iterator[Settings]:
    try:
        with prepared(settings, tell) as ready:
            yield ready
    except DatabaseNotStarted as error:
        _to_people.print(str(error), style="red")
        raise typer.Exit(1) from None


@contextmanager
def _telling(*, quiet: bool) -> Iterator[Callable[[str], None]]:
    """A line that says what is being done and for how long; nothing where nobody looks."""
    if quiet or not sys.stderr.isatty():
        yield (lambda _: None) if quiet else _say
        return
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        console=_to_people,
        transient=True,
    ) as line:
        task = line.add_task("准备")

        def tell(words: str) -> None:
            line.update(task, description=words)
            if not words:
                line.stop()

        yield tell


def _say(words: str) -> None:
    if words:
        sys.stderr.write(f"{words}……\n")


def _seed(settings: Settings, tell: Callable[[str], None]) -> DemoLogin | None:
    """Code tables and plans everywhere; generated people and their account in demonstration mode only."""

    def progress(done: int, total: int, words: str) -> None:
        tell(f"{words} {done}/{total}")

    with owner_connection(settings.owner_database_url or "") as connection:
        load_reference(connection, progress)
        load_work_plans(connection, progress)
        if not settings.demonstration:
            return None
        load_demo(connection, settings.keyring(), business_date=settings.today(), scale=settings.demo_scale, progress=progress)
        return demo_login(connection, settings.data_folder)


def _listen(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError:
        _to_people.print(
            f"端口 {port} 已被占用。服务可能已在运行;或换一个端口:./wengang up --port {port + 1}", style="red"
        )
        raise typer.Exit(1) from None
    listener.listen(2048)
    return listener


def _greet(address: str, login: DemoLogin | None, as_json: bool) -> None:
    link = f"{address}/login/{login.link_token}" if login else None
    if as_json:
        account = {"username": login.username, "password": login.password} if login else {}
        _print({"url": address, "login_url": link, **account})
        return
    _to_people.print(f"\n  稳岗桥已启动:{address}", style="bold", soft_wrap=True)
    if login:
        _to_people.print(f"  一次性登录链接:{link}", soft_wrap=True)
        _to_people.print(f"  演示账号:{login.username}    密码:{login.password}")
    _to_people.print(f"  接口文档:{address}/docs    按 Ctrl+C 停止\n", soft_wrap=True)


def _print(told: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(told, ensure_ascii=False, default=_plain) + "\n")
    sys.stdout.flush()


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else str(value)
