"""`./wengang up`: prepare what is missing, print the address, serve until stopped."""

import errno
import logging
import socket
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

import structlog
import uvicorn

from api.app import create_app
from api.cli.preparing import opened
from api.cli.speaking import Refused, Telling, answer, say
from api.database import owner_connection
from api.demo_account import DemoLogin, demo_login
from api.settings import Settings

ErrorInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def serve(settings: Settings, host: str, port: int, *, as_json: bool) -> None:
    """Serve in the foreground; Ctrl+C, SIGTERM and a closed terminal are the ordinary end.

    Raises
    ------
    Refused
        when it cannot begin.
    """
    listener = _listen(host, port)
    address = f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}"
    with Telling(quiet=as_json) as tell, opened(settings, tell) as ready:
        login = _login(ready)
        tell(0, 0, "启动网页服务")
        service = create_app(ready)
        _log_to(settings.data_folder / "service.log")
        config = uvicorn.Config(
            service, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=10
        )
        server = uvicorn.Server(config)
        tell.stop()
        _greet(address, login, as_json=as_json)
        try:
            server.run(sockets=[listener])
        except KeyboardInterrupt:
            pass
        finally:
            service.state.sessions.kw["bind"].dispose()
        if not as_json:
            say("稳岗桥已停止，数据都已保存。")


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Refused(
                f"端口 {port} 已被占用：服务可能已在运行，或换一个端口：./wengang up --port {port % 65535 + 1}"
            ) from None
        if error.errno == errno.EACCES:
            raise Refused(f"没有权限使用端口 {port}，请换一个 1024 以上的端口。") from None
        raise Refused(f"不能在 {host} 上监听，请检查 --host。") from None


def _login(settings: Settings) -> DemoLogin | None:
    if not settings.demonstration:
        return None
    with owner_connection(settings.owner_database_url or "") as connection:
        return demo_login(connection, settings.data_folder)


def _log_to(file: Path) -> None:
    """Requests and errors go to a file: standard output is for the caller, who may never read on."""
    handler = RotatingFileHandler(file, maxBytes=10 * 1024 * 1024, backupCount=3, encoding="utf-8")
    handler.setFormatter(WithoutErrorWords())
    logger = logging.getLogger("wengang")
    for named, level in ((logger, logging.INFO), (logging.getLogger("uvicorn"), logging.WARNING)):
        named.addHandler(handler)
        named.setLevel(level)
        named.propagate = False
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=lambda *_: logger,
    )


class WithoutErrorWords(logging.Formatter):
    """Says of an error its kind and the places it went through: its own words may repeat what somebody typed."""

    def formatException(self, ei: ErrorInfo) -> str:  # noqa: N802 - the name that logging calls
        """The traceback of `ei`, without the error's message."""
        kind, _, trace = ei
        return "".join(traceback.format_tb(trace)) + (kind.__name__ if kind else "")


def _greet(address: str, login: DemoLogin | None, *, as_json: bool) -> None:
    link = f"{address}/login/{login.link_token}" if login else None
    if as_json:
        account = {"username": login.username, "password": login.password} if login else {}
        answer({"url": address, "login_url": link, **account})
        return
    say(f"\n  稳岗桥已启动：{address}", "bold")
    if login:
        say(f"  一次性登录链接：{link}")
        say(f"  演示账号：{login.username}    密码：{login.password}")
    say(f"  接口文档：{address}/docs    按 Ctrl+C 停止\n")
