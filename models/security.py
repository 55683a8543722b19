"""Row security, declared: which rows of which table the service's role may see and write.

Regions are compared as ranges of twelve-digit numbers (`610728` is 610728000000 up to 610729000000), the caller's
scope is an `int8multirange` in the transaction's setting `app.regions`. Without a scope the setting is empty or
absent, `app_scope()` is NULL and no row is seen. A table that is neither here nor in `REFERENCE` fails a test.
"""

SERVICE_ROLE = "wengang_app"

FUNCTIONS = """
CREATE FUNCTION region_number(code text) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN rpad(code, 12, '0')::bigint;
CREATE FUNCTION app_scope() RETURNS int8multirange LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('app.regions', true), '')::int8multirange;
CREATE FUNCTION app_account() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('app.account', true), '')::bigint;
"""


def _in_scope(column: str) -> str:
    # The sub-select makes the scope a constant of the query instead of a call for each row.
    return f"region_number({column}) <@ (SELECT app_scope())"


def _of_parent(table: str, column: str) -> str:
    # The parent's own policy applies inside, so a child is seen just where its parent is.
    return f"EXISTS (SELECT 1 FROM {table} parent WHERE parent.id = {column})"


_OWN = "account_id = (SELECT app_account())"

REFERENCE = frozenset(
    {"region", "industry", "occupation", "occupation_alias", "pairing", "plan", "target", "stability_rule"}
)
"""Tables without personal data that every account may read and none may write through the service."""

SHARED = frozenset({"employer", "vacancy"})
"""Public advertisements and those who post them: read by all, written by the bureau that keeps them."""

BY_REGION: dict[str, str] = {
    "household": _in_scope("region"),
    "worker": _in_scope("region"),
    "hardship_period": _of_parent("household", "household_id"),
    "person_key": _of_parent("worker", "worker_id"),
    "worker_skill": _of_parent("worker", "worker_id"),
    "work_intention": _of_parent("worker", "worker_id"),
    "application": f"{_in_scope('worker_region')} OR {_in_scope('vacancy_region')}",
    "application_event": _of_parent("application", "application_id"),
    "employment_spell": f"{_in_scope('origin_region')} OR {_in_scope('region')}",
    "evidence": _of_parent("employment_spell", "spell_id"),
    "ranking": _OWN,
    "ranking_item": _in_scope("region"),
    "import": _in_scope("region"),
    "import_line": _of_parent('"import"', "import_id"),
    "account": "id = (SELECT app_account())",
    "account_binding": _OWN,
    "access_token": _OWN,
    "idempotency_key": _OWN,
}
"""The condition under which a row may be read, inserted or updated."""

KEPT_BY = _in_scope("kept_by")
AUDIT_READ = _in_scope("region")


def statements() -> list[str]:
    """All of it as SQL, for the migration that creates the tables."""
    made: list[str] = []
    for table in sorted(REFERENCE):
        made.append(f"GRANT SELECT ON {table} TO {SERVICE_ROLE}")
    for table, condition in BY_REGION.items():
        made += _secured(table)
        made.append(f'GRANT SELECT, INSERT, UPDATE ON "{table}" TO {SERVICE_ROLE}')
        made.append(
            f'CREATE POLICY by_region ON "{table}" TO {SERVICE_ROLE} USING ({condition}) WITH CHECK ({condition})'
        )
    for table in sorted(SHARED):
        made += _secured(table)
        made.append(f"GRANT SELECT, INSERT, UPDATE ON {table} TO {SERVICE_ROLE}")
        made.append(f"CREATE POLICY read_by_all ON {table} FOR SELECT TO {SERVICE_ROLE} USING (true)")
        made.append(f"CREATE POLICY kept ON {table} FOR INSERT TO {SERVICE_ROLE} WITH CHECK ({KEPT_BY})")
        made.append(
            f"CREATE POLICY edited ON {table} FOR UPDATE TO {SERVICE_ROLE} USING ({KEPT_BY}) WITH CHECK ({KEPT_BY})"
        )
    made += _secured("audit_event")
    made.append(f"GRANT SELECT, INSERT ON audit_event TO {SERVICE_ROLE}")
    made.append(f"CREATE POLICY written ON audit_event FOR INSERT TO {SERVICE_ROLE} WITH CHECK (true)")
    made.append(f"CREATE POLICY read_by_region ON audit_event FOR SELECT TO {SERVICE_ROLE} USING ({AUDIT_READ})")
    made += _secured("outbox_message")
    made.append(f"GRANT INSERT ON outbox_message TO {SERVICE_ROLE}")
    made.append(f"CREATE POLICY written ON outbox_message FOR INSERT TO {SERVICE_ROLE} WITH CHECK (true)")
    return made


def _secured(table: str) -> list[str]:
    return [f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY']
