"""`./wengang up`: prepare what is missing, print the address, serve until stopped."""

import socket

import uvicorn

from api.cli.log import end_without_words, log_to
from api.cli.preparing import opened
from api.cli.speaking import Telling, answer, say
from api.cli.working import worker_beside
from api.database import owner_connection
from api.demo_account import DemoLogin, demo_login
from api.settings import Settings


def serve(settings: Settings, listener: socket.socket, *, as_json: bool) -> None:
    """Serve in the foreground; Ctrl+C, SIGTERM and a closed terminal are the ordinary end.

    Raises
    ------
    Refused
        when it cannot begin.
    """
    host, port = listener.getsockname()[:2]
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    with Telling(quiet=as_json) as tell, opened(settings, tell) as ready:
        login = _login(ready)
        tell(0, 0, "启动网页服务")
        # It takes seconds to load; whoever can't begin has been told by now.
        from api.app import create_app
        from api.lines import over_lines

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
