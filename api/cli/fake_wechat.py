"""./wengang fake-wechat: the server that stands in for WeChat's, for who writes the mini-program."""

import socket

import uvicorn

from api.cli.speaking import Refused, answer, say
from api.wechat.fake.serving import fake_wechat
from api.wechat.fake.state import State

APPID, SECRET = "wx-fake", "fake-secret"


def serve_fake(port: int, *, as_json: bool) -> None:
    """Serve on this machine alone, until stopped.

    Raises
    ------
    Refused
        when the port is taken.
    """
    try:
        listener = socket.create_server(("127.0.0.1", port))
    except OSError:
        raise Refused(f"端口 {port} 已被占用，请用 --port 换一个。") from None
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    if as_json:
        answer({"url": address, "appid": APPID, "secret": SECRET})
    else:
        say(f"\n  模拟的微信服务器：{address}", "bold")
        say("  用它来开发和测试小程序，让服务指向它：")
        say(f"    WENGANG_WECHAT_URL={address} WENGANG_WECHAT_APPID={APPID} WENGANG_WECHAT_SECRET={SECRET}")
        say("  造一个微信用户和登录码：")
        say(f'    curl -d \'{{"telephone":"10000000001"}}\' {address}/_fake/people')
        say(f'    curl -d \'{{"openid":"…"}}\' {address}/_fake/login-codes')
        say("  其余见 docs/miniprogram.md。按 Ctrl+C 停止\n")
    server = uvicorn.Server(uvicorn.Config(fake_wechat(State(APPID, SECRET)), log_level="critical"))
    server.run(sockets=[listener])
