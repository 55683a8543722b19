"""`./wengang up`: prepare what is missing, print the address, serve until stopped."""

import errno
import socket

import uvicorn

from api.app import create_app
from api.cli.log import end_without_words, log_to
from api.cli.preparing import opened
from api.cli.speaking import Refused, Telling, answer, say
from api.cli.working import worker_beside
from api.database import owner_connection
from api.demo_account import DemoLogin, demo_login
from api.lines import over_lines
from api.settings import Settings


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
        log_file = settings.data_folder / "service.log"
        log_to(log_file)
        end_without_words()
        server = uvicorn.Server(over_lines(service, timeout_graceful_shutdown=10))
        service.state.stopping = lambda: server.should_exit
        tell.stop()
        _greet(address, login, as_json=as_json)
        try:
            with worker_beside(ready, log_file):
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
