"""The port that the service listens on, taken before anything is loaded or prepared: one in use is told at once."""

import errno
import socket

from api.cli.speaking import Refused


def listen(host: str, port: int) -> socket.socket:
    """A socket on the port, any free one where it is 0.

    Raises
    ------
    Refused
        when it can't be had.
    """
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
