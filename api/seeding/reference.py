"""The code tables: regions, industries, occupations and the titles that mean them."""

from pathlib import Path

from sqlalchemy import Connection

from api.seeding.copying import Progress, Rows, analyse, silent, upsert_rows
from models import reference


def load_reference(connection: Connection, progress: Progress = silent) -> dict[str, int]:
    """Bring the code tables to the version that ships; the number of rows new or changed, by table.

    A place that a newer version no longer has stays: people and posts may refer to it.
    """
    tables = {
        "region": _regions(),
        "industry": _classes(reference.industries()),
        "occupation": _classes(reference.occupations()),
        "occupation_alias": [
            {"alias": row.alias, "occupation_code": row.code} for row in reference.occupation_aliases()
        ],
    }
    counts: dict[str, int] = {}
    for done, (table, rows) in enumerate(tables.items()):
        progress(done, len(tables), "载入行政区划、行业和职业代码")
        counts[table] = upsert_rows(connection, table, rows)
    if any(counts.values()):
        analyse(connection, counts)
    progress(len(tables), len(tables), "代码表已就绪")
    return counts


def _regions() -> Rows:
    source = Path(reference.REGIONS).stem
    return [
        {
            "code": row.code,
            "name": row.name,
            "short_name": row.short_name,
            "level": row.level,
            "parent_code": row.parent or None,
            "longitude": row.lon,
            "latitude": row.lat,
            "source": source,
        }
        for row in reference.regions()
    ]


def _classes(rows: tuple[reference.ClassRow, ...]) -> Rows:
    return [
        {"code": row.code, "name": row.name, "level": row.level, "parent_code": row.parent or None}
        for row in rows
    ]
