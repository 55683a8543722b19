"""Reading the lines of a file beside the work on them: a few in this process, many in one of their own.

Opening and reading a line takes about as long as all else that is done with it, so that a county's file is read on the
second core. The process knows the file's key and has no way to the database; it ends with this one.
"""

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import fields
from multiprocessing.connection import Connection
from operator import attrgetter
from sys import intern
from threading import Lock
from typing import Any, NamedTuple

from api.collecting import uncollected
from ledger.intake.identical import Marked
from ledger.intake.lines import Reader, Staged
from ledger.intake.reading import Read, Terms, read_lines
from ledger.records.reported import Reported
from models.id_number import IdNumber
from models.sealing import Keyring

_MANY = 10_000
"""Lines from which a process of its own, which takes a second or two to begin, is worth it."""

Sheets = Sequence[Mapping[str, Any]]
_parts_of_told = attrgetter(*(field.name for field in fields(Reported)))
_COMMON = tuple(
    at
    for at, field in enumerate(fields(Reported))
    if field.name
    in {
        "sheet",
        "township",
        "village",
        "household_kind",
        "monitored_kind",
        "id_kind",
        "relation",
        "ethnicity",
    }
    | {"political_status", "region", "employer", "industry", "channel", "form"}
)
"""Texts that many lines share: each is held once, as it is where they are read here."""
_parts_of_number = attrgetter(*(field.name for field in fields(IdNumber)))


class Chunk(NamedTuple):
    """Lines as they were read, in their order, and where it was asked by what each is known again."""

    lines: list[Read]
    marks: dict[int, Marked]


@contextmanager
def reading(
    sheets: Sheets, key: bytes, terms: Terms, *, total: int, marked_by: Keyring | None = None
) -> Iterator[Sequence[Callable[[list[Staged]], Chunk]]]:
    """In the block: what reads staged lines of a file that has `total` of them, in turn; `marked_by` also marks them.

    Only lines that are checked, and so marked, are read in a process: while they are applied this one holds what all of
    them told, and another beside it would be too much memory.
    """
    here = _reader(sheets, key, terms, marked_by)
    if total < _MANY or marked_by is None:
        yield [here]
        return
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=_serve, args=(theirs, sheets, key, terms, marked_by), daemon=True
    )
    process.start()
    # Only the process has it now: when it dies, nobody waits for its answer.
    theirs.close()

    turn = Lock()

    def ask(staged: list[Staged]) -> Chunk:
        with turn:
            ours.send(staged)
            answer = ours.recv()
        if isinstance(answer, Exception):
            raise answer
        lines, marks = answer
        return Chunk([_unpacked(line) for line in lines], marks)

    try:
        # This process waits for that one: it reads every third piece itself.
        yield [ask, ask, here]
    finally:
        ours.close()
        process.join()


def _serve(asked: Connection, sheets: Sheets, key: bytes, terms: Terms, marked_by: Keyring) -> None:
    # It ends with its parent, whoever of the two is interrupted.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    read = _reader(sheets, key, terms, marked_by)
    with uncollected(), suppress(EOFError, OSError):
        while True:
            staged = asked.recv()
            try:
                lines, marks = read(staged)
            except Exception as fault:
                # To be told there, as in one process: what is written here is nobody's log.
                asked.send(fault)
            else:
                asked.send(([_packed(line) for line in lines], marks))


def _reader(
    sheets: Sheets, key: bytes, terms: Terms, marked_by: Keyring | None
) -> Callable[[list[Staged]], Chunk]:
    reader = Reader(sheets, key, marked_by)

    def read(staged: list[Staged]) -> Chunk:
        lines = read_lines(terms, reader.read(staged))
        marks, reader.marks = reader.marks, {}
        return Chunk(lines, marks)

    return read


def _packed(read: Read) -> tuple[Any, ...]:
    """A line as it is sent: the two records in it as their parts, which takes a third of the time."""
    line, told, status, kind, reason, complaints, number, *rest = read
    parts = None if told is None else _parts_of_told(told)
    digits = None if number is None else _parts_of_number(number)
    return line, parts, status, kind, reason, complaints, digits, *rest


def _unpacked(packed: tuple[Any, ...]) -> Read:
    line, parts, status, kind, reason, complaints, digits, *rest = packed
    told = None
    if parts is not None:
        values = list(parts)
        for at in _COMMON:
            if values[at]:
                values[at] = intern(values[at])
        told = Reported(*values)
    number = None if digits is None else IdNumber(*digits)
    return Read(line, told, status, kind, reason, complaints, number, *rest)
