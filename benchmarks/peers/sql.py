"""PostgreSQL and DuckDB: the table, and the question as SQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
from numpy.typing import NDArray

from api.postgres.embedded import temporary_cluster
from benchmarks.peers.prepared import LOOKED_AT, Prepared, Question

_HERE = Path(__file__).parent


def _told(name: str) -> str:
    """A file of SQL without its comments."""
    return "\n".join(line for line in (_HERE / name).read_text().splitlines() if not line.startswith("--"))


_BEST = _told("best.sql")
_TYPES = {"i2": "smallint", "i4": "integer", "f4": "real"}
_SETTINGS = ("SET max_parallel_workers_per_gather = 0", "SET jit = off", "SET work_mem = '64MB'")


class Postgres:
    """The embedded PostgreSQL: one session, one core, everything in memory."""

    name = "PostgreSQL"

    def __init__(self, prepared: Prepared, connection: "psycopg.Connection[Any]") -> None:
        self._prepared, self._connection = prepared, connection
        names = list(prepared.columns)
        kinds = [_TYPES[prepared.columns[name].dtype.str[1:]] for name in names]
        columns = ", ".join(f"{name} {kind} NOT NULL" for name, kind in zip(names, kinds, strict=True))
        connection.execute(f"CREATE TABLE post ({columns})".encode())
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY post ({', '.join(names)}) FROM STDIN".encode()) as copy,
        ):
            values = [column.tolist() for column in prepared.columns.values()]
            for row in zip(*values, strict=True):
                copy.write_row(row)
        for statement in _told("post.sql").split(";"):
            if statement.strip():
                connection.execute(statement.encode())
        for setting in _SETTINGS:
            connection.execute(setting.encode())
        self._process = connection.info.backend_pid

    def seconds(self) -> float:
        """What the server's process for this session has used of the processor."""
        return int(Path(f"/proc/{self._process}/schedstat").read_text().split()[0]) / 1e9

    def best(self, question: Question) -> NDArray[np.int64]:
        """The rows of the best by the line."""
        return np.array([row for (row,) in self._asked("", question).fetchall()], np.int64)

    def plan(self, question: Question) -> str:
        """What the server does, in its own words."""
        lines = self._asked("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) ", question).fetchall()
        return "\n".join(line for (line,) in lines)

    def _asked(self, before: str, question: Question) -> "psycopg.Cursor[Any]":
        kinds = "".join(f"+ (%s::real[])[kind_{kind} + 1] " for kind in range(len(question.arrays)))
        text = before + _BEST.format(
            place="place = ANY(%s::smallint[])", skill="skill = ANY(%s::smallint[])", age="%s::smallint", max_age="%s::smallint",
            education="%s::smallint", available="%s::integer", home=question.home, pay=self._prepared.pay_sql(question, "%s::real"), kinds=kinds,
            limit=LOOKED_AT,
        )  # fmt: skip
        values = [question.places, question.skills, *_ages(question), question.education, question.available]
        floors = [] if question.floor is None else [question.floor] * 2
        arrays = [array.tolist() for array in question.arrays]
        return self._connection.execute(text.encode(), [*values, *floors, *arrays])


class Duck:
    """DuckDB: one thread, the table in memory, laid by place and skill."""

    name = "DuckDB"

    def __init__(self, prepared: Prepared) -> None:
        import duckdb

        self._prepared, self._connection = prepared, duckdb.connect()
        self._connection.execute("SET threads = 1")
        self._connection.register("given", prepared.columns)
        self._connection.execute("CREATE TABLE post AS SELECT * FROM given ORDER BY place, skill")

    def seconds(self) -> float:
        """Nothing outside this process."""
        return 0.0

    def best(self, question: Question) -> NDArray[np.int64]:
        """The rows of the best by the line."""
        kinds = "".join(
            f"+ [{', '.join(f'{each:.7e}' for each in array.tolist())}][kind_{kind} + 1] "
            for kind, array in enumerate(question.arrays)
        )
        low, high = _ages(question)
        text = _BEST.format(
            place=f"place IN ({_listed(question.places)})", skill=f"skill IN ({_listed(question.skills)})", age=low, max_age=high,
            education=question.education, available=question.available, home=question.home, pay=self._prepared.pay_sql(question, f"{question.floor or 0.0:.0f}"),
            kinds=kinds, limit=LOOKED_AT,
        )  # fmt: skip
        found: NDArray[np.int64] = self._connection.execute(text).fetchnumpy()["id"].astype(np.int64)
        return found


def _ages(question: Question) -> tuple[int, int]:
    """What the lower and the upper limit are compared with: an unknown age passes both."""
    return (999, 0) if question.age < 0 else (question.age, question.age)


def _listed(kinds: list[int]) -> str:
    return ", ".join(map(str, kinds or [-1]))


@contextmanager
def postgres(prepared: Prepared) -> Iterator[Postgres]:
    """A server of its own, gone afterwards."""
    with temporary_cluster() as cluster:
        cluster.ensure_database("benchmark")
        address = cluster.owner_url("benchmark").replace("postgresql+psycopg", "postgresql")
        with psycopg.connect(address, autocommit=True) as connection:
            yield Postgres(prepared, connection)
