"""How the command line speaks: Chinese to people on standard error, results on standard output."""

import json
import sys
from datetime import date
from types import TracebackType
from typing import Any, NoReturn, Self

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

# File names may hold brackets, which are no markup here.
_people = Console(stderr=True, markup=False, highlight=False, emoji=False, soft_wrap=True)


class Refused(Exception):
    """Nothing was done; the message, in Chinese, says why and what to do."""


def say(sentence: str = "", style: str | None = None) -> None:
    """A line for people."""
    _people.print(sentence, style=style)


def refuse(sentence: str, code: int = 1) -> NoReturn:
    """Say why nothing can be done, and end."""
    say(sentence, "red")
    raise typer.Exit(code)


def answer(result: dict[str, Any]) -> None:
    """A result for programs: one line of JSON."""
    sys.stdout.write(json.dumps(result, ensure_ascii=False, default=_plain) + "\n")
    sys.stdout.flush()


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else str(value)


class Telling:
    """What is being done, with count and time on a terminal; a line for each step elsewhere; nothing when quiet."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._said = ""
        self._line: Progress | None = None
        if not quiet and _people.is_terminal:
            columns = SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()
            self._line = Progress(*columns, console=_people, transient=True)
            self._task = self._line.add_task("准备")

    def __enter__(self) -> Self:
        if self._line:
            self._line.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Clear the line for what is printed next."""
        if self._line:
            self._line.stop()

    def __call__(self, done: int, total: int, words: str) -> None:
        """Tell how far a step is; a step that cannot be counted has a `total` of 0."""
        if self._line:
            self._line.update(self._task, description=f"{words} {done}/{total}" if total else words)
        elif not self._quiet and words != self._said:
            say(f"{words}……")
        self._said = words
