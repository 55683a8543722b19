"""What is cleared when nobody comes back for it."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import create_engine, text

_IMPORT = text(
    "INSERT INTO import (created_at, purpose, state, file_name, file_sha256, region, as_of, shifted_days, message, "
    "sheets, counts) VALUES (now() - make_interval(days => :age), :purpose, 'ready', 'a.xlsx', '', '610728', "
    "'2021-09-20', 0, '', '[]', '{}') RETURNING id"
)


def test_an_abandoned_file_is_cleared_with_all_its_lines_and_a_comparison_has_longer(
    clone: Callable[[str], Any],
) -> None:
    database = clone("purged")
    owner, service = create_engine(database.owner), create_engine(database.service)
    kept: dict[str, int] = {}
    with owner.begin() as connection:
        for name, purpose, age in (
            ("old", "apply", 40),
            ("young", "apply", 5),
            ("comparison", "compare", 40),
            ("old comparison", "compare", 200),
        ):
            kept[name] = connection.scalar(_IMPORT, {"purpose": purpose, "age": age})
            told = {"id": kept[name]}
            connection.execute(text("INSERT INTO import_part VALUES (:id, 1, 'x')"), told)
            connection.execute(
                text(
                    "INSERT INTO import_line (import_id, line, sheet, reason, reading, sealed_cells, sealed_judgement) "
                    "VALUES (:id, 1, 0, '', '{}', 'x', 'x')"
                ),
                told,
            )
    with service.begin() as connection:
        assert connection.scalar(text("SELECT purge_abandoned_imports(30)")) == 2
    with owner.begin() as connection:
        rows = connection.execute(
            text(
                "SELECT import.id, state, (SELECT count(*) FROM import_part WHERE import_id = import.id), "
                "sealed_cells IS NULL AND sealed_judgement IS NULL FROM import JOIN import_line ON import_id = import.id"
            )
        ).all()
    owner.dispose()
    service.dispose()
    assert {number: tuple(rest) for number, *rest in rows} == {
        kept["old"]: ("cancelled", 0, True),
        kept["young"]: ("ready", 1, False),
        kept["comparison"]: ("ready", 1, False),
        kept["old comparison"]: ("cancelled", 0, True),
    }
