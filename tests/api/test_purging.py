"""What is cleared when nobody comes back for it."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import create_engine, text

from api.worker.daily import UNKNOWN_KEPT_DAYS

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


def test_who_stays_unknown_at_a_fair_is_forgotten_and_that_something_was_said_stays(
    clone: Callable[[str], Any],
) -> None:
    database = clone("purged_fairs")
    owner, service = create_engine(database.owner), create_engine(database.service)
    with owner.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO fair (id, created_at, region, name, kind, held_on, place, called_off, is_demo) OVERRIDING SYSTEM VALUE "
                "VALUES (1, now(), '610728', 'x', 'special', '2021-09-20', '', false, false)"
            )
        )
        connection.execute(
            text(
                "INSERT INTO kiosk_device (id, created_at, fair_id, name, letter, code_hash, code_expires_at, lookups, public_key, "
                "master_key_id, sealed_key) OVERRIDING SYSTEM VALUE VALUES (1, now(), 1, 'x', 'A', 'x', now(), 0, 'x', '1', 'x')"
            )
        )
        for key, age in (("young", 80), ("old", 100)):
            connection.execute(
                text(
                    "INSERT INTO kiosk_command (created_at, fair_id, device_id, key, request_hash, kind, happened_at, assisted, "
                    "answered, sealed) VALUES (now() - make_interval(days => :age), 1, 1, :key, 'x', 'check_in', now(), false, "
                    "'waiting', 'x')"
                ),
                {"key": key, "age": age},
            )
    with service.begin() as connection:
        told = {"days": UNKNOWN_KEPT_DAYS}
        assert connection.scalar(text("SELECT purge_waiting_commands(:days)"), told) == 1
    with owner.begin() as connection:
        left = dict(connection.execute(text("SELECT key, sealed IS NOT NULL FROM kiosk_command")).all())
    owner.dispose()
    service.dispose()
    assert left == {"young": True, "old": False}
