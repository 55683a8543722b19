"""`python -m api.cli`, which `./wengang` becomes."""

import signal
import sys
import traceback
from types import FrameType

import typer

from api.cli.chinese import wrong_usage
from api.cli.speaking import say
from api.cli.verbs import app

INTERRUPTED = 130


def main() -> int:
    """Run one command; 0 done, 1 nothing could be done, 2 wrong usage, 130 interrupted."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    # However it is stopped, the database that it started is stopped with it.
    for stop in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(stop) is not signal.SIG_IGN:  # nohup
            signal.signal(stop, _interrupt)
    try:
        code = int(app(prog_name="./wengang", standalone_mode=False) or 0)
    except typer.TyperException as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            sys.stdout.write(f"{error.format_message()}\n")
        else:
            say(wrong_usage(error), "red")
        return 2
    except KeyboardInterrupt:
        code = INTERRUPTED
    except Exception as error:
        # Where it happened, not what was in hand: the message may hold a person's data.
        traceback.print_tb(error.__traceback__)
        say(f"程序出错（{type(error).__name__}），没有完成。请把以上内容发给管理员。", "red")
        return 1
    if code == INTERRUPTED:
        say("已中断。")
    return code


def _interrupt(_: int, __: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
