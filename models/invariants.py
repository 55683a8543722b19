"""What must hold of the data whatever happens to it: one question each, whose answer is the rows that break it.

Constraints and triggers keep most of it already. It is asked anew after a restore or a crash, when it is the database
itself that is in doubt.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import CheckConstraint, ForeignKeyConstraint
from sqlalchemy.dialects import postgresql

from models.registry import metadata


@dataclass(frozen=True, slots=True)
class Invariant:
    """A promise: its code, what it says in Chinese, and SQL that finds what breaks it, as `broken`."""

    name: str
    words: str
    sql: str


BUSINESS = (
    Invariant(
        "seats_oversold",
        "岗位上岗人数不超过招聘人数",
        "SELECT id AS broken FROM vacancy WHERE seats_taken > seats",
    ),
    Invariant(
        "seats_counted",
        "岗位已占名额等于占着名额的务工记录数",
        "SELECT id AS broken FROM vacancy WHERE seats_taken <> (SELECT count(*) FROM employment_spell spell "
        "WHERE spell.vacancy_id = vacancy.id AND superseded_at IS NULL AND seat_released_at IS NULL)",
    ),
    Invariant(
        "spells_overlap",
        "同一个人的主要务工记录不重叠",
        "SELECT one.id AS broken FROM employment_spell one JOIN employment_spell other "
        "ON other.worker_id = one.worker_id AND other.id > one.id "
        "AND daterange(one.started_on, one.ended_on, '[]') && daterange(other.started_on, other.ended_on, '[]') "
        "WHERE one.is_main AND other.is_main AND one.superseded_at IS NULL AND other.superseded_at IS NULL",
    ),
    Invariant(
        "one_spell_a_start",
        "一次上岗只有一条有效的务工记录",
        "SELECT application_id AS broken FROM employment_spell WHERE superseded_at IS NULL "
        "AND application_id IS NOT NULL GROUP BY application_id HAVING count(*) > 1",
    ),
    Invariant(
        "replaced_spells",
        "被更正的务工记录都已失效",
        "SELECT id AS broken FROM employment_spell WHERE superseded_by IS NOT NULL AND superseded_at IS NULL",
    ),
    Invariant(
        "hardship_overlap",
        "同一户同一类困难的时间段不重叠",
        "SELECT one.id AS broken FROM hardship_period one JOIN hardship_period other "
        "ON other.household_id = one.household_id AND other.category = one.category AND other.id > one.id "
        "AND daterange(one.from_on, one.to_on, '[]') && daterange(other.from_on, other.to_on, '[]')",
    ),
    Invariant(
        "spells_follow",
        "务工记录随人归属同一地区",
        "SELECT spell.id AS broken FROM employment_spell spell JOIN worker ON worker.id = spell.worker_id "
        "WHERE spell.origin_region <> worker.region",
    ),
    Invariant(
        "applications_follow",
        "推荐随人和岗位归属同一地区",
        "SELECT application.id AS broken FROM application JOIN worker ON worker.id = worker_id "
        "JOIN vacancy ON vacancy.id = vacancy_id "
        "WHERE worker_region <> worker.region OR vacancy_region <> vacancy.region",
    ),
    Invariant(
        "households_together",
        "家庭与成员在同一个县",
        "SELECT worker.id AS broken FROM worker JOIN household ON household.id = household_id "
        "WHERE county_of(household.region) <> county_of(worker.region)",
    ),
    Invariant(
        "one_number_one_person",
        "一个证件号码只有一个人",
        "SELECT min(id) AS broken FROM (SELECT id, id_number_index AS number FROM worker UNION ALL "
        "SELECT id, id_number_index_2 FROM worker) known WHERE number IS NOT NULL GROUP BY number HAVING count(*) > 1",
    ),
    Invariant(
        "parts_within_target",
        "分解的任务不大于原任务",
        "SELECT part.id AS broken FROM target_part part JOIN target ON target.id = target_id "
        "WHERE withdrawn_at IS NULL AND part.number > target.number",
    ),
    Invariant(
        "models_whole",
        "推荐模型文件与校验和一致",
        "SELECT id AS broken FROM ranking_model WHERE encode(sha256(file), 'hex') <> file_sha256",
    ),
    Invariant(
        "one_answer_a_key",
        "一个幂等键只办过一次",
        "SELECT min(id) AS broken FROM idempotency_key GROUP BY account_id, key HAVING count(*) > 1",
    ),
    Invariant(
        "sealed_once",
        "每条操作记录只封存一次",
        "SELECT event_id AS broken FROM audit_seal GROUP BY event_id HAVING count(*) > 1",
    ),
    Invariant(
        "chain_counted",
        "封存链的序号没有间断",
        "SELECT count(*) AS broken FROM audit_seal HAVING count(*) <> coalesce(max(sequence), 0)",
    ),
)

STRUCTURE = (
    Invariant(
        "constraints_validated",
        "约束都已生效",
        "SELECT oid::bigint AS broken FROM pg_constraint "
        "WHERE connamespace = 'public'::regnamespace AND NOT convalidated",
    ),
    Invariant(
        "indexes_valid",
        "索引都有效",
        "SELECT indexrelid::bigint AS broken FROM pg_index WHERE NOT indisvalid OR NOT indisready",
    ),
    Invariant(
        "triggers_enabled",
        "触发器都已启用",
        "SELECT oid::bigint AS broken FROM pg_trigger WHERE tgenabled = 'D'",
    ),
)


def of_tables() -> Iterator[Invariant]:
    """What every table promises: whom it names is there, its checks hold, its next number is a new one."""
    for name, table in sorted(metadata.tables.items()):
        for constraint in sorted(table.constraints, key=lambda each: str(each.name)):
            if isinstance(constraint, ForeignKeyConstraint):
                own = [f'child."{column.name}"' for column in constraint.columns]
                there = [f'parent."{key.column.name}"' for key in constraint.elements]
                joined = " AND ".join(f"{one} = {other}" for one, other in zip(own, there, strict=True))
                given = " AND ".join(f"{column} IS NOT NULL" for column in own)
                yield Invariant(
                    f"{name}.{'_'.join(constraint.column_keys)}",
                    f"表 {name} 指向的记录都在",
                    f'SELECT {own[0]} AS broken FROM "{name}" child WHERE {given} '  # noqa: S608 - names are ours
                    f'AND NOT EXISTS (SELECT FROM "{constraint.referred_table.name}" parent WHERE {joined})',
                )
            elif isinstance(constraint, CheckConstraint) and constraint.name:
                yield Invariant(
                    str(constraint.name),
                    f"表 {name} 的每一行符合约束",
                    f'SELECT 1 AS broken FROM "{name}" WHERE NOT ({_condition(constraint)})',  # noqa: S608 - ours
                )
        if "id" in table.c and table.c["id"].identity is not None:
            yield Invariant(
                f"{name}.next",
                f"表 {name} 的下一个编号没有用过",
                f'SELECT max(id) AS broken FROM "{name}" HAVING max(id) > (SELECT coalesce(last_value, 0) '  # noqa: S608
                f"FROM pg_sequences WHERE schemaname = 'public' AND sequencename = '{name}_id_seq')",
            )


def _condition(check: CheckConstraint) -> str:
    """The check as SQL, its values written out."""
    written = check.sqltext.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})  # type: ignore[no-untyped-call]
    return str(written).replace("%%", "%")


def every_invariant() -> tuple[Invariant, ...]:
    """All of them, those of the business first."""
    return (*BUSINESS, *STRUCTURE, *of_tables())
