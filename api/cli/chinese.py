"""Typer's own words in Chinese: the headings of a help page, and what it says of wrong usage."""

import re
from typing import Any

import typer
from typer import rich_utils
from typer.core import TyperCommand, TyperGroup

rich_utils.ARGUMENTS_PANEL_TITLE = "参数"
rich_utils.OPTIONS_PANEL_TITLE = "选项"
rich_utils.COMMANDS_PANEL_TITLE = "命令"
rich_utils.DEFAULT_STRING = "[默认：{}]"
rich_utils.REQUIRED_LONG_STRING = "[必填]"


class Verb(TyperCommand):
    """A command whose usage line and --help are explained in Chinese."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """Write the usage line."""
        _usage(self, ctx, formatter)

    def get_help_option(self, ctx: Any) -> Any:
        """The --help option."""
        return _explained(super().get_help_option(ctx))


class Verbs(TyperGroup):
    """A group of commands, likewise."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """Write the usage line."""
        _usage(self, ctx, formatter)

    def get_help_option(self, ctx: Any) -> Any:
        """The --help option."""
        return _explained(super().get_help_option(ctx))


def _usage(command: Any, ctx: Any, formatter: Any) -> None:
    pieces = " ".join(command.collect_usage_pieces(ctx))
    for english, chinese in (("[OPTIONS]", "[选项]"), ("COMMAND [ARGS]...", "命令 [参数]…")):
        pieces = pieces.replace(english, chinese)
    formatter.write_usage(ctx.command_path, pieces, "用法：")


def _explained(option: Any) -> Any:
    if option is not None:
        option.help = "显示本说明"
    return option


def wrong_usage(error: typer.TyperException) -> str:
    """What was wrong with the words of a command, and where to look."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "./wengang"
    return f"{_what(error)}。用法请看：{path} --help"


def _what(error: typer.TyperException) -> str:
    param = getattr(error, "param", None)
    is_argument = getattr(param, "param_type_name", "") == "argument"
    names = [param.metavar] if param and is_argument else getattr(param, "opts", [])
    name = " / ".join(names) or getattr(error, "option_name", "") or ""
    kind = type(error).__name__
    if kind == "MissingParameter":
        return f"缺少参数 {name}"
    if kind == "NoSuchOption":
        near = "、".join(getattr(error, "possibilities", None) or [])
        return f"没有 {name} 这个选项" + (f"，是否想写 {near}" if near else "")
    if kind == "BadOptionUsage":
        return f"{name} 后面缺少内容，或不该有内容"
    if kind == "BadParameter":
        return f"{name} 的内容不对，请按说明填写"
    unknown = re.match(r"No such command '(.*?)'", error.message)
    if unknown:
        return f"没有 {unknown[1]} 这个命令"
    if error.message.startswith("Missing command"):
        return "没有写命令"
    if error.message.startswith("Got unexpected extra argument"):
        return "多写了参数"
    return "命令写得不对"
