"""Every column of bytes is declared: one that nobody thought of when it was made would stay under a key that is gone."""

from sqlalchemy import ARRAY, LargeBinary

from models.registry import metadata
from models.sealed import BY_OWN_KEY, BY_SERVICE_KEY, INDEXED, MARKED, PLAIN
from models.sealing import index_column


def bytes_columns() -> set[str]:
    return {
        f"{name}.{column.name}"
        for name, table in metadata.tables.items()
        for column in table.c
        if isinstance(column.type, LargeBinary)
        or (isinstance(column.type, ARRAY) and isinstance(column.type.item_type, LargeBinary))
    }


def test_each_is_one_thing_and_none_is_forgotten() -> None:
    declared = [
        *(f"{each.table}.{each.column}" for each in BY_SERVICE_KEY),
        *BY_OWN_KEY,
        *(f"{table}.{index_column(kind, slot)}" for table in INDEXED for kind in INDEXED[table] for slot in (1, 2)),
        *MARKED,
        *PLAIN,
    ]  # fmt: skip
    assert len(declared) == len(set(declared))
    assert set(declared) == bytes_columns()


def test_what_names_a_key_is_sealed_under_it_and_the_other_way_round() -> None:
    naming = {name for name, table in metadata.tables.items() if "master_key_id" in table.c}
    assert naming == {each.table for each in BY_SERVICE_KEY}
    for each in BY_SERVICE_KEY:
        assert [column.name for column in metadata.tables[each.table].primary_key] == [each.primary]


def test_own_keys_are_keys_that_the_services_key_seals() -> None:
    held = {each.table for each in BY_SERVICE_KEY if each.column == "sealed_key"}
    assert {key for keys in BY_OWN_KEY.values() for key in keys.split(", ")} <= held
