"""The published work plans as pairings and targets, and the bureau's own reference rules of stability."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, and_, insert, select, update

from api.seeding.copying import Progress, silent
from models.base import metadata
from outcomes.known_rules import known_rules

PLANS = Path(__file__).with_name("work_plans.toml")

REFERENCE_RULES = {
    code: (known_rules()[code].name, dict(known_rules()[code].fields))
    for code in ("reference_3_months", "reference_6_months")
}
"""What is shown beside a plan that has no rule of its own; none of the five has."""


def load_work_plans(connection: Connection, progress: Progress = silent) -> dict[str, int]:
    """Bring rules, pairings, plans and targets to what the file says; the number new or changed, by table.

    Plans and targets that people added or changed are left alone.
    """
    content = tomllib.loads(PLANS.read_text(encoding="utf-8"))
    counts = dict.fromkeys(("stability_rule", "pairing", "work_plan", "target"), 0)
    for code, (name, parameters) in REFERENCE_RULES.items():
        _, changed = _put(
            connection, "stability_rule", {"code": code}, {"name": name, "parameters": parameters}
        )
        counts["stability_rule"] += changed
    pairings: dict[tuple[str, str], int] = {}
    for pairing in content["pairing"]:
        known = {
            "origin_region": pairing["origin"],
            "destination_region": pairing["destination"],
            "programme": pairing["programme"],
        }
        number, changed = _put(connection, "pairing", known, {"valid_from": pairing["valid_from"]})
        pairings[pairing["origin"], pairing["destination"]] = number
        counts["pairing"] += changed
    for done, plan in enumerate(content["plan"]):
        progress(done, len(content["plan"]), f"载入{plan['title']}")
        number, changed = _put(
            connection,
            "work_plan",
            {"code": plan["code"]},
            {
                **{name: plan.get(name) for name in ("title", "issuer", "document_number", "published_on")},
                "region": plan["region"],
                "pairing_id": pairings[plan["region"], plan["pairing"]] if "pairing" in plan else None,
            },
        )
        counts["work_plan"] += changed
        counts["target"] += _targets(connection, number, plan)
    progress(len(content["plan"]), len(content["plan"]), "工作计划已就绪")
    return counts


def _targets(connection: Connection, plan_id: int, plan: Mapping[str, Any]) -> int:
    written = 0
    numbers: dict[int, int] = {}
    for sequence, task in enumerate(plan["task"], start=1):
        numbers[sequence], changed = _put(
            connection,
            "target",
            {"work_plan_id": plan_id, "sequence": sequence},
            {
                "parent_id": numbers[task["part_of"]] if "part_of" in task else None,
                "region": plan["region"],
                "label": task["label"],
                "sentence": task["sentence"],
                "indicator": task.get("indicator", "task"),
                "population": task.get("population", "rural"),
                "kinds": task.get("kinds", []),
                "number": task.get("number"),
                "at_least": task.get("at_least", False),
                "unit": task.get("unit", "人"),
                "measure": task.get("measure", "flow"),
                "from_on": task.get("from_on", plan["from_on"]),
                "to_on": task.get("to_on", plan["to_on"]),
            },
        )
        written += changed
    return written


def _written_by_people(connection: Connection, table: str, number: int) -> bool:
    """Whether the record of changes has this row: what a bureau entered or changed is not set back to the file."""
    events = metadata.tables["audit_event"].c
    asked = select(events.id).where(events.noun == table, events.row_id == number).limit(1)
    return connection.execute(asked).first() is not None


def _put(
    connection: Connection, table: str, known: Mapping[str, Any], values: Mapping[str, Any]
) -> tuple[int, bool]:
    """The number of the row known by these columns, and whether it had to be written."""
    columns = metadata.tables[table].c
    here = and_(*(columns[name] == value for name, value in known.items()))
    found = connection.execute(
        select(columns.id, *(columns[name] for name in values)).where(here)
    ).one_or_none()
    if found is None:
        row = connection.execute(
            insert(metadata.tables[table]).values(**known, **values).returning(columns.id)
        )
        return int(row.scalar_one()), True
    if tuple(found[1:]) == tuple(values.values()) or _written_by_people(connection, table, int(found[0])):
        return int(found[0]), False
    connection.execute(update(metadata.tables[table]).where(here).values(**values))
    return int(found[0]), True
